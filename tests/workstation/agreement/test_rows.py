import json

import pytest

from tests.workstation.reader_study import read_trial
from workstation.agreement.comparing import agreement_of
from workstation.agreement.rows import AGREEMENT_COLUMNS, IMAGE_COLUMNS, agreement_rows, image_rows, whole
from workstation.cli.console import without_nan
from workstation.image_names import image_names


@pytest.fixture(scope="module")
def trial():
    study = read_trial(n_subjects=4, n_images=1, repeats=2)
    return study, agreement_of(study)


def test_rows_have_the_columns_that_are_described(trial):
    study, agreement = trial
    for columns, rows in (
        (AGREEMENT_COLUMNS, agreement_rows(agreement)),
        (IMAGE_COLUMNS, image_rows(agreement, image_names(study))),
    ):
        names = [name for name, _, _ in columns]
        assert len(set(names)) == len(names)
        assert all(list(row) == names for row in rows)


def test_a_row_says_what_the_result_does(trial):
    _, agreement = trial
    found = agreement.comparisons[0].outcomes[0]
    row = next(agreement_rows(agreement))
    assert (row["readers"], row["outcome"], row["images_n"]) == ("Ada; Bo", "hair_count", 4)
    assert (row["icc_value"], row["limits_upper_high"]) == (found.icc.value, found.limits.upper_high)
    assert row["spread_cv_percent"] == found.spread.cv_percent


def test_why_a_number_is_missing_stands_in_its_row(trial):
    rows = [row for row in agreement_rows(trial[1]) if row["readers"] == "Ada"]
    assert all(row["icc_value"] is None for row in rows)
    assert "At least 3 with a value of every reading are needed; there are only 2." in rows[0]["reasons"]


def test_images_of_repeats_stand_once(trial):
    study, agreement = trial
    rows = [row for row in image_rows(agreement, image_names(study)) if row["comparison"] == "the same reader twice"]
    assert [(row["readers"], row["image"]) for row in rows] == [
        ("Ada", "S01-0.png"), ("Ada", "S02-0.png"), ("Bo", "S01-0.png"), ("Bo", "S02-0.png"),
    ]  # fmt: skip


def test_the_whole_is_strict_json(trial):
    study, agreement = trial
    text = json.dumps(without_nan(whole(agreement, image_names(study))), allow_nan=False)
    first = json.loads(text)["comparisons"][0]
    assert (first["kind"], first["started"], first["readers"]) == ("two readers", "both blank", ["Ada", "Bo"])
    assert first["outcomes"][0]["outcome"] == {"name": "hair_count", "label": "hairs", "unit": ""}
    assert first["outcomes"][0]["points"][0]["image"] == "S01-0.png"
    assert first["objects"]["images"][0]["image"] == "S01-0.png"
