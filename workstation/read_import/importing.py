"""Reads from files into a study: all of them checked first, then one edit that makes them part of it, or none."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from workstation.clock import utc_seconds
from workstation.endpoints import um_per_px as um_per_px_of
from workstation.errors import EditRefused, UserFacingError
from workstation.images.header import opened
from workstation.model.patch import Change, Kind, Patch
from workstation.model.read import DETECTOR, Read
from workstation.model.study import ImageRecord, Study
from workstation.model.validity import storable
from workstation.read_import.building import read_from
from workstation.read_import.coco import is_coco, reads_of_coco
from workstation.read_import.found import FoundRead
from workstation.read_import.geojson import is_geojson, read_of_geojson
from workstation.read_import.qupath import QuPathRead, joined_to_points
from workstation.read_import.which_image import image_of

MAX_BYTES = 512 * 1024**2
SAME_SCALE = 1e-3
"""Two scales that differ by a smaller share are the same but for rounding."""


@dataclass(frozen=True, slots=True)
class Import:
    """Reads that were checked and are in no study yet."""

    patch: Patch
    reason: str
    """Where each read comes from, for the audit trail: `Document.apply` takes it."""
    reads: tuple[Read, ...]
    notes: tuple[str, ...]
    """What was put aside or taken in one of several ways, as sentences, each with its file."""


def prepare_import(
    study: Study, files: Sequence[Path], *, user: str, reader: str = "", image: str = "", created_utc: str = ""
) -> Import:
    """What importing files will put into a study; nothing of it is there yet, nor is if anything is wrong.

    A read is of the image whose SHA-256 its file names, else of the one with its name. It is in review, and its
    reader's: the one given, else the one that the file names, if that is a person, else the user.

    Args:
        study: as it is now.
        files: GeoJSON of this product or QuPath, or COCO annotations.
        user: who imports.
        reader: whose reads they will be; empty: see above.
        image: the name of the image that a file is of, where the file cannot tell.
        created_utc: when, ISO 8601 in UTC to the second; empty: now.

    Raises:
        UserFacingError: if a file cannot be read or holds what cannot be a read, or it is not clear of which image.
        EditRefused: if the reader's name cannot be one.
    """
    if not files:
        raise UserFacingError("no file is named", remedy="Name GeoJSON or COCO files.")
    created_utc = created_utc or utc_seconds()
    reads: list[Read] = []
    reasons: list[str] = []
    notes: list[str] = []
    next_id = max(study.reads, default=0) + 1
    for file in dict.fromkeys(files):
        data, digest = _json_of(file)
        found_reads = _found_in(data, file)
        if image and len(reads) + len(found_reads) > 1:
            raise UserFacingError(
                f"one image is named, {image}, and there are reads of several to import",
                file=file,
                remedy="Leave the image out, or import what is of that image by itself.",
            )
        for found in found_reads:
            record, said = image_of(study, found, file, image)
            said = [*said, *_about_scale(found, record)]
            if isinstance(found, QuPathRead):
                found = joined_to_points(found, um_per_px_of(record))
            whose = _checked_reader(reader or _person(found.reader) or user)
            read = read_from(
                found, record, read_id=next_id + len(reads), reader=whose, created_utc=created_utc, file=file
            )
            reads.append(read)
            reasons.append(f"{file.name} ({found.kind}, SHA-256 {digest[:12]}…) as read {read.id}")
            notes += [f"{file.name}: {sentence}" for sentence in (*said, *found.notes)]
    changes = tuple(Change(Kind.READ, read.id, None, read) for read in reads)
    operation = "import read" if len(reads) == 1 else "import reads"
    return Import(Patch(operation, None, changes), f"from {'; '.join(reasons)}", tuple(reads), tuple(notes))


def _found_in(data: Any, file: Path) -> list[FoundRead]:
    if is_coco(data):
        return reads_of_coco(data, file)
    if is_geojson(data):
        return [read_of_geojson(data, file)]
    raise UserFacingError(
        "this JSON is neither GeoJSON nor COCO annotations",
        file=file,
        remedy="Export it from this program or from QuPath as GeoJSON.",
    )


def _json_of(file: Path) -> tuple[Any, str]:
    if file.is_dir():
        raise UserFacingError("this is a folder, not a file", file=file, remedy="Name the files in it.")
    with opened(file) as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise UserFacingError(
            f"the file is larger than {MAX_BYTES // 1024**2} MB", file=file, remedy="Export fewer images."
        )
    try:
        return from_json(data.removeprefix(b"\xef\xbb\xbf"), allow_inf_nan=False), hashlib.sha256(data).hexdigest()
    except ValueError as error:
        raise UserFacingError(
            f"the file is not JSON ({str(error)[:120]})", file=file, remedy="Export it again from where it came."
        ) from error


def _about_scale(found: FoundRead, image: ImageRecord) -> list[str]:
    here = um_per_px_of(image)
    if found.um_per_px is None or here is None or abs(here / found.um_per_px - 1) <= SAME_SCALE:
        return []
    return [
        f"It was made at {found.um_per_px:.5g} µm/px, and the image has {here:.5g} now: widths were taken in pixels."
    ]


def _person(name: str) -> str:
    return "" if name == DETECTOR else name.strip()


def _checked_reader(name: str) -> str:
    if not name.strip() or name.strip() == DETECTOR or not storable(name) or not name.isprintable():
        raise EditRefused(f"{name!r} cannot be the name of a reader", remedy="Name one with --reader.")
    return name.strip()
