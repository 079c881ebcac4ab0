"""People, reading rules, remarks, settlements, signatures, packages as plain JSON values and back; part of `codec`."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from workstation.model.creation import Creation
from workstation.model.package import Blinding, Package, PackageItem, Returned, Start
from workstation.model.patch import Kind
from workstation.model.people import Person, PublicKey, Role
from workstation.model.reading import ReadingRules, ReasonFor, Remark
from workstation.model.settlement import About, Choice, Settlement
from workstation.model.signature import Meaning, Signature

Plain = dict[str, Any]
RecordValue = Person | ReadingRules | Remark | Settlement | Signature | Package | Creation


def plain_record(value: RecordValue) -> Plain:
    """A value of the record as plain JSON values, every field under its own name."""
    match value:
        case Person():
            roles, keys = [role.value for role in value.roles], [plain_fields(key) for key in value.keys]
            return {"name": value.name, "roles": roles, "keys": keys}
        case Package():
            returned = None if value.returned is None else plain_fields(value.returned)
            return plain_fields(value) | {"items": [plain_fields(item) for item in value.items], "returned": returned}
        case _:
            return plain_fields(value)


def plain_fields(value: RecordValue | PackageItem | PublicKey | Returned | Blinding) -> Plain:
    """The fields of a value, none of which is a value with fields of its own."""
    found: Plain = {}
    for name in value.__dataclass_fields__:
        item = getattr(value, name)
        found[name] = item.value if isinstance(item, Enum) else list(item) if isinstance(item, tuple) else item
    return found


def settlement_from_plain(value: Plain) -> Settlement:
    """A settlement from its plain values."""
    ids = {name: tuple(value[name]) for name in ("first_ids", "second_ids", "result_ids")}
    return Settlement(**value | ids | {"about": About(value["about"]), "choice": Choice(value["choice"])})


def _person(value: Plain) -> Person:
    return Person(value["name"], tuple(map(Role, value["roles"])), tuple(PublicKey(**key) for key in value["keys"]))


def _package(value: Plain) -> Package:
    returned = value["returned"]
    return Package(
        **value | {
            "start": Start(value["start"]),
            "items": tuple(PackageItem(**item) for item in value["items"]),
            "returned": None if returned is None else Returned(**returned | {"rows": tuple(returned["rows"])}),
        }
    )  # fmt: skip


RECORD_FROM_PLAIN: Mapping[Kind, Callable[[Plain], RecordValue]] = {
    Kind.SETTLEMENT: settlement_from_plain,
    Kind.PERSON: _person,
    Kind.READING: lambda value: ReadingRules(**value | {"reasons": ReasonFor(value["reasons"])}),
    Kind.REMARK: lambda value: Remark(**value),
    Kind.SIGNATURE: lambda value: Signature(**value | {"meaning": Meaning(value["meaning"])}),
    Kind.PACKAGE: _package,
    Kind.STUDY: lambda value: Creation(**value),
}
"""What makes each kind of value from its plain values; they raise ValueError, KeyError or TypeError where it cannot."""
