"""Hairs and follicular units as GeoJSON that QuPath opens.

The format is RFC 7946 but for its coordinates, which are pixels of the displayed image as in QuPath: x right, y down,
the origin at the image's top-left *corner*, so that a pixel's centre is at .5. Each feature carries what QuPath's
reader looks for (a UUID as `id`; `objectType`, `name`, `classification`, `measurements` in `properties`) beside the
product's own properties.
"""

import json
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from analysis.calibration import Calibration
from analysis.detection import FloatArray
from analysis.geometry import arc_length
from analysis.matching.match import Level
from workstation.endpoints import (
    counted_hairs,
    hair_class,
    measured_field,
    read_columns,
    um_per_px,
    units_of,
)
from workstation.export.partners import CORNER_PX, DECIMALS, Json, Partners, partners_of, rounded
from workstation.image_names import image_names
from workstation.model.hair import Hair, Status
from workstation.model.read import Read
from workstation.model.study import Study, WidthCutoffs
from workstation.palette import CLASS_COLOURS, REJECTED, UNIT, Rgb
from workstation.storage.atomic import replacing
from workstation.version import software_version


def write_geojson(path: Path, study: Study, read: Read, names: Mapping[int, str] | None = None) -> None:
    """Write one read as a file, at once or not at all; see `feature_collection`.

    Raises:
        UserFacingError: if it cannot be written.
    """
    collection = feature_collection(study, read, names)
    with replacing(path) as temporary:
        text = json.dumps(collection, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        temporary.write_text(text + "\n", encoding="utf-8")


def feature_collection(study: Study, read: Read, names: Mapping[int, str] | None = None) -> Json:
    """One read as a GeoJSON FeatureCollection, ready for `json.dumps`.

    All hairs are listed, rejected ones and those whose root is not in the image too. A unit is listed if it has a
    hair that counts: without one it has no place. Where the image was registered to others, each feature says what
    became of it.

    Args:
        study: the study.
        read: one of its reads.
        names: of the study's images, as `image_names` gives them; None to make them.
    """
    names = image_names(study) if names is None else names
    partners = partners_of(study, read, names)
    return {
        "type": "FeatureCollection",
        "features": [*_hair_features(study, read, partners), *_unit_features(study, read, partners)],
        "trichodesk": _about(study, read, names[read.image_id]) | {"registration": partners.registration},
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


def _about(study: Study, read: Read, image_name: str) -> Json:
    image, field = study.images[read.image_id], read.field
    area_px2 = measured_field(field).area_px2
    return {
        **read_columns(read, image_name),
        "sha256": image.sha256,
        "width_px": image.width_px,
        "height_px": image.height_px,
        "um_per_px": um_per_px(image),
        "field": {
            "shape": field.shape.value,
            "polygon": _coordinates(field.polygon_px),
            "exclusions": [
                {"id": e.id, "cause": e.cause.value, "polygon": _coordinates(e.polygon_px)} for e in field.exclusions
            ],
        },
        "field_cm2": None if image.calibration is None else image.calibration.cm2(area_px2),
        "vellus_below_um": study.cutoffs.vellus_below_um,
        "terminal_from_um": study.cutoffs.terminal_from_um,
        "software": f"trichodesk {software_version()}",
        "seconds": detection_seconds(study, read),
    }


def _hair_features(study: Study, read: Read, partners: Partners) -> Iterator[Json]:
    calibration = study.images[read.image_id].calibration
    counted = counted_hairs(read)
    for hair in sorted(read.hairs.values(), key=lambda h: h.id):
        properties = _hair_properties(hair, calibration, study.cutoffs)
        properties |= {"counted": counted[hair.id], **partners.of(Level.HAIR, hair.id)}
        yield _feature(study, read, "LineString", _coordinates(hair.vertices_px), properties)


def _hair_properties(hair: Hair, calibration: Calibration | None, cutoffs: WidthCutoffs) -> Json:
    scale = float("nan") if calibration is None else calibration.um_per_px
    width_um, length_um = hair.width_px * scale, arc_length(hair.vertices_px) * scale
    class_ = hair_class(width_um, cutoffs)
    rejected = hair.status is Status.REJECTED
    shown_class = "Rejected" if rejected else class_.capitalize() if class_ else "Hair"
    measurements = {"Width µm": rounded(width_um), "Length µm": rounded(length_um), "Confidence": hair.confidence}
    return {
        "kind": "hair",
        "id": hair.id,
        "fu": hair.unit_id,
        "width_um": rounded(width_um),
        "width_px": rounded(hair.width_px),
        "width_is_set": hair.width_is_set,
        "vertex_widths_px": [rounded(width) for width in hair.vertex_width_px.tolist()],
        "length_um": rounded(length_um),
        "class": class_,
        "confidence": hair.confidence,
        "origin": hair.origin.value,
        "status": hair.status.value,
        "root_visible": hair.root_visible,
        "comment": hair.comment,
        **_for_qupath(f"hair {hair.id}", shown_class, REJECTED if rejected else CLASS_COLOURS[class_], measurements),
    }


def _unit_features(study: Study, read: Read, partners: Partners) -> Iterator[Json]:
    units, counted = units_of(read)
    centres = _coordinates(units.centre_px)
    columns = zip(units.unit.tolist(), centres, units.n_hairs.tolist(), counted.tolist(), strict=True)
    for unit_id, centre, n_hairs, is_counted in columns:
        properties = {
            "kind": "fu",
            "id": unit_id,
            "hairs": n_hairs,
            "counted": is_counted,
            "comment": read.units[unit_id].comment,
            **partners.of(Level.UNIT, unit_id),
            **_for_qupath(f"unit {unit_id}", "Follicular unit", UNIT, {"Hairs": n_hairs}),
        }
        yield _feature(study, read, "Point", centre, properties)


def _for_qupath(name: str, class_name: str, colour: Rgb, measurements: dict[str, float | None]) -> Json:
    return {
        "objectType": "annotation",
        "name": name,
        "classification": {"name": class_name, "color": list(colour)},
        "measurements": {name: value for name, value in measurements.items() if value is not None},
    }


def _feature(study: Study, read: Read, geometry: str, coordinates: Any, properties: Json) -> Json:
    name = f"{study.id}/{read.id}/{properties['kind']}/{properties['id']}"
    return {
        "type": "Feature",
        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, name)),
        "geometry": {"type": geometry, "coordinates": coordinates},
        "properties": properties,
    }


def _coordinates(points_px: FloatArray) -> list[list[float]]:
    corner: list[list[float]] = np.round(points_px + CORNER_PX, DECIMALS).tolist()
    return corner
