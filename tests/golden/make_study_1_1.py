"""Makes `study-1.1.h5`, a study of format 1.1: images were added to it, a read was begun in it, and it is a
copy of another one.

It was run once, when the format was made, and is kept to show what is in the file. Every later version must read that
file as it is; it is never made anew.
"""

import hashlib
import sys
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from tests.workstation.storage.studies import study
from workstation.edits.images import add_to_study
from workstation.edits.reads import begin_read
from workstation.entry import Action, Entry
from workstation.model.patch import Change, Kind, Patch, apply
from workstation.model.study import Subject, Visit
from workstation.session import table_of_endpoints
from workstation.storage.audit import genesis, row_of
from workstation.storage.content import content_of
from workstation.storage.writer import write_content

IMAGE = bytes(range(256)) * 4


def main(path: Path) -> None:
    one = study(4, study_id="5d0c7d1e-1111-4222-8333-944445555777")
    record = replace(
        one.images[2], id=3, visit_id=3, path="a.images/Kopf 3.png", embedded=True,
        sha256=hashlib.sha256(IMAGE).hexdigest(),
    )  # fmt: skip
    after = replace(
        one,
        subjects=MappingProxyType({**one.subjects, "S02": Subject("S02", "m"), "S03": Subject("S03", "f", 41.0)}),
        visits=MappingProxyType({**one.visits, 3: Visit(3, "S03", "week 4", 4.0, "2026-03-03")}),
        images=MappingProxyType({**one.images, 3: record}),
    )
    old = one.reads[3].hairs[1]
    moved = [(i, one.images[i], replace(one.images[i], path=f"b.images/Kopf {i}.png")) for i in (1, 2)]
    patches = [
        Patch("comment on hair", 3, (Change(Kind.HAIR, 1, old, replace(old, comment="crosses hair 2")),)),
        add_to_study(one, after),
        begin_read(one, 2, 2, "Ada", "2026-02-03T11:00:03Z"),
        Patch("copy study", None, tuple(Change(Kind.IMAGE, i, before, now) for i, before, now in moved)),
    ]
    rows, previous = [], genesis(one.id)
    for seq, patch in enumerate(patches, start=1):
        entry = Entry(seq, f"2026-02-03T11:00:0{seq}.000Z", "Zoë", Action.DO, patch, reason="golden")
        row, _ = row_of(entry, previous)
        one, previous = apply(one, patch), row.sha256
        rows.append(row)
    content = content_of(one, rows, table_of_endpoints(one), saved_utc="2026-02-03T12:00:00Z")
    write_content(path, content, {3: IMAGE})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
