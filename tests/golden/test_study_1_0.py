"""The study file of format 1.0 that was kept when the format was released: it must load for ever."""

import math
from pathlib import Path

from analysis.calibration import Calibration, CalibrationSource
from tests.golden.make_study_1_0 import IMAGE
from workstation.model.field import ExclusionCause, FieldShape
from workstation.model.hair import Origin, Status
from workstation.model.read import ReadState
from workstation.session import open_study
from workstation.storage.reader import read_image_file, read_study
from workstation.storage.verify import Check, verify

GOLDEN = Path(__file__).with_name("study-1.0.h5")


def test_its_study():
    study = read_study(GOLDEN).study
    assert study.created_utc == "2026-02-03T09:00:00Z"
    assert (study.cutoffs.vellus_below_um, study.cutoffs.terminal_from_um) == (35.0, 55.5)
    first, second = study.subjects.values()
    assert (first.id, first.sex, first.age, first.grade) == ("S01", "f", 34.5, "Ludwig I")
    assert (second.id, second.sex, second.age, second.grade) == ("S02", "", None, "")
    visits = [(v.name, v.week, v.date) for v in study.visits.values()]
    assert visits == [("baseline", 0.0, "2026-02-03"), ("week 12", None, "")]
    image, other = study.images[1], study.images[2]
    assert (image.path, image.width_px, image.height_px, image.site) == ("a.images/Kopf 1.png", 4000, 3000, "vertex")
    assert image.calibration == Calibration(5.34, CalibrationSource.DEVICE)
    assert dict(image.notes) == {"operator": "Ä", "gel": "yes"}
    assert image.conversions == ("16 bit reduced to 8 bit",)
    assert (image.embedded, other.embedded, other.calibration) == (True, False, None)


def test_its_reads():
    study = read_study(GOLDEN).study
    detected, own = study.reads[1], study.reads[3]
    assert [r.review.state for r in study.reads.values()] == [ReadState.DETECTED] * 2 + [ReadState.IN_REVIEW] * 2
    assert (own.reader, own.based_on, own.next_id, own.review.comment) == ("Zoë", 1, 9, 'unscharf, "oben"\nlinks')
    assert (own.field.shape, detected.field.shape) == (FieldShape.POLYGON, FieldShape.DETECTED)
    assert own.field.polygon_px.tolist() == [[0, 0], [3999, 0], [3999, 2999], [0.5, 2999]]
    (exclusion,) = own.field.exclusions
    assert (exclusion.id, exclusion.cause) == (7, ExclusionCause.GLARE)
    assert exclusion.polygon_px.tolist() == [[10, 10], [60.5, 12], [40, 55.25]]
    assert detected.detection.parameters.sensitivity == 0.625
    assert (detected.detection.seconds, detected.detection.notes) == (1.25, ("The scale was estimated.",))
    assert list(own.hairs) == [1, 2, 3, 4]
    assert {i: u.comment for i, u in own.units.items()} == {5: "dicht", 6: ""}
    hair = own.hairs[1]
    assert (hair.unit_id, hair.origin, hair.status, hair.comment) == (
        5,
        Origin.EDITED,
        Status.ACCEPTED,
        "crosses hair 2",
    )
    assert hair.vertices_px.tolist() == [
        [510.3461338901225, 809.0662694751192],
        [512.2044610726597, 802.381454863651],
        [513.9906203248133, 795.6769965385513],
        [515.0916821550782, 788.8266104798689],
        [516.1132304141461, 781.9639167331359],
    ]
    assert hair.width_px == 9.306280204141778


def test_its_history_can_be_undone(path):
    with open_study(path, "Zoë") as session:
        assert session.read_only_because is None
        first, second = session.document.history.done
        assert (first.utc, first.reason, second.selection_after.hair_ids) == (
            "2026-02-03T11:00:01.000Z",
            "unclear",
            {1},
        )
        session.document.undo()
        assert session.study.reads[3].hairs[1].comment == "crosses its neighbour"
        session.document.undo()
        assert session.study.reads[3].hairs[1].comment == ""
        session.save()
    assert read_study(path).state.revision == 4
    assert read_image_file(path, 1) == IMAGE


def test_it_verifies(path):
    faults = [f for f in verify(path) if not f.holds]
    assert [f.check for f in faults] == [Check.IMAGES]  # of the image that is not embedded there is no file
    assert faults[0].message.startswith("a.images/Kopf 2.png: ")
    assert not any(math.isnan(h.width_px) for h in read_study(path).study.reads[3].hairs.values())
