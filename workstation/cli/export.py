"""`trichodesk export`: tables and shapes for other programs."""

from pathlib import Path
from typing import Annotated

import typer

from workstation.cli.anonymous import Anonymous, KeepComments, KeyFile, export_anonymous
from workstation.cli.console import AsJson, output, print_json, progress_bar, say
from workstation.cli.studies import StudyPath, detect_command, open_to_read
from workstation.errors import UserFacingError
from workstation.export.manifest import Checked, check_export
from workstation.export.state import export_state, when_made
from workstation.export.study_files import ABOUT, ExportFormat, export_session
from workstation.session import Session

_FORMATS = "; ".join(f"{format}: {about}" for format, about in ABOUT.items())


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(export)


def export(
    study: StudyPath,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="The folder to write into.", readable=False)],
    format: Annotated[list[ExportFormat] | None, typer.Option(help=f"{_FORMATS}. Can be given several times.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing: say whether what is in DIR is up to date.")
    ] = False,
    anonymous: Anonymous = False,
    key: KeyFile = None,
    keep_comments: KeepComments = False,
    as_json: AsJson = False,
) -> None:
    """Write the reads in use as tables or shapes; export.json beside them says which state of the study they show."""
    if [check, bool(format), anonymous].count(True) != 1:
        raise typer.BadParameter("give one of --format, --check and --anonymous")
    if not anonymous and (key is not None or keep_comments):
        raise typer.BadParameter("--key and --keep-comments go with --anonymous")
    with open_to_read(study) as session:
        if anonymous:
            export_anonymous(session, out, key, keep_comments=keep_comments, as_json=as_json)
            return
        if check:
            _check(session, out, as_json=as_json)
            return
        with progress_bar("exporting") as report:
            written = export_session(session, out, format or (), report)
    if as_json:
        print_json([str(path) for path in written])
        return
    if not written:
        say(f"Nothing to write: no image has a detection yet. Next: {detect_command(study)}")
    for path in written:
        output.print(str(path), markup=False)


def _check(session: Session, folder: Path, *, as_json: bool) -> None:
    found = check_export(folder, export_state(session))
    if as_json:
        print_json([_as_json(checked) for checked in found])
    else:
        for checked in found:
            made = when_made(checked.entry.state)
            output.print(f"{checked.entry.format} of {made}: {checked.text}", markup=False)
    again = [checked.entry.format for checked in found if not checked.up_to_date]
    if again:
        formats = " ".join(f"--format {format}" for format in again)
        raise UserFacingError("not all is up to date", file=folder, remedy=f"Export again: {formats}.")


def _as_json(checked: Checked) -> dict[str, object]:
    return {
        "format": checked.entry.format,
        "up_to_date": checked.up_to_date,
        "stale": checked.stale,
        "changed": checked.changed,
        "missing": checked.missing,
        "state": checked.entry.state.as_dict(),
    }
