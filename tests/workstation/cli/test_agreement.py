import re

import pytest

from tests.workstation.reader_study import blank, read_trial, study_of
from workstation.session import create_study


@pytest.fixture
def read_file(tmp_path):
    path = tmp_path / "trial.h5"
    create_study(path, read_trial(), user="Ada")
    return path


def test_a_table_for_each_comparison(run, read_file):
    status, out, err = run("agreement", read_file)
    assert status == 0
    titles = [line for line in out.splitlines() if "·" in line]
    assert titles == [
        "Ada and Bo · both blank · 16 images of 8 subjects",
        "all readers, twice · both blank · 10 images of 3 subjects",
        "Ada, twice · both blank · 5 images of 3 subjects",
        "Bo, twice · both blank · 5 images of 3 subjects",
    ]
    (row,) = [line for line in out[: out.index("all readers")].splitlines() if line.strip().startswith("hairs per cm²")]
    cells = re.split(r"  +", row.strip())
    assert cells[1] == "16"
    assert re.fullmatch(r"0\.\d{3} \(0\.\d{3} to 0\.\d{3}\)", cells[2])
    assert "Hairs, F1 0.9" in out
    assert "Class kappa, weighted 0." in out
    assert "note: The unit is the image" in err


def test_a_narrow_terminal_gets_fewer_columns(run, read_file, monkeypatch):
    monkeypatch.setattr("workstation.cli.console.output.width", 110)
    out = run("agreement", read_file)[1]
    assert max(len(line) for line in out.splitlines() if line.startswith(" ")) <= 110
    assert "drift" not in out
    assert "repeatability" in out


def test_every_endpoint_on_request(run, read_file):
    assert "vellus hairs" not in run("agreement", read_file)[1]
    assert "vellus hairs" in run("agreement", read_file, "--all-endpoints")[1]


def test_json(run_json, read_file):
    found = run_json("agreement", read_file)
    assert [c["n_images"] for c in found["comparisons"]] == [16, 10, 5, 5]
    assert found["comparisons"][0]["objects"]["hair_f1"]["value"] > 0.9


def test_without_a_second_reader_it_says_what_to_do(run, tmp_path, run_json):
    path = tmp_path / "one.h5"
    create_study(path, study_of([blank(1, 1, 5, "Ada")], 1), user="Ada")
    status, _, err = run("agreement", path)
    assert status == 1
    assert "No image has finished reads by two readers" in err
    assert "trichodesk package" in err
    assert run_json("agreement", path)["comparisons"] == []
