"""Commands in a study that asks for reasons."""

import pytest

from tests.workstation.small_study import make_image, make_study
from workstation import edits
from workstation.model.reading import ReasonFor
from workstation.session import create_study, open_study


@pytest.fixture
def study(tmp_path):
    path = tmp_path / "trial.h5"
    create_study(path, make_study([], [make_image()]), user="Ada")
    with open_study(path, "Ada") as session:
        session.document.apply(edits.set_reading_rules(session.study, 10.0, ReasonFor.ALWAYS))
        session.save()
    return path


def test_a_change_without_a_reason_is_refused_and_made_with_one(run, run_json, study):
    change = ("people", study, "--change", "Cy", "--role", "QA reviewer")
    assert run("people", study, "--add", "Cy", "--role", "assessor")[0] == 0  # what is new speaks for itself
    status, _, err = run(*change)
    assert (status, "reason is needed" in err) == (1, True)
    assert run(*change, "--reason", "trained on 3 March")[0] == 0
    row = run_json("audit", study, "--kind", "people")["rows"][-1]
    assert (row["reason"], row["changes"]) == ("trained on 3 March", "person Cy, roles: assessor → QA reviewer")
