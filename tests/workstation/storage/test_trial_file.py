"""The trial in the study file: written, read back, refused where it makes no sense, readable by others."""

import math
from dataclasses import replace
from types import MappingProxyType

import h5py
import numpy as np
import pytest

from tests.workstation.recorded_trial import GROWTH, HOSPITAL, PLAN, RESPONSES, WOULD, by_id, trial_study
from tests.workstation.storage.forging import resealed
from tests.workstation.storage.studies import same
from workstation.errors import UserFacingError
from workstation.model.study import Study
from workstation.model.trial import TrialPlan
from workstation.session import create_study, open_study
from workstation.storage.content import content_of
from workstation.storage.reader import read_study
from workstation.storage.verify import Check, verify
from workstation.storage.writer import write_content


@pytest.fixture(scope="module")
def study():
    return trial_study()


@pytest.fixture(scope="module")
def content(study):
    return content_of(study, [], [])


@pytest.fixture
def path(tmp_path, content):
    write_content(tmp_path / "trial.h5", content, {})
    return tmp_path / "trial.h5"


def test_a_trial_comes_back_equal(study, path):
    found = read_study(path).study
    assert same(found, study)
    assert found.plan.visits[2].late_days == 7
    assert found.questionnaires["growth"].positive_from is None
    assert list(found.questionnaires["growth"].items) == list(GROWTH.items)
    assert dict(found.responses[2].answers) == {"fuller": 4, "shedding": 2, "thicker": 3, "pleased": 5}
    assert type(found.responses[2].answers["fuller"]) is int
    assert found.events[3] == HOSPITAL


def test_a_study_without_a_trial_comes_back_equal(tmp_path):
    empty = Study("6d1d9b3e-3f6e-4c3a-9a39-0a6b1f9f2f12", "2026-01-02T03:04:05Z")
    create_study(tmp_path / "empty.h5", empty, user="Ada")
    assert same(read_study(tmp_path / "empty.h5").study, empty)
    assert read_study(tmp_path / "empty.h5").study.plan == TrialPlan()


def test_the_order_in_memory_is_no_matter(study, content):
    turned = replace(
        study,
        questionnaires=by_id([WOULD, GROWTH]),
        responses=by_id(
            replace(r, answers=MappingProxyType(dict(reversed(r.answers.items())))) for r in reversed(RESPONSES)
        ),
        events=by_id(reversed(study.events.values())),
        subjects=by_id(reversed(study.subjects.values())),
    )
    assert content_of(turned, [], []).state == content.state


TURNED = replace(GROWTH, items=(replace(GROWTH.items[0], reverse=True), *GROWTH.items[1:]))
OTHERS = {
    "title": {"plan": replace(PLAN, title="Serum")},
    "window": {"plan": replace(PLAN, visits=PLAN.visits[:2])},
    "moment": {"plan": replace(PLAN, named_utc="2026-01-02T03:04:06Z")},
    "control site": {"plan": replace(PLAN, control_arm="", control_site="temple")},
    "label": {"questionnaires": by_id([GROWTH, replace(WOULD, scale=((-1, "no"), (0, "?"), (1, "yes")))])},
    "reverse": {"questionnaires": by_id([TURNED, WOULD])},
    "answer": {"responses": by_id([*RESPONSES[:3], replace(RESPONSES[3], answers={"friend": 1, "again": 1})])},
    "event": {"events": by_id([HOSPITAL])},
    "serious": {"events": by_id([trial_study().events[2], replace(HOSPITAL, serious=False)])},
    "arm": {"subjects": by_id(replace(s, arm=s.arm.upper()) for s in trial_study().subjects.values())},
}  # fmt: skip


@pytest.mark.parametrize("changed", OTHERS.values(), ids=OTHERS)
def test_whatever_changes_in_the_trial_is_another_state(study, content, changed):
    assert content_of(replace(study, **changed), [], []).state.digest != content.state.digest


def test_answers_and_scores_can_be_read_by_others(path):
    with h5py.File(path) as file:
        answers = {name: column[:].tolist() for name, column in file["answers"].items()}
        scores = {name: column[:].tolist() for name, column in file["scores"].items()}
    assert list(zip(*answers.values(), strict=True))[5:7] == [
        (2, b"S01", 2, b"week 12", b"growth", b"fuller", 4), (2, b"S01", 2, b"week 12", b"growth", b"shedding", 2),
    ]  # fmt: skip
    assert scores["response_id"] == [1, 2, 4, 7]
    assert scores["n_answered"] == [5, 4, 2, 2]
    assert scores["score"][:2] == [pytest.approx((2 + 2 + 1 + 2 + 1) / 5), pytest.approx((4 + 4 + 3 + 5) / 4)]
    assert math.isnan(scores["score"][2])
    assert scores["score"][3] == 1
    assert scores["week"] == [0, 12, 0, 12]


def test_the_documented_lines_do_what_they_say(path, repository, capsys):
    text = (repository / "docs" / "file-format.md").read_text(encoding="utf-8").replace("study.h5", path.as_posix())
    first, *_, last = (block.split("```")[0] for block in text.split("```python\n")[1:])
    names = {}
    exec(first.splitlines()[0] + "\n" + first.splitlines()[1] + "\n" + last, names)
    assert len(names["scores"]) == 4
    said = capsys.readouterr().out
    assert "itching, scalp  moderate    1" in said


