"""What is set for the study and not for one read: an image's scale, the cut-offs between hair classes."""

from dataclasses import replace

from analysis.calibration import Calibration, CalibrationSource
from workstation.edits.drafting import NothingToDo
from workstation.errors import EditRefused
from workstation.model.patch import Change, Kind, Patch
from workstation.model.study import Study, WidthCutoffs


def set_calibration(
    study: Study, image_id: int, um_per_px: float | None, source: CalibrationSource = CalibrationSource.DRAWN
) -> Patch:
    """Set the scale of an image; None takes it away, and with it every physical endpoint.

    Raises:
        EditRefused: if the image does not exist or the scale is not plausible.
        NothingToDo: if the image has this scale from this source.
    """
    image = study.images.get(image_id)
    if image is None:
        raise EditRefused(f"this study has no image {image_id}")
    try:
        calibration = None if um_per_px is None else Calibration(um_per_px, source)
    except ValueError as error:
        raise EditRefused(str(error), remedy="Measure the scale again.") from error
    if calibration == image.calibration:
        raise NothingToDo
    return Patch(
        "set calibration", None, (Change(Kind.IMAGE, image_id, image, replace(image, calibration=calibration)),)
    )


def set_cutoffs(study: Study, vellus_below_um: float, terminal_from_um: float) -> Patch:
    """Set the widths where vellus ends and terminal begins; both equal gives one cut.

    Raises:
        EditRefused: unless 0 < vellus ≤ terminal ≤ 1000 µm.
        NothingToDo: if these are the cut-offs.
    """
    try:
        cutoffs = WidthCutoffs(vellus_below_um, terminal_from_um)
    except ValueError as error:
        raise EditRefused(str(error), remedy="Enter other cut-offs.") from error
    if cutoffs == study.cutoffs:
        raise NothingToDo
    return Patch("set cut-offs", None, (Change(Kind.CUTOFFS, 0, study.cutoffs, cutoffs),))
