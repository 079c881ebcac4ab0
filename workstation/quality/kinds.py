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
    """What kind of read it is. A hidden repeat stays one, also where it came anew out of its work file."""
    if read.repeat:
        return ReadKind.REPEAT
    if read.amends is not None:
        return ReadKind.AMENDMENT
    return ReadKind.READ if read.adjudicates is None else ReadKind.THIRD
