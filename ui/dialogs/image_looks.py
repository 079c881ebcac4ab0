"""A first look at image files before they are imported: a small picture, their size and scale, or what is wrong."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workstation.devices import scale_of
from workstation.errors import UserFacingError
from workstation.importing.dicom_facts import Facts, facts_of

THUMBNAIL_PX = 96
NO_FACTS = Facts()


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What was seen of one image."""

    thumbnail: NDArray[np.uint8] | None = None
    """uint8 (H, W, 3) RGB, at most 96 px in both directions, contiguous."""
    width_px: int = 0
    height_px: int = 0
    um_per_px: float | None = None
    """What the file itself says."""
    conversions: tuple[str, ...] = ()
    facts: Facts = NO_FACTS
    """What a DICOM file tells of subject, day and place."""
    problem: str = ""
    """Why it cannot be imported, as a clause; empty where it can."""


def look_at(path: Path, max_megapixels: float) -> Look:
    """Decode an image as an import does, and keep a small picture of it; on any thread."""
    import cv2

    from workstation.images import load

    try:
        image = load(path, max_megapixels=max_megapixels)
    except UserFacingError as error:
        return Look(problem=error.what)
    factor = min(1.0, THUMBNAIL_PX / max(image.width_px, image.height_px))
    size = max(1, round(image.width_px * factor)), max(1, round(image.height_px * factor))
    small = cv2.resize(image.pixels, size, interpolation=cv2.INTER_AREA)
    thumbnail = np.ascontiguousarray(small, dtype=np.uint8)
    facts = facts_of(path)
    return Look(thumbnail, image.width_px, image.height_px, image.metadata_um_per_px, image.conversions, facts)


def scale_text(typed: str, device: str, look: Look | None) -> str:
    """Where an image's scale would come from if none is typed; empty where one is, or nothing is known yet."""
    if typed or look is None or look.problem:
        return ""
    preset = scale_of(device, look.width_px, look.height_px) if device else None
    if preset is not None:
        return f"{preset.um_per_px:.4g} (camera)"
    return "none" if look.um_per_px is None else f"{look.um_per_px:.4g} (file)"
