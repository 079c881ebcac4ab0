import json

import pytest

from tests.workstation.blinding.blinded_trial import READER, blinded_trial, worked_in
from workstation.cli.application import main
from workstation.storage.reader import read_study


def run(capsys, *words):
    status = main([str(word) for word in words])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_a_package_goes_out_and_comes_back(tmp_path, capsys):
    study, work = blinded_trial(tmp_path / "study"), tmp_path / "bob.h5"
    status, out, err = run(capsys, "package", study, "--reader", READER, "-o", work, "--repeats", "50%", "--site",
                           "vertex", "--site", "temple", "--json")  # fmt: skip
    assert status == 0
    told = json.loads(out)
    assert (told["pictures"], told["pairs"], told["repeats"], told["start"]) == (10, 5, 2, "detection")
    assert "Look at the pictures before you hand it over" in err
    worked_in(work, image_ids=[1, 2, 3])
    status, out, _ = run(capsys, "merge", study, work, "--json")
    assert status == 0
    told = json.loads(out)
    assert (told["reader"], told["changed"], len(told["reads"]), told["waiting"]) == (READER, True, 3, 7)
    status, out, _ = run(capsys, "merge", study, work)
    assert status == 0
    assert out.startswith("Nothing new: all that Bob Byrne submitted came in before.")
    assert sum(bool(read.package) for read in read_study(study).study.reads.values()) == 3


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--repeats", "many"], "'many' is no share of pairs"),
        (["--repeats", "101%"], "'101%' is no share of pairs"),
        (["--visit", "week 99"], "the study has no visit 'week 99'"),
        (["--image", "none.png"], "the study has no image 'none.png'"),
    ],
)
def test_a_wish_that_cannot_be_is_said_in_a_line(tmp_path, capsys, options, said):
    study = blinded_trial(tmp_path / "study")
    status, out, err = run(capsys, "package", study, "--reader", READER, "-o", tmp_path / "a.h5", *options)
    assert (status, out) == (1, "")
    assert said in err
    assert not (tmp_path / "a.h5").exists()


def test_a_file_that_is_no_work_file_is_refused(tmp_path, capsys):
    study = blinded_trial(tmp_path / "study")
    status, _, err = run(capsys, "merge", study, study)
    assert status == 1
    assert "this is no work file of a blinded reader" in err
