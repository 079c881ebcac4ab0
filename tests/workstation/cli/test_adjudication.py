import pytest

from tests.workstation.small_study import make_hair
from tests.workstation.two_reads import line, two_reads
from workstation.session import create_study


@pytest.fixture
def two_readers(tmp_path):
    """Ada has three hairs, Bo two of them."""
    hairs = [make_hair(k, 90 + k, line(100 * k, 100)) for k in (1, 2, 3)]
    path = tmp_path / "two.h5"
    create_study(path, two_reads(hairs, hairs[:2]), user="Ada")
    return path


def test_what_needs_a_third_read(two_readers, run):
    status, out, err = run("adjudication", two_readers)
    assert status == 0
    assert "scalp.png" in out
    assert "Ada (read 1), Bo (read 2)" in out
    assert "3/2" in out
    assert "1 image needs a third read: counts more than 10 % apart." in err


def test_each_difference_of_an_image(two_readers, run):
    _, out, _ = run("adjudication", two_readers, "--image", "scalp")
    assert "Ada and Bo: only in the first 1" in out
    assert "300.0,   100.0 px  Hair only of Ada: Ada: hair 3, 50 µm; Bo: no hair" in out


def test_as_json(two_readers, run_json):
    (found,) = run_json("adjudication", two_readers, "--image", "scalp.png")
    assert (found["hairs"], found["needs_third_read"], found["third_read_id"]) == ([3, 2], True, None)
    assert found["differences"]["only in the first"] == 1
    assert found["each"][0]["first_ids"] == [3]
    assert found["f1"] == pytest.approx(0.8)


def test_an_image_that_is_not_there(two_readers, run):
    status, _, err = run("adjudication", two_readers, "--image", "other")
    assert status == 1
    assert "this study has no image other" in err


def test_nothing_to_settle(study, run):
    status, out, err = run("adjudication", study)
    assert (status, out) == (0, "")
    assert err.strip() == "no image needs a third read (the study's limit: counts 10 % apart)."
    assert run("adjudication", study, "--json")[1].strip() == "[]"
