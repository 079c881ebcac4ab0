import pytest

from analysis.calibration import Calibration, CalibrationSource
from tests.workstation.small_study import make_study
from workstation import edits
from workstation.errors import EditRefused
from workstation.model.patch import apply
from workstation.model.study import WidthCutoffs


def test_an_image_gets_another_scale_and_loses_it():
    study = make_study()
    patch = edits.set_calibration(study, 1, 5.34)
    after = apply(study, patch)
    assert after.images[1].calibration == Calibration(5.34, CalibrationSource.DRAWN)
    assert apply(after, patch.inverse()) == study
    assert apply(after, edits.set_calibration(after, 1, None)).images[1].calibration is None
    with pytest.raises(edits.NothingToDo):
        edits.set_calibration(after, 1, 5.34)


def test_a_scale_from_another_source_is_a_change():
    study = make_study()
    after = apply(study, edits.set_calibration(study, 1, 10.0, CalibrationSource.DEVICE))
    assert after.images[1].calibration == Calibration(10.0, CalibrationSource.DEVICE)


@pytest.mark.parametrize("um_per_px", [0.0, -5.0, float("nan"), 1e6])
def test_a_scale_that_is_not_plausible_is_refused(um_per_px):
    with pytest.raises(EditRefused, match="not plausible"):
        edits.set_calibration(make_study(), 1, um_per_px)


def test_the_scale_of_an_image_that_is_not_there_is_refused():
    with pytest.raises(EditRefused, match="no image 7"):
        edits.set_calibration(make_study(), 7, 5.0)


def test_cut_offs_are_set_for_the_study():
    study = make_study()
    patch = edits.set_cutoffs(study, 40, 40)
    after = apply(study, patch)
    assert after.cutoffs == WidthCutoffs(40, 40)
    assert apply(after, patch.inverse()) == study
    with pytest.raises(edits.NothingToDo):
        edits.set_cutoffs(after, 40, 40)
    with pytest.raises(EditRefused, match="cut-offs must satisfy"):
        edits.set_cutoffs(after, 60, 30)
