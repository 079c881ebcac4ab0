"""What kind of read a read is, where it is no usual one."""

from enum import StrEnum

from workstation.model.read import Read


class ReadKind(StrEnum):
    """See the module."""

    READ = "read"
    REPEAT = "hidden repeat"
    THIRD = "third read"
    AMENDMENT = "amendment"


def kind_of(read: Read) -> ReadKind:
    """What kind of read it is."""
    if read.amends is not None:
        return ReadKind.AMENDMENT
    if read.adjudicates is not None:
        return ReadKind.THIRD
    return ReadKind.REPEAT if read.repeat else ReadKind.READ
