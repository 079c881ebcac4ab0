"""GeoJSON as this product and QuPath write it."""

from pathlib import Path
from typing import Any

from workstation.errors import UserFacingError
from workstation.read_import.found import Faults, FoundHair, FoundRead, text, whole
from workstation.read_import.own import own_hair, own_read
from workstation.read_import.qupath import qupath_read


def read_of_geojson(data: Any, file: Path) -> FoundRead:
    """What a GeoJSON file says of the image that it is of.

    Args:
        data: the file's JSON: a FeatureCollection, a single Feature, or a list of Features.
        file: named in errors.

    Raises:
        UserFacingError: if something in it cannot be a part of a read; all of it is told.
    """
    features = _features(data, file)
    if isinstance(data, dict) and isinstance(data.get("trichodesk"), dict):
        return _own(data["trichodesk"], features, file)
    return qupath_read(features, file)


def is_geojson(data: Any) -> bool:
    """Whether JSON may be GeoJSON: only the outermost form is looked at."""
    if isinstance(data, list):
        return bool(data) and all(isinstance(one, dict) and one.get("type") == "Feature" for one in data)
    return isinstance(data, dict) and data.get("type") in ("FeatureCollection", "Feature")


def _features(data: Any, file: Path) -> list[Any]:
    if isinstance(data, list):
        return data
    found = data.get("features") if data["type"] == "FeatureCollection" else [data]
    if isinstance(found, list):
        return found
    raise UserFacingError("the file has no list of features", file=file, remedy="Export it again from where it came.")


def _own(about: dict[str, Any], features: list[Any], file: Path) -> FoundRead:
    faults = Faults(file)
    hairs: list[FoundHair] = []
    comments: dict[int, str] = {}
    for index, feature in enumerate(features, start=1):
        where = _place(index, feature)
        with faults.of(where):
            properties, geometry = feature["properties"], feature["geometry"]
            kind = properties["kind"]
            if kind == "hair":
                hairs.append(own_hair(where, _line(geometry), properties))
            elif kind == "fu":
                unit_id = whole(properties["id"], "id")
                if unit_id is not None:
                    comments[unit_id] = text(properties.get("comment"))
            else:
                raise ValueError(f"its kind is {kind!r}, neither hair nor fu")
    read = own_read("trichodesk GeoJSON", about, hairs, comments, faults)
    faults.raise_if_any()
    return read


def _place(index: int, feature: Any) -> str:
    """What a feature is called: its position, counted from one, and which hair it is."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    is_hair = isinstance(properties, dict) and properties.get("kind") == "hair"
    return f"feature {index} (hair {properties.get('id')})" if is_hair else f"feature {index}"  # type: ignore[union-attr]


def _line(geometry: dict[str, Any]) -> object:
    if geometry["type"] != "LineString":
        raise ValueError(f"a hair is a LineString, not a {geometry['type']}")
    return geometry["coordinates"]
