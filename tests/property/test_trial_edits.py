"""Any edits of the trial, undone and done again in any order: what is recorded stays valid, the trail leads back."""

import random
from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.workstation.recorded_trial import ITCHING, WOULD, trial_study
from tests.workstation.small_study import make_image
from workstation import edits
from workstation.document import Document
from workstation.errors import EditRefused
from workstation.history import History
from workstation.model.study import Subject, Visit
from workstation.model.trial import TrialPlan
from workstation.model.trial_validity import trial_problems
from workstation.storage.audit import genesis, row_of
from workstation.storage.rewinding import rewind


def with_image(study, image_id, visit_id):
    added = study.images.get(image_id) or make_image(image_id, visit_id)
    grown = replace(study, images=MappingProxyType({**study.images, image_id: added}))
    return edits.add_to_study(study, grown)


def random_step(rng, study):
    """An edit and its arguments: mostly of few subjects and visits, so that things come to rest on each other."""
    code, number = rng.choice(["S03", "S04"]), rng.randint(3, 7)
    form, name = rng.choice(["growth", "itch"]), rng.choice("ab")
    return rng.choice([
        (edits.add_subject, Subject(code)),
        (edits.change_subject, Subject(code, age=rng.choice([None, 30.0, 40.0]))),
        (edits.remove_subject, code),
        (edits.add_visit, Visit(0, code, name)),
        (edits.change_visit, Visit(number, code, name, rng.choice([None, 4.0, 12.0]))),
        (edits.remove_visit, number),
        (with_image, rng.randint(2, 5), number),
        (edits.add_questionnaire, replace(WOULD, id="itch")),
        (edits.remove_questionnaire, form),
        (edits.answer, number, form, rng.choice([{}, {"fuller": 3}, {"friend": 1}])),
        (edits.add_event, replace(ITCHING, subject=code)),
        (edits.remove_event, rng.randint(1, 4)),
        (edits.set_plan, TrialPlan(primary_endpoint=rng.choice(["hairs_per_fu", "questionnaire_itch"]))),
        ("undo",), ("undo",), ("undo",), ("redo",), ("redo",), ("redo",),
    ])  # fmt: skip


class Trail:
    """A journal that keeps the entries, and rows that follow on each other."""

    def __init__(self, study):
        self.entries, self.rows, self._head = [], [], genesis(study.id)

    def append(self, entry):
        row, _ = row_of(entry, self._head)
        self.entries.append(entry)
        self.rows.append(row)
        self._head = row.sha256


@pytest.mark.parametrize("seed", range(60))
def test_what_is_recorded_stays_valid_and_its_trail_leads_back(seed):
    rng = random.Random(seed)
    start = trial_study(events=MappingProxyType({}), responses=MappingProxyType({}))
    trail, study, document = Trail(start), start, None
    for _ in range(60):
        user = rng.choice(["Ada", "Ada", "Ada", "Ada", "Bo"])
        if document is None or document.user != user:  # another reader opens the study
            document = Document(study, trail, user, History.replay(trail.entries, user))
        step, *arguments = random_step(rng, study)
        try:
            if step in ("undo", "redo"):
                getattr(document, step)()
            else:
                document.apply(step(study, *arguments))
        except EditRefused:
            assert document.study is study
        study = document.study
        assert trial_problems(study) == []
        assert {visit.subject for visit in study.visits.values()} <= study.subjects.keys()
        assert {image.visit_id for image in study.images.values()} <= study.visits.keys()
        replayed = History.replay(trail.entries, user)
        assert (replayed.done, replayed.undone) == (document.history.done, document.history.undone)
    past = rewind(study, trail.rows)
    assert past.problem == ""
    assert [entry.patch for entry in past.entries] == [entry.patch for entry in trail.entries]
