"""Makes `study-1.0.h5`, a study of format 1.0 with an embedded image and an audit trail.

It was run once, when the format was released, and is kept to show what is in the file. Every later version must read
that file as it is; it is never made anew.
"""

import hashlib
import sys
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from tests.workstation.storage.studies import study
from workstation.entry import Action, Entry, Selection
from workstation.model.patch import Change, Kind, Patch, apply
from workstation.session import table_of_endpoints
from workstation.storage.audit import genesis, row_of
from workstation.storage.content import content_of
from workstation.storage.writer import write_content

IMAGE = bytes(range(256)) * 4


def main(path: Path) -> None:
    one = study(4, study_id="5d0c7d1e-1111-4222-8333-944445555666")
    record = replace(one.images[1], embedded=True, sha256=hashlib.sha256(IMAGE).hexdigest())
    one = replace(one, images=MappingProxyType({**one.images, 1: record}))
    rows, previous = [], genesis(one.id)
    for seq, text in enumerate(("crosses its neighbour", "crosses hair 2"), start=1):
        old = one.reads[3].hairs[1]
        patch = Patch("comment on hair", 3, (Change(Kind.HAIR, 1, old, replace(old, comment=text)),))
        selection = Selection(3, frozenset({1}))
        entry = Entry(seq, f"2026-02-03T11:00:0{seq}.000Z", "Zoë", Action.DO, patch, selection, selection, "unclear")
        row, _ = row_of(entry, previous)
        one, previous = apply(one, patch), row.sha256
        rows.append(row)
    content = content_of(one, rows, table_of_endpoints(one), saved_utc="2026-02-03T12:00:00Z")
    write_content(path, content, {1: IMAGE})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
