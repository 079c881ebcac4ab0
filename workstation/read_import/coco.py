"""COCO annotations as reads, one for each image: this product's own, and others' where they can be hairs.

Of other programs' files an annotation of a hair's category gives a line by its keypoints, in their order, else by the
middle of its polygon where that is long and thin.
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from analysis.centreline import centreline_of
from analysis.detection import FloatArray
from workstation.model.field import FieldShape
from workstation.read_import.found import (
    Faults,
    FoundExclusion,
    FoundHair,
    FoundRead,
    listed,
    places_px,
    ring_px,
    text,
    whole,
)
from workstation.read_import.own import own_hair, own_read
from workstation.read_import.qupath import EXCLUDED, FIELD_CLASSES

HAIR_NAMES = ("hair", "hairs", "hair shaft", "shaft", "vellus", "intermediate", "terminal")
UNIT_NAMES = ("follicular unit", "unit", "fu")
ROOT, TIP = "root", "tip"


def is_coco(data: Any) -> bool:
    """Whether JSON may be COCO: only the outermost form is looked at."""
    return isinstance(data, dict) and all(isinstance(data.get(name), list) for name in ("images", "annotations"))


def reads_of_coco(data: dict[str, Any], file: Path) -> list[FoundRead]:
    """What a COCO file says of each of its images that has annotations.

    Raises:
        UserFacingError: if something in it cannot be a part of a read; all of it is told.
    """
    faults = Faults(file)
    categories = _by_id(listed(data.get("categories"), "categories", faults), "category", faults)
    images = _by_id(data["images"], "image", faults)
    of_image: dict[Any, list[tuple[str, dict[str, Any]]]] = {id_: [] for id_ in images}
    for index, annotation in enumerate(data["annotations"], start=1):
        where = f"annotation {index}"
        with faults.of(where):
            if annotation["image_id"] not in of_image:
                raise ValueError(f"it is of image {annotation['image_id']!r}, which the file does not have")
            of_image[annotation["image_id"]].append((where, annotation))
    reads = []
    for id_, image in images.items():
        annotations = of_image[id_]
        if isinstance(image.get("trichodesk"), dict):
            reads.append(_own(image["trichodesk"], annotations, faults))
        elif annotations:
            reads.append(_foreign(image, annotations, categories, faults))
    if not reads:
        faults.add("the file", "it has no annotation")
    faults.raise_if_any()
    return reads


def _by_id(values: list[Any], what: str, faults: Faults) -> dict[Any, dict[str, Any]]:
    found: dict[Any, dict[str, Any]] = {}
    for index, value in enumerate(values, start=1):
        with faults.of(f"{what} {index}"):
            if value["id"] in found:
                raise ValueError(f"its id {value['id']!r} is used twice")
            found[value["id"]] = value
    return found


def _own(about: dict[str, Any], annotations: list[tuple[str, dict[str, Any]]], faults: Faults) -> FoundRead:
    hairs: list[FoundHair] = []
    comments: dict[int, str] = {}
    for where, annotation in annotations:
        with faults.of(where):
            own = annotation["trichodesk"]
            if own["kind"] == "hair":
                hairs.append(own_hair(where, own["line"], own))
            elif (unit_id := whole(own["id"], "id")) is not None:
                comments[unit_id] = text(own.get("comment"))
    return own_read("trichodesk COCO", about, hairs, comments, faults)


def _foreign(
    image: Mapping[str, Any],
    annotations: list[tuple[str, dict[str, Any]]],
    categories: Mapping[Any, dict[str, Any]],
    faults: Faults,
) -> FoundRead:
    hairs: list[FoundHair] = []
    fields: list[FloatArray] = []
    exclusions: list[FoundExclusion] = []
    n_units = n_unsure = 0
    for where, annotation in annotations:
        with faults.of(where):
            category = categories.get(annotation.get("category_id"), {})
            name = text(category.get("name")).strip().casefold()
            if name in HAIR_NAMES:
                hair, sure = _hair(where, annotation, category)
                hairs.append(hair)
                n_unsure += not sure
            elif name in FIELD_CLASSES:
                fields += _polygons(annotation)
            elif name in EXCLUDED:
                exclusions += [FoundExclusion(where, ring, EXCLUDED[name]) for ring in _polygons(annotation)]
            elif name in UNIT_NAMES:
                n_units += 1
            else:
                raise ValueError(f"its category {name!r} is none of a hair, a unit, the field or an exclusion")
    if len(fields) > 1:
        faults.add("the field", f"there are {len(fields)} of them in one image; keep one")
    return FoundRead(
        kind="COCO",
        image_name=text(image.get("file_name")),
        size_px=_size(image),
        shape=FieldShape.POLYGON if fields else FieldShape.IMAGE,
        field_px=fields[0] if fields else None,
        exclusions=exclusions,
        hairs=hairs,
        notes=tuple(_notes(n_units, n_unsure, has_field=bool(fields))),
    )


def _notes(n_units: int, n_unsure: int, *, has_field: bool) -> list[str]:
    notes = [] if has_field else ["The file names no field: the whole image is taken."]
    if n_unsure:
        notes.append(
            f"Of {n_unsure} hairs the file does not tell which end is the root: the one nearer to the image's top is."
        )
    if n_units:
        notes.append(f"{n_units} units were left out: COCO does not say which hairs are theirs.")
    return notes


def _size(image: Mapping[str, Any]) -> tuple[int, int] | None:
    width, height = image.get("width"), image.get("height")
    return (width, height) if isinstance(width, int) and isinstance(height, int) else None


def _hair(where: str, annotation: dict[str, Any], category: dict[str, Any]) -> tuple[FoundHair, bool]:
    """A hair, and whether its root is known."""
    named = _keypoints(annotation, category)
    rings = annotation.get("segmentation")
    if isinstance(rings, dict):
        raise ValueError("its shape is a run-length mask, which is no line; give it polygons or keypoints")
    if not rings and len(named) > 1:
        order = sorted(named, key=lambda one: (one[0] != ROOT, one[0] == TIP))  # stable: others keep their order
        return FoundHair(where, np.array([place for _, place in order])), any(name == ROOT for name, _ in named)
    if not rings:
        raise ValueError("it has a box alone, which is no line; give it a polygon or keypoints")
    (polygon, *others) = _polygons(annotation)
    if others:
        raise ValueError(f"it is in {len(others) + 1} pieces, and a hair is one line")
    try:
        line, widths = centreline_of(polygon)
    except ValueError as error:
        raise ValueError(f"it is no hair: {error}") from error
    root = next((place for name, place in named if name == ROOT), None)
    towards = line[[0, -1], 1] if root is None else np.linalg.norm(line[[0, -1]] - root, axis=1)
    if towards[1] < towards[0]:
        line, widths = line[::-1].copy(), widths[::-1].copy()
    return FoundHair(where, line, vertex_width_px=widths, width_is_set=False), root is not None


def _keypoints(annotation: dict[str, Any], category: dict[str, Any]) -> list[tuple[str, FloatArray]]:
    """Name and place of each labelled keypoint, in their order."""
    values = annotation.get("keypoints") or []
    if not isinstance(values, list) or len(values) % 3:
        raise ValueError("its keypoints are not x, y and a flag each")
    names = [text(name).casefold() for name in category.get("keypoints") or []]
    found = []
    for index in range(0, len(values), 3):
        flag = values[index + 2]
        if isinstance(flag, (int, float)) and not math.isnan(flag) and flag > 0:
            name = names[index // 3] if index // 3 < len(names) else ""
            found.append((name, places_px([values[index : index + 2]])[0]))
    return found


def _polygons(annotation: dict[str, Any]) -> list[FloatArray]:
    rings = annotation.get("segmentation")
    if not isinstance(rings, list) or not rings:
        raise ValueError("it has no polygon")
    found = []
    for ring in rings:
        if not isinstance(ring, list) or len(ring) % 2:
            raise ValueError("a polygon of it is not a list of x and y")
        found.append(ring_px([ring[i : i + 2] for i in range(0, len(ring), 2)]))
    return found
