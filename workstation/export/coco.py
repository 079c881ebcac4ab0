"""A study as COCO annotations: one `annotations.json` for training and comparing detectors.

The format is that of the COCO data set (cocodataset.org, Data format): images, categories, and annotations with a
bounding box, an area, polygons and keypoints. All coordinates are pixels of the displayed image, x right, y down, from
the image's top-left corner, as in GeoJSON. What COCO has no place for stands under `trichodesk` keys, from which a
read can be made again: `docs/export.md` lists them.
"""

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TextIO

import numpy as np

from analysis.progress import Report
from workstation.endpoints import units_of
from workstation.export.measured_hairs import measured_hairs
from workstation.export.partners import Json
from workstation.export.properties import about_read, coordinates, hair_properties, unit_properties
from workstation.export.shafts import DECIMALS, Outline, shafts_of, surroundings_of
from workstation.export.state import ExportState
from workstation.export.table import Source
from workstation.model.hair import Hair, Status
from workstation.model.read import Read
from workstation.model.study import ImageRecord

HAIR, UNIT = 1, 2
"""Ids of the categories."""
CATEGORIES = (
    {"id": HAIR, "name": "hair", "supercategory": "scalp", "keypoints": ["root", "tip"], "skeleton": [[1, 2]]},
    {"id": UNIT, "name": "follicular unit", "supercategory": "scalp", "keypoints": ["centre"], "skeleton": []},
)
_VISIBLE, _NOT_LABELLED = 2, 0
"""COCO's flags of a keypoint."""


def write_coco(path: Path, source: Source, state: ExportState | None, report: Report) -> None:
    """Write the reads in use; images without one are left out, and so are rejected hairs, which are none.

    It is written image by image, so that memory does not grow with the study.

    Args:
        path: the file.
        source: the study.
        state: which state of the study it is; None where that is not to be told.
        report: told of the progress.

    Raises:
        OSError: if it cannot be written.
    """
    study, reads = source.study, source.reads
    date = state.utc if state else study.created_utc
    head = {
        "info": {
            "description": (state.title or state.study) if state else "",
            "version": str(state.revision) if state else "",
            "year": int(date[:4]),
            "contributor": state.software if state else "trichodesk",
            "url": "",
            "date_created": date,
        },
        "licenses": [],
        "categories": list(CATEGORIES),
        "trichodesk": {"study_id": study.id, "state": state.as_dict() if state else None},
    }
    ids = count(1)
    with path.open("w", encoding="utf-8") as file:
        file.write(_dumped(head).removesuffix("}") + ',\n"images":[\n')
        _write_all(file, (_image(source, read) for read in reads))
        file.write('],\n"annotations":[\n')
        _write_all(file, _annotations(source, ids, report))
        file.write("]}\n")


def _write_all(file: TextIO, values: Iterator[Json]) -> None:
    for number, value in enumerate(values):
        file.write((",\n" if number else "") + _dumped(value))


def _dumped(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _image(source: Source, read: Read) -> Json:
    study, image, name = source.study, source.study.images[read.image_id], source.names[read.image_id]
    visit = study.visits[image.visit_id]
    where = {"subject": visit.subject, "visit": visit.name, "site": image.site, "week": visit.week, "date": visit.date}
    return {
        "id": image.id,
        "width": image.width_px,
        "height": image.height_px,
        "file_name": name,
        "date_captured": visit.date,
        "trichodesk": {**about_read(study, read, name), **where},
    }


def _annotations(source: Source, ids: "count[int]", report: Report) -> Iterator[Json]:
    for done, read in enumerate(source.reads):
        report(source.names[read.image_id], done / len(source.reads))
        image = source.study.images[read.image_id]
        yield from _hairs(source, read, image, ids)
        yield from _units(read, image, ids)


def _hairs(source: Source, read: Read, image: ImageRecord, ids: "count[int]") -> Iterator[Json]:
    found = [found for found in measured_hairs(source.study, read) if found.hair.status is not Status.REJECTED]
    outlines = shafts_of([one.hair for one in found], (image.width_px, image.height_px))
    for one, outline in zip(found, outlines, strict=True):
        if outline is None:
            continue
        line = coordinates(one.hair.vertices_px)
        own = {**hair_properties(one), "line": line}
        keypoints = [*_keypoint(line[0], seen=one.hair.root_visible), *_keypoint(line[-1])]
        yield _annotation(next(ids), read, HAIR, outline, keypoints, own)


def _units(read: Read, image: ImageRecord, ids: "count[int]") -> Iterator[Json]:
    units, counted = units_of(read)
    members: dict[int, list[Hair]] = {unit: [] for unit in units.unit.tolist()}
    for hair in read.hairs.values():
        if hair.counts and hair.unit_id in members:
            members[hair.unit_id].append(hair)
    roots = [np.array([hair.root_px for hair in hairs]) for hairs in members.values()]
    radius = [max((h.width_px for h in hairs if h.width_px > 0), default=0.0) / 2 for hairs in members.values()]
    outlines = surroundings_of(roots, radius, (image.width_px, image.height_px))
    centres = coordinates(units.centre_px)
    columns = zip(members, units.n_hairs.tolist(), counted.tolist(), centres, outlines, strict=True)
    for unit_id, n_hairs, is_counted, centre, outline in columns:
        if outline is not None:
            own = unit_properties(unit_id, n_hairs, read.units[unit_id].comment, counted=is_counted)
            yield _annotation(next(ids), read, UNIT, outline, _keypoint(centre), {**own, "centre": centre})


def _annotation(id_: int, read: Read, category: int, outline: Outline, keypoints: list[float], own: Json) -> Json:
    left, top, right, bottom = outline.box
    return {
        "id": id_,
        "image_id": read.image_id,
        "category_id": category,
        "bbox": [left, top, round(right - left, DECIMALS), round(bottom - top, DECIMALS)],
        "area": outline.area,
        "segmentation": outline.rings,
        "iscrowd": 0,
        "keypoints": keypoints,
        "num_keypoints": sum(flag > 0 for flag in keypoints[2::3]),
        "trichodesk": own,
    }


def _keypoint(place: list[float], *, seen: bool = True) -> list[float]:
    """x, y and COCO's flag; what is not labelled has no place."""
    return [*place, _VISIBLE] if seen else [0, 0, _NOT_LABELLED]
