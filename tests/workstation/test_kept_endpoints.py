"""Endpoints that were measured before: used where nothing they follow from has changed, and nowhere else."""

from dataclasses import replace

import pytest

from analysis.measures import ENDPOINTS
from tests.workstation.storage.studies import comment, study
from workstation import edits, endpoints
from workstation.endpoints import KEPT, RULES, endpoints_of, keep_endpoints
from workstation.model.hair import Status
from workstation.session import create_study, open_study
from workstation.storage.journal_file import journal_folder
from workstation.storage.reader import read_study


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setenv("TRICHODESK_HOME", str(tmp_path / "home"))
    create_study(tmp_path / "trial.h5", study(40), user="Ada")
    return tmp_path / "trial.h5"


def kept(session):
    return {i for i, read in session.study.reads.items() if KEPT in read.remembered}


def afresh(session, read_id):
    return repr(endpoints_of(session.study, replace(session.study.reads[read_id])))


def test_a_study_saved_here_is_not_measured_again(path, monkeypatch):
    with open_study(path, "Zoë") as session:
        expected = {i: afresh(session, i) for i in session.study.reads}
        monkeypatch.setattr(endpoints, "measure", None)
        assert {i: repr(endpoints_of(session.study, read)) for i, read in session.study.reads.items()} == expected


def test_a_changed_read_is_measured_again_and_so_is_one_recovered(path):
    with open_study(path, "Zoë") as session:
        session.document.apply(edits.set_status(session.study.reads[3], [1, 2, 4, 5], Status.REJECTED))
        assert kept(session) == {1, 2, 4}
        assert repr(endpoints_of(session.study, session.study.reads[3])) == afresh(session, 3)
    with open_study(path, "Zoë") as session:
        assert session.recovered.n_edits == 1
        assert kept(session) == {1, 2, 4}
        session.save()
    with open_study(path, "Zoë") as session:
        assert kept(session) == {1, 2, 3, 4}
        assert repr(endpoints_of(session.study, session.study.reads[3])) == afresh(session, 3)


def test_other_cut_offs_or_another_scale_measure_again(path):
    with open_study(path, "Zoë") as session:
        before = endpoints_of(session.study, session.study.reads[1])
        session.document.apply(edits.set_cutoffs(session.study, 50.0, 60.0))
        other = endpoints_of(session.study, session.study.reads[1])
        assert other.vellus_count != before.vellus_count
        assert repr(other) == afresh(session, 1)
        session.document.apply(edits.set_calibration(session.study, 1, 10.68))
        scaled = endpoints_of(session.study, session.study.reads[1])
        assert scaled.field_cm2 == pytest.approx(4 * before.field_cm2)
        session.document.undo()
        session.document.undo()
        assert repr(endpoints_of(session.study, session.study.reads[1])) == repr(before)


def test_a_file_from_elsewhere_is_measured_here(path):
    for journal in journal_folder().glob("*"):
        journal.unlink()
    with open_study(path, "Zoë") as session:
        assert kept(session) == set()
        assert repr(endpoints_of(session.study, session.study.reads[1])) == afresh(session, 1)


@pytest.mark.parametrize(
    "changed",
    [{RULES: 2}, {"um_per_px": 5.35}, {"vellus_below_um": 34.0}, {"terminal_from_um": 56.0}, {"read_id": 9}],
)
def test_a_row_that_was_measured_otherwise_does_not_count(path, changed):
    file = read_study(path)
    rows = {name: column.tolist() for name, column in file.endpoints.items()}
    rows |= {name: [value] * len(rows[name]) for name, value in changed.items()}
    assert keep_endpoints(file.study, rows) == 0
    assert not any(KEPT in read.remembered for read in file.study.reads.values())


def test_a_table_of_before_the_rules_had_a_version_does_not_count(path):
    file = read_study(path)
    rows = {name: column.tolist() for name, column in file.endpoints.items()}
    assert keep_endpoints(file.study, rows) == 4
    del rows[RULES]
    assert keep_endpoints(file.study, rows) == 0


def test_whole_numbers_stay_whole(path):
    with open_study(path, "Zoë") as session:
        comment(session.document, "eins")
        found = endpoints_of(session.study, session.study.reads[1])
        assert {e.name for e in ENDPOINTS if e.is_count} >= {"hair_count", "fu_count"}
        assert all(isinstance(getattr(found, e.name), int) for e in ENDPOINTS if e.is_count)
