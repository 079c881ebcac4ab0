"""What GeoJSON and COCO alike say of a read, its hairs and its units."""

from typing import Any

import numpy as np

from analysis.detection import FloatArray
from workstation.adjudication.provenance import origin_of
from workstation.adjudication.third_read import made_by_choice
from workstation.endpoints import measured_field, read_columns, um_per_px
from workstation.export.measured_hairs import MeasuredHair
from workstation.export.partners import CORNER_PX, DECIMALS, Json, rounded
from workstation.model.read import Read
from workstation.model.study import Study
from workstation.version import software_version


def about_read(study: Study, read: Read, image_name: str) -> Json:
    """Which read of which image it is, at what scale, on what field, with which cut-offs."""
    image, field = study.images[read.image_id], read.field
    area_px2 = measured_field(field).area_px2
    return {
        **read_columns(read, image_name),
        "comment": read.review.comment,
        "sha256": image.sha256,
        "width_px": image.width_px,
        "height_px": image.height_px,
        "um_per_px": um_per_px(image),
        "field": {
            "shape": field.shape.value,
            "polygon": coordinates(field.polygon_px),
            "exclusions": [
                {"id": e.id, "cause": e.cause.value, "polygon": coordinates(e.polygon_px)} for e in field.exclusions
            ],
        },
        "field_cm2": None if image.calibration is None else image.calibration.cm2(area_px2),
        "vellus_below_um": study.cutoffs.vellus_below_um,
        "terminal_from_um": study.cutoffs.terminal_from_um,
        "software": f"trichodesk {software_version()}",
        "seconds": detection_seconds(study, read),
        **about_adjudication(study, read),
    }


def detection_seconds(study: Study, read: Read) -> float | None:
    """How long the detection took that a read goes back to; None if it goes back to none."""
    ancestor: Read | None = read
    while ancestor is not None:
        if ancestor.detection is not None:
            return ancestor.detection.seconds
        # An older read alone can be what this one is based on: a chain that a file bent to a ring ends too.
        before = ancestor.based_on
        ancestor = study.reads.get(before) if before is not None and before < ancestor.id else None
    return None


def whence(read: Read, hair_id: int) -> Json:
    """Of a third read where one of its hairs comes from; empty of any other read."""
    if read.adjudicates is None:
        return {}
    origin = origin_of(read, hair_id)
    return {"from": origin.source.value, "first_id": origin.first_id, "second_id": origin.second_id}


def about_adjudication(study: Study, read: Read) -> Json:
    """Of a third read which two it settles, and how many things by each choice; empty of any other read."""
    if read.adjudicates is None:
        return {}
    reads = [{"read_id": i, "reader": study.reads[i].reader} for i in read.adjudicates]
    choices = {choice.value: n for choice, n in made_by_choice(read).items()}
    return {"adjudicates": reads, "settlements": choices}


def hair_properties(found: MeasuredHair) -> Json:
    """All of a hair but its line."""
    hair = found.hair
    return {
        "kind": "hair",
        "id": hair.id,
        "fu": hair.unit_id,
        "width_um": _rounded(found.width_um),
        "width_px": rounded(hair.width_px),
        "width_is_set": hair.width_is_set,
        "vertex_widths_px": [rounded(width) for width in hair.vertex_width_px.tolist()],
        "length_um": _rounded(found.length_um),
        "class": found.class_,
        "confidence": hair.confidence,
        "origin": hair.origin.value,
        "status": hair.status.value,
        "root_visible": hair.root_visible,
        "comment": hair.comment,
        "counted": found.counted,
    }


def unit_properties(unit_id: int, n_hairs: int, comment: str, *, counted: bool) -> Json:
    """All of a unit but its place."""
    return {"kind": "fu", "id": unit_id, "hairs": n_hairs, "counted": counted, "comment": comment}


def coordinates(points_px: FloatArray) -> Any:
    """Places (…, 2) in pixels from the image's top-left corner, as lists."""
    return np.round(points_px + CORNER_PX, DECIMALS).tolist()


def _rounded(value: float | None) -> float | None:
    return None if value is None else rounded(value)
