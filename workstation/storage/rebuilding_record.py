"""People, reading rules, remarks, settlements, signatures and packages from the columns of a study's file."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from workstation.model.package import Blinding, Package, PackageItem, Returned, Start
from workstation.model.people import Person, PublicKey, Role
from workstation.model.reading import ReadingRules, ReasonFor, Remark
from workstation.model.record_validity import record_problems
from workstation.model.settlement import About, Choice, Settlement
from workstation.model.signature import Meaning, Signature
from workstation.model.study import Study
from workstation.storage.rows import by_id, rows_of
from workstation.storage.tables import NO_ID, Columns

Groups = Mapping[str, Columns]


def with_record(study: Study, groups: Groups) -> Study:
    """A study with what a file's columns hold of its record.

    Args:
        study: the file's images and reads.
        groups: the file's tables; empty ones, of a file older than the record, give none.

    Raises:
        ValueError: if the columns contradict one another, or hold what the model does not allow.
    """
    found = replace(
        study,
        reading=_single([_rules(row) for row in rows_of(groups["reading_rules"])], "reading rules") or ReadingRules(),
        people=MappingProxyType(by_id(_people(groups), "person")),
        remarks=MappingProxyType(by_id((_remark(row) for row in rows_of(groups["remarks"])), "remark")),
        signatures=MappingProxyType(by_id((_signature(row) for row in rows_of(groups["signatures"])), "signature")),
        packages=MappingProxyType(by_id(_packages(groups), "package")),
        blinding=_single([_blinding(row) for row in rows_of(groups["blinding"])], "blinding"),
    )
    if problems := record_problems(found):
        raise ValueError(problems[0])
    return found


def settlements_by_read(columns: Columns) -> dict[int, dict[int, Settlement]]:
    """The settlements of each third read.

    Raises:
        ValueError: if one is there twice or is not of the right form.
    """
    found: dict[int, dict[int, Settlement]] = {}
    for row in rows_of(columns):
        id_, of_read = row["settlement_id"], found.setdefault(row["read_id"], {})
        if id_ in of_read:
            raise ValueError(f"settlement {id_} of read {row['read_id']} is there twice")
        first, second, result = (_ids(row[name]) for name in ("first_ids", "second_ids", "result_ids"))
        of_read[id_] = Settlement(id_, About(row["about"]), first, second, Choice(row["choice"]), result)
    return found


def _single(values: list[Any], what: str) -> Any:
    if len(values) > 1:
        raise ValueError(f"there are {len(values)} rows of {what}")
    return values[0] if values else None


def _ids(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split()))


def _known(id_: int) -> int | None:
    return None if id_ == NO_ID else id_


def _rules(row: dict[str, Any]) -> ReadingRules:
    return ReadingRules(row["adjudicate_above_percent"], ReasonFor(row["reasons"]))


def _people(groups: Groups) -> Iterator[Person]:
    keys: dict[str, list[PublicKey]] = {}
    for row in rows_of(groups["public_keys"]):
        key = PublicKey(row["public_key"], row["enrolled_utc"], row["withdrawn_utc"])
        keys.setdefault(row["person"], []).append(key)
    rows = list(rows_of(groups["people"]))
    if strange := keys.keys() - {row["person"] for row in rows}:
        raise ValueError(f"there is no person {min(strange)!r}")
    for row in rows:
        roles = tuple(map(Role, row["roles"].split("\n"))) if row["roles"] else ()
        yield Person(row["person"], roles, tuple(keys.get(row["person"], ())))


def _remark(row: dict[str, Any]) -> Remark:
    links = {"hair_id": _known(row["hair_id"]), "answers": _known(row["answers"])}
    return Remark(row.pop("remark_id"), **row | links)


def _signature(row: dict[str, Any]) -> Signature:
    return Signature(row.pop("signature_id"), **row | {"meaning": Meaning(row["meaning"])})


def _blinding(row: dict[str, Any]) -> Blinding:
    return Blinding(row["package_id"], row["reader"], Start(row["start"]))


def _packages(groups: Groups) -> Iterator[Package]:
    items: dict[str, list[PackageItem]] = {}
    for row in rows_of(groups["package_items"]):
        items.setdefault(row.pop("package_id"), []).append(PackageItem(**row))
    rows, text = list(rows_of(groups["packages"])), groups["package_text"].get("json")
    data, end = b"" if text is None else text.tobytes(), 0
    if strange := items.keys() - {row["package_id"] for row in rows}:
        raise ValueError(f"there is no package {min(strange)!r}")
    for row in rows:
        first, length, code = row["first_byte"], row["n_bytes"], row["package_id"]
        if first != end or length < 0:
            raise ValueError("the table of packages does not fit its text")
        end = first + length
        yield Package(
            id=code,
            reader=row["reader"],
            created_utc=row["created_utc"],
            created_by=row["created_by"],
            start=Start(row["start"]),
            study_id=row["work_study_id"],
            handed_sha256=row["handed_sha256"],
            items=tuple(items.get(code, ())),
            returned=_returned(row, data[first:end].decode()),
        )
    if end != len(data):
        raise ValueError("the table of packages does not fit its text")


def _returned(row: dict[str, Any], text: str) -> Returned | None:
    utc, revision, head = row["returned_utc"], row["returned_revision"], row["returned_head_sha256"]
    if (utc, revision, head, text) == ("", NO_ID, "", ""):
        return None
    return Returned(utc, revision, head, tuple(text.split("\n")[:-1]))
