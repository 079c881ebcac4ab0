from concurrent.futures import BrokenExecutor
from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from tests.workstation.two_visits import places_of_units, three_visits, two_visits
from workstation.cli import match
from workstation.model.study import Visit
from workstation.session import create_study, open_study


@pytest.fixture
def study_file(tmp_path):
    """Makes a study file."""

    def make(study):
        create_study(tmp_path / "trial.h5", study, user="Ada")
        return tmp_path / "trial.h5"

    return make


def test_a_pair_is_registered_and_matched(study_file, run_json):
    path = study_file(two_visits(n=90, n_lost=4, n_new=6))
    (pair,) = run_json("match", path)
    assert (pair["baseline_image"], pair["followup_image"]) == ("first.png", "later.png")
    assert pair["verdict"] == "good"
    assert pair["residual_um"] < 5
    assert pair["overlap"] > 0.85
    assert (pair["units"]["kept"], pair["units"]["lost"], pair["units"]["new"]) == (86, 4, 6)
    assert (pair["hairs"]["kept"], pair["hairs"]["lost"], pair["hairs"]["new"]) == (86, 4, 6)


def test_what_was_registered_is_kept(study_file, run, run_json):
    path = study_file(two_visits())
    run_json("match", path)
    with open_study(path, "Ada", read_only=True) as session:
        first = session.study.pairs[1].registration
        revision = session.document.history.last_seq
    status, out, err = run("match", path)
    assert status == 0
    assert "good" in out
    assert "1 pair matched" in err
    with open_study(path, "Ada", read_only=True) as session:
        assert session.study.pairs[1].registration == first
        assert session.document.history.last_seq == revision
    run_json("match", path, "--again")
    with open_study(path, "Ada", read_only=True) as session:
        assert session.study.pairs[1].registration.result == first.result
        assert session.document.history.last_seq == revision + 1


def test_each_visit_goes_with_the_first_and_with_the_one_before(study_file, run_json):
    found = run_json("match", study_file(three_visits()))
    pairs = [(one["baseline_image"], one["followup_image"]) for one in found]
    assert pairs == [("first.png", "between.png"), ("first.png", "later.png"), ("between.png", "later.png")]
    assert found[0]["units"] == {"kept": 90, "lost": 0, "new": 0, "uncertain": 0}


@pytest.mark.slow
def test_several_at_once_find_the_same(tmp_path, run_json):
    for name in ("one.h5", "two.h5"):
        create_study(tmp_path / name, three_visits(), user="Ada")
    assert run_json("match", tmp_path / "one.h5") == run_json("match", tmp_path / "two.h5", "--jobs", 2)


def test_a_process_that_was_ended_from_outside_is_a_problem_to_mend(study_file, run, monkeypatch):
    def killed(request):
        raise BrokenExecutor

    monkeypatch.setattr(match, "carry_out", killed)
    status, out, err = run("match", study_file(two_visits()))
    assert (status, out) == (1, "")
    assert "trial.h5: the process that worked on it was ended from outside" in err
    assert "fewer --jobs" in err


def test_images_of_different_skin_are_told_apart_and_the_command_says_so(study_file, run):
    study = two_visits()
    other = places_of_units(80, seed=77)
    hairs = [make_hair(k + 1, 500 + k, [at, at + 20.0]) for k, at in enumerate(other)]
    reads = MappingProxyType({1: study.reads[1], 2: make_read(hairs, id_=2, image_id=2)})
    path = study_file(replace(study, reads=reads))
    status, out, err = run("match", path)
    assert status == 1
    assert "failed" in out
    assert "later.png could not be registered to first.png" in err
    assert "Mark the same places" in err
    assert "matched" not in err
    with open_study(path, "Ada", read_only=True) as session:
        assert not session.study.pairs[1].registration.usable
        revision = session.document.history.last_seq
    assert run("match", path)[0] == 1
    with open_study(path, "Ada", read_only=True) as session:
        assert session.document.history.last_seq == revision  # it was tried again, and says the same


def test_an_image_without_a_read_is_named_and_the_others_are_done(study_file, run):
    study = three_visits()
    reads = MappingProxyType({i: read for i, read in study.reads.items() if i != 3})
    path = study_file(replace(study, reads=reads))
    status, out, err = run("match", path)
    assert status == 1
    assert "nothing was detected in between.png yet" in err
    assert err.count("nothing was detected") == 1
    assert "later.png" in out


def test_an_image_without_a_scale_is_named(study_file, run):
    study = two_visits()
    images = MappingProxyType({**study.images, 2: replace(study.images[2], calibration=None)})
    status, _, err = run("match", study_file(replace(study, images=images)))
    assert status == 1
    assert "later.png has no scale" in err


def test_where_nothing_was_seen_twice_there_is_nothing_to_match(study_file, run):
    visits = [Visit(1, "S01", "baseline", 0.0)]
    path = study_file(make_study([make_read([make_hair(1, 2, [[5, 5], [40, 40]])])], [make_image()], visits))
    status, out, err = run("match", path)
    assert (status, out) == (0, "")
    assert "No area was seen at two visits" in err
