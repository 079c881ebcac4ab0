"""People, reading rules, remarks, settlements, signatures and packages as columns."""

import numpy as np

from workstation.model.package import Package
from workstation.model.study import Study
from workstation.storage.record_schema import (
    BLINDING,
    PACKAGE_ITEMS,
    PACKAGE_TEXT,
    PACKAGES,
    PEOPLE,
    PUBLIC_KEYS,
    READING_RULES,
    REMARKS,
    SETTLEMENTS,
    SIGNATURES,
)
from workstation.storage.tables import NO_ID, Columns, Group, starts_of, table

Rows = list[tuple[object, ...]]


def record_columns(study: Study) -> dict[str, Columns]:
    """The groups that hold the record, in the order of names and ids, so that equal studies give equal columns."""
    people = [person for _, person in sorted(study.people.items())]
    packages = [package for _, package in sorted(study.packages.items())]
    reads = [study.reads[i] for i in sorted(study.reads)]
    remarks = [study.remarks[i] for i in sorted(study.remarks)]
    signatures = [study.signatures[i] for i in sorted(study.signatures)]
    blinding = [] if study.blinding is None else [study.blinding]
    texts = [_text_of(package) for package in packages]
    tables: list[tuple[Group, Rows]] = [
        (PEOPLE, [(p.name, "\n".join(role.value for role in p.roles)) for p in people]),
        (PUBLIC_KEYS, [(p.name, k.key, k.enrolled_utc, k.withdrawn_utc) for p in people for k in p.keys]),
        (READING_RULES, [(study.reading.adjudicate_above_percent, study.reading.reasons.value)]),
        (REMARKS, [
            (
                r.id, r.read_id, r.author, r.created_utc, r.text, _id(r.hair_id), _id(r.answers), r.done_by, r.done_utc
            )
            for r in remarks
        ]),
        (SETTLEMENTS, [
            (
                read.id, s.id, s.about.value, s.choice.value, _ids(s.first_ids), _ids(s.second_ids), _ids(s.result_ids)
            )
            for read in reads for _, s in sorted(read.settlements.items())
        ]),
        (SIGNATURES, [
            (
                s.id, s.read_id, s.signer, s.meaning.value, s.signed_utc, s.image_sha256, s.annotation_sha256,
                s.chain_sha256, s.public_key, s.signature,
            )
            for s in signatures
        ]),
        (PACKAGES, _packages(packages, [len(text) for text in texts])),
        (PACKAGE_ITEMS, [
            (p.id, i.code, i.place, i.image_id, i.package_image_id, i.sha256, i.repeat)
            for p in packages for i in p.items
        ]),
        (BLINDING, [(b.package_id, b.reader, b.start.value) for b in blinding]),
    ]  # fmt: skip
    found: dict[str, Columns] = {group.name: table(group.columns, rows) for group, rows in tables}
    return found | {PACKAGE_TEXT.name: {"json": np.frombuffer(b"".join(texts), dtype=np.uint8)}}


def _packages(packages: list[Package], lengths: list[int]) -> Rows:
    rows: Rows = []
    for p, first, length in zip(packages, starts_of(lengths), lengths, strict=True):
        back = ("", NO_ID, "") if p.returned is None else (p.returned.utc, p.returned.revision, p.returned.head_sha256)
        handed = (p.id, p.reader, p.created_utc, p.created_by, p.start.value, p.study_id, p.handed_sha256)
        rows.append((*handed, *back, first, length))
    return rows


def _text_of(package: Package) -> bytes:
    return b"" if package.returned is None else "".join(f"{row}\n" for row in package.returned.rows).encode()


def _id(value: int | None) -> int:
    return NO_ID if value is None else value


def _ids(values: tuple[int, ...]) -> str:
    return " ".join(map(str, values))
