"""Exporting a whole study into a folder."""

import os
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.progress import Report, silent
from workstation.changes import change_rows
from workstation.errors import UserFacingError
from workstation.export.geojson import write_geojson
from workstation.export.match_tables import CHANGES, MATCHES, match_table
from workstation.export.tables import HAIRS, IMAGES, UNITS, hair_table, image_table, unit_table, write_csv
from workstation.image_names import image_names, stem_of
from workstation.model.study import Study
from workstation.storage.atomic import explain


class ExportFormat(StrEnum):
    """What a study is exported as."""

    GEOJSON = "geojson"
    CSV = "csv"


def export_study(study: Study, out_dir: Path, format: ExportFormat | str, report: Report = silent) -> list[Path]:
    """Write a study's reads in use into a folder, which is made if need be; other files there are left alone.

    All files are written as drafts first: if it fails or is stopped, those that were there stay as they were.

    Args:
        study: the study.
        out_dir: the folder.
        format: `geojson`, a file for each image that has a read, or `csv`, five tables.
        report: told of the progress; what it raises stops the export.

    Returns:
        The files written.

    Raises:
        UserFacingError: if the format is unknown or something cannot be written.
    """
    try:
        chosen = ExportFormat(format)
    except ValueError as error:
        offered = " or ".join(ExportFormat)
        raise UserFacingError(f"there is no export format {format!r}", remedy=f"Choose {offered}.") from error
    made = _make(out_dir)
    try:
        with TemporaryDirectory(prefix=".trichodesk-export-", dir=out_dir) as draft:
            write = _geojson if chosen is ExportFormat.GEOJSON else _csv
            drafts = write(study, Path(draft), report)
            for path in drafts:
                os.replace(path, out_dir / path.name)
    except OSError as error:
        raise explain(error, Path(error.filename2 or out_dir)) from error
    except UserFacingError as error:
        file = out_dir if error.file is None else out_dir / error.file.name
        raise UserFacingError(error.what, file=file, remedy=error.remedy) from error
    finally:
        if made and not any(out_dir.iterdir()):
            out_dir.rmdir()
    return [out_dir / path.name for path in drafts]


def _make(folder: Path) -> bool:
    """Make a folder; False if it was there already."""
    there = folder.is_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise UserFacingError("a file has this name", file=folder, remedy="Choose another folder.") from error
    except OSError as error:
        raise explain(error, folder) from error
    return not there


def _geojson(study: Study, out_dir: Path, report: Report) -> list[Path]:
    written: list[Path] = []
    names = image_names(study)
    for done, (image_id, name) in enumerate(names.items()):
        report(name, done / len(study.images))
        if read := study.read_in_use(image_id):
            written.append(out_dir / f"{stem_of(name)}.geojson")
            write_geojson(written[-1], study, read, names)
    return written


def _csv(study: Study, out_dir: Path, report: Report) -> list[Path]:
    written: list[Path] = []
    tables = (
        ("images", IMAGES, image_table), ("hairs", HAIRS, hair_table), ("units", UNITS, unit_table),
        ("matches", MATCHES, match_table), ("changes", CHANGES, change_rows),
    )  # fmt: skip
    for done, (name, columns, rows_of) in enumerate(tables):
        report(name, done / len(tables))
        written.append(out_dir / f"{name}.csv")
        write_csv(written[-1], columns, rows_of(study))
    return written
