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

from analysis.matching.match import Level
from workstation.endpoints import units_of
from workstation.export.measured_hairs import measured_hairs
from workstation.export.partners import Json, Partners, partners_of
from workstation.export.properties import about_read, coordinates, hair_properties, unit_properties, whence
from workstation.export.state import ExportState
from workstation.image_names import image_names
from workstation.model.hair import Hair, Status
from workstation.model.read import Read
from workstation.model.study import Study
from workstation.palette import CLASS_COLOURS, REJECTED, UNIT, Rgb
from workstation.storage.atomic import replacing


def write_geojson(
    path: Path, study: Study, read: Read, names: Mapping[int, str] | None = None, state: ExportState | None = None
) -> None:
    """Write one read as a file, at once or not at all; see `feature_collection`.

    Raises:
        UserFacingError: if it cannot be written.
    """
    collection = feature_collection(study, read, names, state)
    with replacing(path) as temporary:
        text = json.dumps(collection, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        temporary.write_text(text + "\n", encoding="utf-8")


def feature_collection(
    study: Study, read: Read, names: Mapping[int, str] | None = None, state: ExportState | None = None
) -> Json:
    """One read as a GeoJSON FeatureCollection, ready for `json.dumps`.

    All hairs are listed, rejected ones and those whose root is not in the image too. A unit is listed if it has a
    hair that counts: without one it has no place. Where the image was registered to others, each feature says what
    became of it.

    Args:
        study: the study.
        read: one of its reads.
        names: of the study's images, as `image_names` gives them; None to make them.
        state: which state of the study it is; None where that is not to be told.
    """
    names = image_names(study) if names is None else names
    partners = partners_of(study, read, names)
    return {
        "type": "FeatureCollection",
        "features": [*_hair_features(study, read, partners), *_unit_features(study, read, partners)],
        "trichodesk": {
            **about_read(study, read, names[read.image_id]),
            "registration": partners.registration,
            **({"state": state.as_dict()} if state else {}),
        },
    }


def _hair_features(study: Study, read: Read, partners: Partners) -> Iterator[Json]:
    for found in measured_hairs(study, read):
        properties = {**hair_properties(found), **whence(read, found.hair.id)}
        properties |= {**_hair_for_qupath(found.hair, properties), **partners.of(Level.HAIR, found.hair.id)}
        yield _feature(study, read, "LineString", coordinates(found.hair.vertices_px), properties)


def _hair_for_qupath(hair: Hair, properties: Json) -> Json:
    class_, rejected = properties["class"], hair.status is Status.REJECTED
    shown_class = "Rejected" if rejected else class_.capitalize() if class_ else "Hair"
    measurements = {
        "Width µm": properties["width_um"],
        "Length µm": properties["length_um"],
        "Confidence": hair.confidence,
    }
    return _for_qupath(f"hair {hair.id}", shown_class, REJECTED if rejected else CLASS_COLOURS[class_], measurements)


def _unit_features(study: Study, read: Read, partners: Partners) -> Iterator[Json]:
    units, counted = units_of(read)
    centres = coordinates(units.centre_px)
    columns = zip(units.unit.tolist(), centres, units.n_hairs.tolist(), counted.tolist(), strict=True)
    for unit_id, centre, n_hairs, is_counted in columns:
        properties = {
            **unit_properties(unit_id, n_hairs, read.units[unit_id].comment, counted=is_counted),
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


def _feature(study: Study, read: Read, geometry: str, places: Any, properties: Json) -> Json:
    name = f"{study.id}/{read.id}/{properties['kind']}/{properties['id']}"
    return {
        "type": "Feature",
        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, name)),
        "geometry": {"type": geometry, "coordinates": places},
        "properties": properties,
    }
