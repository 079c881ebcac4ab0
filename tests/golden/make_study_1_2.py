"""Makes `study-1.2.h5`, a study of format 1.2: three visits, one of them registered to the baseline; the other failed;
landmarks, decisions, an undo and other rules of change.

It was run once, when the format was made, and is kept to show what is in the file. Every later version must read that
file as it is; it is never made anew.
"""

import hashlib
import sys
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from analysis.matching.match import Level, Ruling
from analysis.registration.result import Verdict
from tests.workstation.paired import landmark, record, true_warp
from tests.workstation.two_visits import three_visits
from workstation.edits import pairs
from workstation.entry import Action, Entry
from workstation.model.patch import apply
from workstation.storage.audit import genesis, row_of
from workstation.storage.content import content_of
from workstation.storage.writer import write_content
from workstation.writing import table_of_endpoints

IMAGE = bytes(range(256)) * 4
STEPS = (
    lambda study: pairs.add_registration(study, 1, 3, record(None, Verdict.FAILED, "zu wenige – 毛", reads=(1, 3))),
    lambda study: pairs.add_registration(study, 1, 2, record(None, Verdict.FAILED, "too few units")),
    lambda study: pairs.place_landmark(study, 2, *_places((100.25, 900.5))),
    lambda study: pairs.place_landmark(study, 2, *_places((500.0, 20.125))),
    lambda study: pairs.move_landmark(study, 2, 2, followup_px=(512.5, 13.25)),
    lambda study: pairs.add_registration(study, 1, 2, record(true_warp(), reason="27 of 30", n_landmarks=2)),
    lambda study: pairs.decide(study, 2, Ruling(Level.UNIT, 1010, 1011, same=False), "Zoë", 1, 2),
    lambda study: pairs.decide(study, 2, Ruling(Level.UNIT, 1010, None), "Zoë", 1, 2),
    lambda study: pairs.decide(study, 2, Ruling(Level.HAIR, 12, 12), "Ada", 1, 2),
    lambda study: pairs.set_change_rules(study, 0.625, 12.5),
    lambda study: pairs.withdraw(study, 2, [3]),
)


def _places(at):
    mark = landmark(1, 1, at)
    return mark.baseline_px, mark.followup_px


def main(path: Path) -> None:
    one = replace(three_visits(n=30, n_lost=3, n_new=4), id="5d0c7d1e-1111-4222-8333-944445555888")
    embedded = replace(one.images[3], embedded=True, sha256=hashlib.sha256(IMAGE).hexdigest())
    one = replace(one, images=MappingProxyType({**one.images, 3: embedded}))
    rows, previous = [], genesis(one.id)

    def commit(patch, action=Action.DO):
        nonlocal one, previous
        seq = len(rows) + 1
        entry = Entry(seq, f"2026-11-23T11:00:{seq:02}.000Z", "Zoë", action, patch, reason="golden")
        row, _ = row_of(entry, previous)
        one, previous = apply(one, patch), row.sha256
        rows.append(row)
        return patch

    *_, last = [commit(step(one)) for step in STEPS]
    commit(last.inverse(), Action.UNDO)
    content = content_of(one, rows, table_of_endpoints(one), saved_utc="2026-11-23T12:00:00Z")
    write_content(path, content, {3: IMAGE})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
