"""The study file of format 1.2 that was kept when the format was made: it must load for ever."""

import math
from pathlib import Path

import h5py
import pytest

from analysis.matching.match import Level, Ruling, Status
from analysis.registration.result import Verdict
from tests.golden.make_study_1_2 import IMAGE
from workstation.model.pair import Decision, Landmark
from workstation.model.study import ChangeRules
from workstation.pairing import matching_of
from workstation.session import open_study
from workstation.storage.reader import read_image_file, read_study
from workstation.storage.verify import Check, verify

GOLDEN = Path(__file__).with_name("study-1.2.h5")


def test_its_pairs():
    study = read_study(GOLDEN).study
    assert study.rules == ChangeRules(0.625, 12.5)
    failed, good = study.pairs[1], study.pairs[2]
    assert (failed.image_ids, good.image_ids) == ((1, 3), (1, 2))
    assert (failed.next_id, good.next_id) == (1, 6)
    record = failed.registration
    assert (record.result.verdict, record.result.reason) == (Verdict.FAILED, "zu wenige – 毛")
    assert record.result.warp is None
    assert math.isnan(record.result.residual_um)
    assert (record.baseline_read_id, record.followup_read_id) == (1, 3)
    assert good.landmarks == {
        1: Landmark(1, 2, (100.25, 900.5), (85.28630317411313, 862.6392517498455)),
        2: Landmark(2, 2, (500.0, 20.125), (512.5, 13.25)),
    }
    assert good.decisions == {
        3: Decision(3, 2, Ruling(Level.UNIT, 1010, 1011, same=False), 1, 2, "Zoë"),
        4: Decision(4, 2, Ruling(Level.UNIT, 1010, None), 1, 2, "Zoë"),
        5: Decision(5, 2, Ruling(Level.HAIR, 12, 12), 1, 2, "Ada"),
    }


def test_its_transform():
    record = read_study(GOLDEN).study.pairs[2].registration
    found, warp = record.result, record.result.warp
    assert (found.verdict, found.reason, found.residual_um, found.n_shared) == (Verdict.GOOD, "27 of 30", 7.25, 86)
    assert (found.overlap, found.overlap_cm2, record.n_landmarks) == (0.925, 0.9216, 2)
    assert (record.software_version, record.created_utc) == ("0.1.0", "2026-02-04T08:00:00Z")
    assert warp.affine.tolist() == [
        [0.9975640502598242, -0.0697564737441253, 48.09621174215056],
        [0.0697564737441253, 0.9975640502598242, -42.66026200197473],
    ]
    assert warp.knots_px.tolist() == [[200, 300], [800, 700], [500, 100]]
    assert warp.bends.tolist() == [[0.25, -0.125], [-0.25, 0.125], [0.0, 0.0625]]
    assert warp.unit_px == 500.0
    assert warp.to_followup([[300.0, 400.0]]).tolist() == [pytest.approx([319.38530763704745, 377.3204387627973])]


def test_its_matches_are_there_for_others():
    with h5py.File(GOLDEN) as file:
        table = {name: column[:].tolist() for name, column in file["matches"].items()}
    assert len(table["level"]) == 70
    row = table["baseline_id"].index(1010)
    assert math.isnan(table["distance_um"][row])
    assert math.isnan(table["width_change_um"][row])
    assert {name: values[row] for name, values in table.items() if name not in ("distance_um", "width_change_um")} == {
        "level": b"fu", "subject": b"S01", "baseline_image": b"first.png", "followup_image": b"later.png",
        "baseline_id": 1010, "followup_id": -1, "status": b"lost",
        "pair_id": 2, "baseline_read_id": 1, "followup_read_id": 2, "ruled": True,
    }  # fmt: skip


def test_its_matches_can_be_worked_out_again():
    study = read_study(GOLDEN).study
    found = matching_of(study, study.pairs[2])
    assert found.by_baseline[Level.UNIT, 1010].status is Status.LOST
    assert found.by_baseline[Level.HAIR, 12].ruled
    assert matching_of(study, study.pairs[1]) is None


def test_its_history_can_be_undone(path):
    rows = read_study(path).audit_rows
    assert [row.target for row in rows][-7:] == [
        "registration 2", "decision 2.3", "decision 2.4", "decision 2.5", "rules", "decision 2.3", "decision 2.3",
    ]  # fmt: skip
    with open_study(path, "Zoë") as session:
        assert (session.read_only_because, session.recovered.notices) == (None, ())
        assert session.document.redo_text == "let the program match"
        undone = []
        while session.document.can_undo:
            undone.append(session.document.undo_text)
            session.document.undo()
        assert undone == [
            "set rules of change", "match hairs", "mark unit as lost", "tell units apart", "register",
            "move landmark", "place landmark", "place landmark",
        ]  # fmt: skip
        assert session.study.rules == ChangeRules(0.5, 15.0)  # as it was when the file was made
        pair = session.study.pairs[2]
        assert (pair.landmarks, pair.decisions, pair.registration.result.reason) == ({}, {}, "too few units")
        session.save()
    assert read_study(path).state.revision == 20
    assert read_image_file(path, 3) == IMAGE


def test_it_verifies(path):
    faults = [f for f in verify(path) if not f.holds]
    assert [f.check for f in faults] == [Check.IMAGES] * 2  # of those that are not embedded there are no files
