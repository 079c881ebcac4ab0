"""Exporting a whole study into a folder."""

import errno
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.progress import Report, part_of, silent
from workstation.errors import UserFacingError
from workstation.export import manifest
from workstation.export.catalogue import COLUMNS, OBJECT_TABLES, SHEETS, TABLES, column_rows
from workstation.export.coco import write_coco
from workstation.export.csv_file import write_csv
from workstation.export.geojson import write_geojson
from workstation.export.parquet import need_parquet, write_parquet
from workstation.export.progress import watched
from workstation.export.state import ExportState, export_state
from workstation.export.table import Kind, Source
from workstation.export.xlsx import write_xlsx
from workstation.image_names import stem_of
from workstation.model.study import Study
from workstation.session import Session
from workstation.storage.atomic import explain, replacing, sync_file
from workstation.storage.audit import AuditRow


class ExportFormat(StrEnum):
    """What a study is exported as."""

    GEOJSON = "geojson"
    CSV = "csv"
    XLSX = "xlsx"
    COCO = "coco"
    PARQUET = "parquet"


ABOUT = {
    ExportFormat.GEOJSON: "shapes, a file an image, for QuPath",
    ExportFormat.CSV: "tables",
    ExportFormat.XLSX: "a workbook, a sheet a table",
    ExportFormat.COCO: "annotations for training detectors",
    ExportFormat.PARQUET: "large tables for pandas, R, DuckDB",
}
"""What each is for, in a few words."""


def export_session(
    session: Session, out_dir: Path, formats: Iterable[ExportFormat | str], report: Report = silent
) -> list[Path]:
    """Export an open study as it is now, edits that are not in its file yet included; see `export_study`."""
    moment = session.moment
    trail = session.trail[: moment.revision]
    return export_study(moment.study, out_dir, formats, report, state=export_state(session, moment), trail=trail)


def export_study(
    study: Study,
    out_dir: Path,
    formats: Iterable[ExportFormat | str],
    report: Report = silent,
    *,
    state: ExportState | None = None,
    trail: Sequence[AuditRow] | None = None,
) -> list[Path]:
    """Write a study's reads in use into a folder, which is made if need be; other files there are left alone.

    All files are written as drafts first: if it fails or is stopped, those that were there stay as they were. What an
    earlier export of the same formats left there, and this one does not have, goes.

    Args:
        study: the study.
        out_dir: the folder.
        formats: one or more of `ExportFormat`.
        report: told of the progress; what it raises stops the export.
        state: which state of the study it is, to be kept in the files and in `export.json` beside them; None where
            that is not to be told.
        trail: its audit trail, with which signatures are checked; None where they are not.

    Returns:
        The files written, `export.json` apart.

    Raises:
        UserFacingError: if a format is unknown, needs what is not installed, or something cannot be written.
    """
    chosen = _chosen(formats)
    source, made = Source(study, trail), _make(out_dir)
    try:
        with TemporaryDirectory(prefix=".trichodesk-export-", dir=out_dir) as draft:
            drafts = _drafts(_Export(source, Path(draft), state), chosen, report)
            _take(drafts, Path(draft), out_dir, state)
    except OSError as error:
        raise explain(error, Path(error.filename2 or out_dir)) from error
    except UserFacingError as error:
        file = out_dir if error.file is None else out_dir / error.file.name
        raise UserFacingError(error.what, file=file, remedy=error.remedy) from error
    finally:
        if made and not any(out_dir.iterdir()):
            out_dir.rmdir()
    return [out_dir / path.name for paths in drafts.values() for path in paths]


@dataclass(frozen=True, slots=True)
class _Export:
    """What every format is written from, and where to."""

    source: Source
    folder: Path
    state: ExportState | None


def _chosen(formats: Iterable[ExportFormat | str]) -> tuple[ExportFormat, ...]:
    wanted = [formats] if isinstance(formats, str) else list(formats)
    for format in wanted:
        if format not in list(ExportFormat):
            *others, last = ExportFormat
            raise UserFacingError(
                f"there is no export format {str(format)!r}", remedy=f"Choose {', '.join(others)} or {last}."
            )
    chosen = tuple(dict.fromkeys(ExportFormat(format) for format in wanted))
    if ExportFormat.PARQUET in chosen:
        need_parquet()
    return chosen


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


def _drafts(export: _Export, formats: Sequence[ExportFormat], report: Report) -> dict[ExportFormat, list[Path]]:
    share = 1 / max(len(formats), 1)
    return {
        format: _WRITERS[format](export, part_of(report, done * share, share)) for done, format in enumerate(formats)
    }


def _take(drafts: Mapping[ExportFormat, Sequence[Path]], draft: Path, out_dir: Path, state: ExportState | None) -> None:
    """Put the drafts in their places; then remove what is left over of earlier exports."""
    moved, left_over = [path for paths in drafts.values() for path in paths], list[Path]()
    if state is not None:
        before = manifest.entries_before(out_dir)
        now = [
            manifest.Entry(format, state, {path.name: manifest.sha256_of(path) or "" for path in paths})
            for format, paths in drafts.items()
            if paths
        ]
        left_over = manifest.left_over(out_dir, before, now)
        moved.append(draft / manifest.FILE_NAME)
        manifest.write_entries(moved[-1], manifest.replaced(before, now))
        sync_file(moved[-1])
    for path in moved:
        if (out_dir / path.name).is_dir():  # before the first is moved: all take their places, or none
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path, None, out_dir / path.name)
    for path in moved:
        os.replace(path, out_dir / path.name)
    for path in left_over:
        path.unlink(missing_ok=True)


def _geojson(export: _Export, report: Report) -> list[Path]:
    source, written = export.source, list[Path]()
    for done, read in enumerate(source.reads):
        name = source.names[read.image_id]
        report(name, done / len(source.reads))
        written.append(export.folder / f"{stem_of(name)}.geojson")
        write_geojson(written[-1], source.study, read, source.names, export.state)
    return written


def _csv(export: _Export, report: Report) -> list[Path]:
    written: list[Path] = []
    for table, rows in watched(export.source, TABLES, report):
        written.append(export.folder / f"{table.name}.csv")
        exact = [column.name for column in table.columns if column.kind is Kind.SMALL]
        write_csv(written[-1], table.column_names, rows, exact)
    written.append(export.folder / "columns.csv")
    write_csv(written[-1], [column.name for column in COLUMNS], column_rows(TABLES))
    return written


def _xlsx(export: _Export, report: Report) -> list[Path]:
    path = export.folder / f"{export.state.study if export.state else 'study'}.xlsx"
    with replacing(path) as temporary:
        write_xlsx(temporary, export.source, SHEETS, export.state, report)
    return [path]


def _coco(export: _Export, report: Report) -> list[Path]:
    if not export.source.reads:
        return []
    path = export.folder / "annotations.json"
    with replacing(path) as temporary:
        write_coco(temporary, export.source, export.state, report)
    return [path]


def _parquet(export: _Export, report: Report) -> list[Path]:
    written: list[Path] = []
    for table, rows in watched(export.source, OBJECT_TABLES, report):
        written.append(export.folder / f"{table.name}.parquet")
        with replacing(written[-1]) as temporary:
            write_parquet(temporary, table.columns, rows, export.state)
    return written


_WRITERS: Mapping[ExportFormat, Callable[[_Export, Report], list[Path]]] = {
    ExportFormat.GEOJSON: _geojson,
    ExportFormat.CSV: _csv,
    ExportFormat.XLSX: _xlsx,
    ExportFormat.COCO: _coco,
    ExportFormat.PARQUET: _parquet,
}
