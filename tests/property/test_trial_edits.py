"""Any edits of the trial, undone and done again in any order: what is recorded stays valid, the trail leads back."""

from dataclasses import replace
from types import MappingProxyType

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workstation.recorded_trial import GROWTH, ITCHING, WOULD, trial_study
from tests.workstation.small_study import make_image
from workstation import edits
from workstation.document import Document
from workstation.entry import Action
from workstation.errors import EditRefused
from workstation.history import History
from workstation.model.study import Subject, Visit
from workstation.model.trial import TrialPlan
from workstation.model.trial_validity import trial_problems
from workstation.storage.audit import genesis, row_of
from workstation.storage.rewinding import rewind

CODES = st.sampled_from(["S01", "S02", "S03", "S04"])
NUMBERS = st.integers(1, 7)
FORMS = st.sampled_from(["growth", "would_recommend", "itch"])
PRIMARY = st.sampled_from(["hair_density_per_cm2", "questionnaire_growth", "questionnaire_itch"])


def with_image(study, image_id, visit_id):
    added = study.images.get(image_id) or make_image(image_id, visit_id)
    grown = replace(study, images=MappingProxyType({**study.images, image_id: added}))
    return edits.add_to_study(study, grown)


STEPS = st.one_of(
    st.tuples(st.just(edits.add_subject), CODES.map(Subject)),
    st.tuples(st.just(edits.change_subject), st.builds(Subject, CODES, age=st.none() | st.floats(0, 120))),
    st.tuples(st.just(edits.remove_subject), CODES),
    st.tuples(
        st.just(edits.add_visit), st.builds(Visit, st.just(0), CODES, st.sampled_from("abc"), st.none() | NUMBERS)
    ),
    st.tuples(st.just(edits.change_visit), st.builds(Visit, NUMBERS, CODES, st.sampled_from("abc"))),
    st.tuples(st.just(edits.remove_visit), NUMBERS),
    st.tuples(st.just(with_image), NUMBERS, NUMBERS),
    st.tuples(st.just(edits.add_questionnaire), st.sampled_from([GROWTH, WOULD, replace(WOULD, id="itch")])),
    st.tuples(st.just(edits.remove_questionnaire), FORMS),
    st.tuples(st.just(edits.answer), NUMBERS, FORMS, st.dictionaries(st.sampled_from(["fuller", "friend"]), NUMBERS)),
    st.tuples(st.just(edits.add_event), CODES.map(lambda code: replace(ITCHING, subject=code))),
    st.tuples(st.just(edits.remove_event), NUMBERS),
    st.tuples(st.just(edits.set_plan), PRIMARY.map(lambda name: TrialPlan(primary_endpoint=name))),
    st.sampled_from([("undo",), ("redo",)]),
)
USERS = st.sampled_from(["Ada", "Ada", "Ada", "Bo"])


class Trail:
    """A journal that keeps the entries, and rows that follow on each other."""

    def __init__(self, study):
        self.entries, self.rows, self._head = [], [], genesis(study.id)

    def append(self, entry):
        row, _ = row_of(entry, self._head)
        self.entries.append(entry)
        self.rows.append(row)
        self._head = row.sha256


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(USERS, STEPS), max_size=25))
def test_what_is_recorded_stays_valid_and_its_trail_leads_back(steps):
    start = trial_study()
    trail, study, document = Trail(start), start, None
    for user, (step, *arguments) in steps:
        if document is None or document.user != user:  # another reader opens the study
            document = Document(study, trail, user, History.replay(trail.entries, user))
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
    assert all(entry.action in Action for entry in past.entries)