NONSENSE = [
    ("visits", "week", 1, np.inf, "visit 2 is of no week that there can be"),
    ("visits", "week", 1, 3000.0, "visit 2 is of no week that there can be"),
    ("plan", "primary_week", 0, np.nan, "the primary week is not after the baseline"),
    ("subjects", "age", 0, np.inf, "the age of subject .* is not from 0 to 120 years"),
    ("subjects", "age", 0, -5.0, "the age of subject .* is not from 0 to 120 years"),
    ("plan", "primary_week", 0, -3.0, "the primary week is not after the baseline"),
    ("plan", "primary_endpoint", 0, b"", "the plan has no primary endpoint"),
    ("plan", "primary_endpoint", 0, b"questionnaire_itch", "the questionnaire 'itch', which is not in the study"),
    ("planned_visits", "week", 1, np.inf, "a planned week is not from"),
    ("planned_visits", "week", 1, 12.0, "not in the order of their weeks"),
    ("planned_visits", "early_days", 1, -1, "a visit's window is not from 0 to 365 days"),
    ("questionnaires", "questionnaire_id", 1, b"growth", "questionnaire growth is there twice"),
    ("questionnaires", "questionnaire_id", 1, b"would", "there is no questionnaire 'would_recommend'"),
    ("questionnaires", "scoring", 0, b"best", "'best' is not a valid Scoring"),
    ("questionnaires", "min_answered", 0, 0.0, "the least share of answers"),
    ("questionnaires", "min_answered", 0, np.nan, "the least share of answers"),
    ("questionnaires", "positive_from", 1, np.inf, "counts a score of inf as a yes"),
    ("questionnaire_items", "item", 1, b"fuller", "more than one item 'fuller'"),
    ("questionnaire_items", "item", 1, b"value", "the name of another column"),
    ("questionnaire_items", "questionnaire_id", 0, b"itch", "there is no questionnaire 'itch'"),
    ("questionnaire_scale", "value", 0, 2, "does not ascend"),
    ("questionnaire_scale", "value", 0, -(2**40), "no whole number from"),
    ("answers", "response_id", 0, 2, "response 2 is of two visits or questionnaires"),
    ("answers", "response_id", 0, 0, "a response has the number 0"),
    ("answers", "item", 1, b"fuller", "response 1 answers 'fuller' twice"),
    ("answers", "item", 1, b"nose", "response 1 answers 'nose', which is no item of 'growth'"),
    ("answers", "value", 1, 6, "response 1 answers 'shedding' with 6, which is not on the scale"),
    ("answers", "visit_id", slice(0, 5), 2, "the questionnaire 'growth' was answered 2 times at visit 2"),
    ("answers", "visit_id", slice(0, 5), 9, "response 1 is of visit 9, which does not exist"),
    ("answers", "questionnaire_id", slice(0, 5), b"itch", "the questionnaire 'itch', which does not exist"),
    ("adverse_events", "event_id", 1, 2, "adverse event 2 is there twice"),
    ("adverse_events", "subject", 0, b"S09", "adverse event 2 is of subject 'S09', who does not exist"),
    ("adverse_events", "term", 0, b" ", "adverse event 2 has no term"),
    ("adverse_events", "severity", 0, b"awful", "'awful' is not a valid Severity"),
    ("adverse_events", "relation", 0, b"perhaps", "'perhaps' is not a valid Relation"),
    ("adverse_events", "start_date", 0, b"2026-02-30", "a date of adverse event 2 is not a day"),
    ("adverse_events", "end_date", 0, b"2026-01-31", "adverse event 2 ends before it starts"),
]  # fmt: skip


@pytest.mark.parametrize(("group", "column", "row", "value", "said"), NONSENSE)
def test_well_sealed_nonsense_is_refused(tmp_path, content, group, column, row, value, said):
    columns = dict(content.groups[group])
    array = columns[column]
    wide = array.astype("S40") if array.dtype.kind == "S" else array.copy()
    wide[row] = value
    columns[column] = wide
    forged = resealed(type(content)(content.attributes, {**content.groups, group: columns}))
    write_content(tmp_path / "a.h5", forged, {})
    with pytest.raises(UserFacingError, match=f"its content makes no sense: .*{said}"):
        read_study(tmp_path / "a.h5")


@pytest.mark.parametrize(("group", "n", "said"), [("plan", 2, "there are 2 plans"), ("plan", 0, "there are 0 plans")])
def test_a_study_has_one_plan(tmp_path, content, group, n, said):
    columns = {name: np.repeat(array, n) for name, array in content.groups[group].items()}
    forged = resealed(type(content)(content.attributes, {**content.groups, group: columns}))
    write_content(tmp_path / "a.h5", forged, {})
    with pytest.raises(UserFacingError, match=said):
        read_study(tmp_path / "a.h5")


def test_a_scale_without_a_questionnaire_is_refused(tmp_path, content):
    groups = {**content.groups}
    for name in ("questionnaires", "answers"):
        groups[name] = {column: array[:0] for column, array in content.groups[name].items()}
    write_content(tmp_path / "a.h5", resealed(type(content)(content.attributes, groups)), {})
    with pytest.raises(UserFacingError, match="its content makes no sense: there is no questionnaire 'growth'"):
        read_study(tmp_path / "a.h5")


def test_a_whole_file_passes_and_is_edited(path):
    found = verify(path)
    assert [f for f in found if not f.holds and f.check is not Check.IMAGES] == []
    (values,) = [f.message for f in found if f.check is Check.VALUES]
    assert values == "0 reads with 0 hairs, 4 filled-in questionnaires and 2 adverse events are valid."
    with open_study(path, "Zoë") as session:
        assert session.read_only_because is None
