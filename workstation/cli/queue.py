"""`trichodesk queue`: the reads that wait for a decision, the one that matters most first."""

from collections.abc import Mapping

import typer

from workstation.cli.console import AsJson, output, print_json, print_table, table_of
from workstation.cli.studies import StudyPath, open_to_read
from workstation.endpoints import Cell
from workstation.quality.rows import queue_rows

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
        print_json(rows)
        return
    if not rows:
        output.print("No read waits for a decision.", markup=False)
        return
    print_table(table_of(HEADER, [_shown(row) for row in rows], first_left=FIRST_LEFT))
    for row in rows:
        output.print(f"read {row['read_id']}: {row['reason']}.", markup=False)


def _shown(row: Mapping[str, Cell]) -> tuple[str, ...]:
    return (*(str(row[name]) for name in ("image", "reader", "read_id", "kind", "hair_count")),
            changed_text(row), time_text(row), str(row["open_remarks"]), f"{row['score']:.3g}")  # fmt: skip


def changed_text(row: Mapping[str, Cell]) -> str:
    """How many of the detected hairs were changed; how many were drawn where the read began blank."""
    percent = row["changed_percent"]
    return f"{row['added']} drawn" if percent is None else f"{percent:.1f} %"


def time_text(row: Mapping[str, Cell]) -> str:
    """Minutes and seconds; a dash where the trail tells of no edit."""
    seconds = row["seconds"]
    return "–" if seconds is None else f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
