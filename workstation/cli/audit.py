"""`trichodesk audit`: who changed what, when, from what to what and why; and a study as it was."""

from pathlib import Path
from typing import Annotated

import typer

from workstation.cli.console import AsJson, output, print_json, print_table, say, table_of
from workstation.cli.measure import kinds_of_reads, print_endpoints
from workstation.cli.studies import StudyPath, open_to_read
from workstation.counting import counted
from workstation.endpoints import endpoint_rows
from workstation.errors import UserFacingError
from workstation.image_names import image_names
from workstation.record.as_it_was import last_row_at, study_as_it_was
from workstation.record.csv_file import audit_rows, changes_text, write_audit_csv
from workstation.record.filtering import GROUPS, Wanted, matching
from workstation.record.rows import Record, about, record_of
from workstation.record.times import as_utc
from workstation.session import Session

SHOWN = 50
"""Rows on a screen; the CSV has all of them."""
SHOWN_DIFFERENCES = 3
"""Of one change."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(audit)


def audit(
    study: StudyPath,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE.csv", help="Write the rows into this file.", readable=False)
    ] = None,
    by: Annotated[str, typer.Option(metavar="NAME", help="Only changes by this person.")] = "",
    reader: Annotated[str, typer.Option(metavar="NAME", help="Only changes of this reader's reads.")] = "",
    read: Annotated[int | None, typer.Option(metavar="N", help="Only changes of this read.")] = None,
    image: Annotated[str, typer.Option(metavar="NAME", help="Only changes of this image.")] = "",
    kind: Annotated[str, typer.Option(metavar="KIND", help=f"Only changes of: {'; '.join(GROUPS)}.")] = "",
    since: Annotated[str, typer.Option(metavar="UTC", help="From then on: 2026-02-03, or 2026-02-03T09:15.")] = "",
    until: Annotated[str, typer.Option(metavar="UTC", help="Up to then, that day or minute included.")] = "",
    text: Annotated[str, typer.Option(metavar="WORDS", help="Only rows that say all of these words.")] = "",
    after_submission: Annotated[
        bool, typer.Option("--after-submission", help="Only changes of reads that had been submitted before.")
    ] = False,
    as_of: Annotated[
        str, typer.Option(metavar="UTC", help="The endpoints as they were then, in place of the rows.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Show the record of a study: who changed what, when, from what to what and why, merged work files included.

    All times are in UTC. Nothing is changed. docs/record.md says what a row holds and what it proves.
    """
    with open_to_read(study) as session:
        if as_of:
            _as_of(session, as_utc(as_of), as_json)
            return
        record = record_of(session.study, session.trail)
        wanted = Wanted(
            by, reader, _image_id(session, image), read, _group(kind), as_utc(since), as_utc(until), text,
            after_submission,
        )  # fmt: skip
        places = matching(record, wanted)
        if csv is not None:
            write_audit_csv(csv, record, places)
        if as_json:
            head = {"study": str(study), "rows_in_all": len(record.rows), "head_sha256": record.head_sha256}
            print_json({**head, "rows": list(audit_rows(record, places))})
        elif csv is None:
            _print(record, places)
        else:
            say(f"{csv}: {counted(len(places), 'row')} of {len(record.rows)}.")


def _as_of(session: Session, utc: str, as_json: bool) -> None:
    trail = session.trail
    n_rows = last_row_at(trail, utc)
    if n_rows == 0 and trail:
        raise UserFacingError(f"the study was not there yet: its first row is of {trail[0].utc}", file=session.path)
    try:
        then = study_as_it_was(session.study, trail, n_rows)
    except ValueError as error:
        raise UserFacingError(
            f"the study cannot be followed back ({error})", file=session.path, remedy="See trichodesk verify."
        ) from error
    rows = endpoint_rows(then, all_reads=True)
    head = trail[n_rows - 1].sha256 if n_rows else ""
    if as_json:
        print_json({"as_of": utc, "row": n_rows, "rows_in_all": len(trail), "sha256": head, "endpoints": rows})
        return
    say(f"As it was after row {n_rows} of {len(trail)} ({trail[n_rows - 1].utc if n_rows else 'as created'}):")
    print_endpoints(rows, kinds_of_reads(then))


def _image_id(session: Session, name: str) -> int | None:
    if not name:
        return None
    names = image_names(session.study)
    found = [i for i, known in names.items() if name in (known, known.rpartition(".")[0], str(i))]
    if not found:
        raise UserFacingError(
            f"no image is called {name}", file=session.path, remedy="trichodesk measure lists the images."
        )
    return found[0]


def _group(kind: str) -> str:
    found = [group for group in GROUPS if kind and kind.casefold() in group.casefold()]
    if kind and not found:
        raise UserFacingError(f"there are no changes of the kind “{kind}”", remedy=f"Choose of: {'; '.join(GROUPS)}.")
    return found[0] if found else ""


def _print(record: Record, places: list[int]) -> None:
    shown = places[-SHOWN:]
    rows = []
    for place in shown:
        found = record.rows[place]
        row = found.row
        why = row.reason + (" (after submission)" if found.after_submission else "")
        changed = changes_text(record, found, SHOWN_DIFFERENCES)
        rows.append((found.place, row.utc[:19], row.user, found.what, found.image, about(found), changed, why.strip()))
    header = ("row", "utc", "who", "what", "image", "of", "from → to", "why")
    print_table(table_of(header, rows, first_left=len(header)))
    more = f"; the latest {len(shown)} are shown, --csv writes all" if len(shown) < len(places) else ""
    output.print(f"{counted(len(places), 'row')} of {len(record.rows)}{more}.", markup=False)
    output.print(f"Head: {record.head_sha256 or 'no row'}", markup=False)
