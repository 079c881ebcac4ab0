"""`trichodesk queue`: the reads that wait for a decision, the one that matters most first."""

import typer

from workstation.cli.console import AsJson, output, print_json, print_table, table_of
from workstation.cli.studies import StudyPath, open_to_read
from workstation.quality.rows import ReadRow, changed_text, queue_rows, time_text

HEADER = ("image", "reader", "read", "kind", "hairs", "changed", "time", "remarks", "score")
FIRST_LEFT = 2


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(queue)


def queue(study: StudyPath, as_json: AsJson = False) -> None:
    """List the submitted reads that somebody must accept or return, worst first, and why they stand there.

    The score is doubt × effect on the endpoint × disagreement: docs/quality.md says how each is made.
    """
    with open_to_read(study) as session:
        rows = queue_rows(session.study, session.trail)
    if as_json:
        print_json([row.cells() for row in rows])
        return
    if not rows:
        output.print("No read waits for a decision.", markup=False)
        return
    print_table(table_of(HEADER, [_shown(row) for row in rows], first_left=FIRST_LEFT))
    for row in rows:
        if row.factors is not None:
            output.print(f"read {row.read.id}: {row.factors.reason}.", markup=False)


def _shown(row: ReadRow) -> tuple[str, ...]:
    score = "" if row.factors is None else f"{row.factors.score:.3g}"
    return (row.image, row.read.reader, str(row.read.id), row.kind.value, str(row.hair_count), changed_text(row),
            time_text(row.time), str(row.open_remarks), score)  # fmt: skip
