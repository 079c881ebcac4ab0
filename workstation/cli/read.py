"""`trichodesk read`: the reads of a study, and handing them on: submit, withdraw, accept, return, amend."""

from collections.abc import Callable
from typing import Annotated

import typer

from workstation.cli.console import AsJson, output, print_json, print_table, table_of
from workstation.cli.studies import Reason, StudyPath, open_to_change, open_to_read
from workstation.document import Document
from workstation.edits.drafting import NothingToDo
from workstation.edits.review import accept_read, amend, return_read, submit, withdraw_read
from workstation.errors import UserFacingError
from workstation.model.patch import Patch
from workstation.model.read import Read
from workstation.quality.rows import ReadRow, changed_text, read_rows, time_text
from workstation.session import Session

HEADER = ("image", "reader", "state", "read", "kind", "hairs", "changed", "time", "submitted", "remarks")
FIRST_LEFT = 3
Make = Callable[[Document, Read], Patch]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("read")(read)


def read(
    study: StudyPath,
    reads: Annotated[list[int] | None, typer.Argument(metavar="READ…", help="Ids of reads; none: all.")] = None,
    submits: Annotated[bool, typer.Option("--submit", help="Hand your reads in: somebody else decides.")] = False,
    withdraws: Annotated[bool, typer.Option("--withdraw", help="Take your submitted reads back.")] = False,
    accepts: Annotated[bool, typer.Option("--accept", help="Accept reads of others.")] = False,
    returns: Annotated[
        str | None, typer.Option("--return", metavar="REMARK", help="Give reads of others back, saying why.")
    ] = None,
    amends: Annotated[bool, typer.Option("--amend", help="Begin amendments of signed reads.")] = False,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Print how far the reads have come; with one of the options, hand those named on first.

    Who may do what: docs/quality.md. What is done is saved, also if a later read of those named is refused.
    """
    deeds: list[tuple[bool, Make]] = [
        (submits, lambda _, read: submit(read)),
        (withdraws, lambda _, read: withdraw_read(read)),
        (accepts, lambda document, read: accept_read(read, document.user)),
        (returns is not None, lambda document, read: return_read(document.study, read, document.user, returns or "")),
        (amends, lambda document, read: amend(document.study, read.id, document.user)),
    ]
    chosen = [make for wanted, make in deeds if wanted]
    if len(chosen) > 1:
        raise typer.BadParameter("choose one of --submit, --withdraw, --accept, --return and --amend")
    if chosen and not reads:
        raise typer.BadParameter("name the reads by their ids; without an option the command lists them")
    with open_to_change(study) if chosen else open_to_read(study) as session:
        found = [_find(session, read_id) for read_id in reads or sorted(session.study.reads)]
        if chosen:
            _hand_on(session, found, chosen[0], reason or (returns or ""))
        wanted = {read.id for read in found}
        now = [r for _, r in sorted(session.study.reads.items()) if r.editable and ({r.id, r.amends} & wanted)]
        rows = read_rows(session.study, session.trail, now)
    if as_json:
        print_json([row.cells() for row in rows])
    elif rows:
        print_table(table_of(HEADER, [_shown(row) for row in rows], first_left=FIRST_LEFT))
    else:
        output.print("There is no read of a person.", markup=False)


def _find(session: Session, read_id: int) -> Read:
    if read_id not in session.study.reads:
        raise UserFacingError(
            f"there is no read {read_id}", file=session.path, remedy="Without ids the command lists the reads."
        )
    return session.study.reads[read_id]


def _hand_on(session: Session, reads: list[Read], make: Make, reason: str) -> None:
    for read in reads:
        try:
            session.document.apply(make(session.document, session.study.reads[read.id]), reason=reason)
        except NothingToDo:
            continue
        except UserFacingError as error:
            session.save()
            raise UserFacingError(f"read {read.id}: {error.what}", remedy=error.remedy) from error
    session.save()


def _shown(row: ReadRow) -> tuple[str, ...]:
    review = row.read.review
    return (row.image, row.read.reader, review.state.value, str(row.read.id), row.kind.value, str(row.hair_count),
            changed_text(row), time_text(row.time), str(review.n_submitted), str(row.open_remarks))  # fmt: skip
