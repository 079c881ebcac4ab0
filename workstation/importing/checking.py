"""Images that are to come into a study, decoded and found good, before any of them is placed."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.calibration import Calibration, CalibrationSource
from analysis.progress import Report
from workstation.devices import scale_of
from workstation.errors import UserFacingError
from workstation.images import LoadedImage, load
from workstation.manifest import ManifestRow

CHECKING_SHARE = 0.9
"""Of the work's time: decoding takes far longer than placing."""

FAULTS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Checked:
    """An image that was decoded and found good; its pixels are not kept."""

    row: ManifestRow
    sha256: str
    width_px: int
    height_px: int
    calibration: Calibration | None
    conversions: tuple[str, ...]


def check_all(
    rows: Sequence[ManifestRow], given: Calibration | None, max_megapixels: float, report: Report
) -> list[Checked]:
    """Decode the image of every row.

    Args:
        rows: of a manifest, checked; `image` is absolute.
        given: the scale of images whose row gives none.
        max_megapixels: larger images are refused.
        report: told of the progress; may cancel.

    Raises:
        UserFacingError: if images cannot be read; all of them are named.
        Cancelled: if the report asks for it.
    """
    checked, faults = [], []
    for done, row in enumerate(rows):
        report("checking images", CHECKING_SHARE * done / len(rows))
        try:
            image = load(row.image, max_megapixels=max_megapixels)
        except UserFacingError as error:
            faults.append(error)
            continue
        calibration = _calibration(row, given, image)
        checked.append(Checked(row, image.sha256, image.width_px, image.height_px, calibration, image.conversions))
    if len(faults) == 1:
        raise faults[0]
    if faults:
        shown = [str(fault).removesuffix(".") for fault in faults[:FAULTS_SHOWN]]
        if len(faults) > FAULTS_SHOWN:
            shown.append(f"… and {len(faults) - FAULTS_SHOWN} more")
        raise UserFacingError(
            "\n  ".join([f"{len(faults)} images cannot be imported; mend them or leave them out:", *shown])
        )
    return checked


def _calibration(row: ManifestRow, given: Calibration | None, image: LoadedImage) -> Calibration | None:
    if row.um_per_px is not None:
        return Calibration(row.um_per_px, CalibrationSource.MANIFEST)
    if given is not None:
        return given
    if (preset := scale_of(row.device, image.width_px, image.height_px)) is not None:
        return preset
    if image.metadata_um_per_px is not None:
        return Calibration(image.metadata_um_per_px, CalibrationSource.METADATA)
    return None
