"""Makes `study-1.3.h5`, a study of format 1.3: a trial with a plan, arms, two questionnaires, answers and adverse
events, visits and subjects that were added by hand and taken out again, and an undo.

It was run once, when the format was made, and is kept to show what is in the file. Every later version must read that
file as it is; it is never made anew.
"""

import hashlib
import sys
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from tests.workstation.small_study import worked_study
from workstation import edits
from workstation.edits import GivenAnswers
from workstation.entry import Action, Entry
from workstation.model.patch import apply
from workstation.model.study import Subject, Visit
from workstation.model.trial import (
    AdverseEvent,
    Item,
    PlannedVisit,
    Questionnaire,
    Relation,
    Scoring,
    Severity,
    TrialPlan,
)
from workstation.storage.audit import genesis, row_of
from workstation.storage.content import content_of
from workstation.storage.writer import write_content
from workstation.writing import table_of_endpoints

IMAGE = bytes(range(256)) * 4
GROWTH = Questionnaire(
    id="growth",
    title="Haarwuchs – 毛",
    items=(
        Item("fuller", "My hair looks fuller."), Item("shed-ding", "I lose hair.", reverse=True),
        Item("new", "New hair?"),
    ),
    scale=((1, "not at all"), (2, ""), (3, "somewhat"), (5, "very much")),
    intro='Think of the last two weeks;\n"honestly".',
    min_answered=0.625,
)  # fmt: skip
WOULD = Questionnaire(
    id="would",
    title="Would recommend",
    items=(Item("friend", "To a friend?"), Item("again", "Again?")),
    scale=((-1, "no"), (0, "perhaps"), (1, "yes")),
    higher_is_better=False,
    scoring=Scoring.SUM,
    min_answered=1.0,
    positive_from=-1.5,
)
PLAN = TrialPlan(
    "Serum, 12 weeks", (PlannedVisit(0.0, 0, 0), PlannedVisit(4.5), PlannedVisit(12.0, 2, 7)), "questionnaire_growth",
    12.0, control_arm="placebo",
)  # fmt: skip
RASH = AdverseEvent(0, "S02", "rash, é", Severity.MILD, Relation.PROBABLE, False, "2026-02-10", "2026-02-12", 'a\n"b"')
STEPS = (
    lambda study: edits.change_subject(study, Subject("S01", "female", 34.5, "Ludwig I", "serum")),
    lambda study: edits.add_subject(study, Subject("S02", "male", arm="placebo")),
    lambda study: edits.add_subject(study, Subject("S03")),
    lambda study: edits.add_visit(study, Visit(0, "S02", "baseline", 0.0, "2026-02-04")),
    lambda study: edits.add_visit(study, Visit(0, "S02", "week 4", 4.5)),
    lambda study: edits.add_visit(study, Visit(0, "S03", "baseline")),
    lambda study: edits.change_visit(study, replace(study.visits[4], date="2026-03-09")),
    lambda study: edits.add_questionnaire(study, GROWTH),
    lambda study: edits.add_questionnaire(study, WOULD),
    lambda study: edits.set_plan(study, PLAN, now_utc="2026-02-01T08:00:00Z"),
    lambda study: edits.enter_answers(
        study,
        [
            GivenAnswers(1, "growth", {"fuller": 1, "shed-ding": 5, "new": 2}),
            GivenAnswers(3, "growth", {"fuller": 2, "shed-ding": 3}),
            GivenAnswers(2, "growth", {"new": 3}),
            GivenAnswers(4, "would", {"friend": -1, "again": 0}),
        ],
    ),
    lambda study: edits.answer(study, 2, "growth", {"fuller": 5, "shed-ding": 1, "new": 3}),
    lambda study: edits.answer(study, 4, "would", {}),
    lambda study: edits.answer(study, 2, "would", {"friend": -1, "again": -1}),
    lambda study: edits.add_event(study, RASH),
    lambda study: edits.add_event(study, replace(RASH, subject="S01", term="fall", relation=Relation.NOT_RELATED)),
    lambda study: edits.change_event(
        study, replace(study.events[2], severity=Severity.SEVERE, serious=True, end_date="")
    ),
    lambda study: edits.remove_visit(study, 5),
    lambda study: edits.remove_subject(study, "S03"),
)  # fmt: skip


def main(path: Path) -> None:
    one = replace(worked_study(), id="5d0c7d1e-1111-4222-8333-944445555999")
    embedded = replace(one.images[1], embedded=True, sha256=hashlib.sha256(IMAGE).hexdigest())
    one = replace(one, images=MappingProxyType({**one.images, 1: embedded}))
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
    write_content(path, content, {1: IMAGE})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
