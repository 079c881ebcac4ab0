"""What the commands share: where they print, how they show progress, how they fail."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

UNLIMITED = 100_000
PAGE_COLUMNS = 200
"""The width of what is not printed on a terminal, which has one of its own."""

output = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else PAGE_COLUMNS)
errors = Console(stderr=True, highlight=False, soft_wrap=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print machine-readable results, and nothing else.")]


class Interrupted(Exception):
    """Ctrl-C, by a command that knows better than others what is kept: says it in a clause."""


def say(message: str) -> None:
    """A line for a person, on standard error, so that standard output holds results alone."""
    errors.print(message, markup=False)


def print_json(results: object) -> None:
    """Results for a program: strict JSON, in which an undefined number is null."""
    print(json.dumps(without_nan(results), ensure_ascii=False, indent=1, allow_nan=False))


def without_nan(value: Any) -> Any:
    """The same value with NaN replaced by None, which JSON has."""
    if isinstance(value, Mapping):
        return {key: without_nan(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [without_nan(item) for item in value]
    if isinstance(value, float) and value != value:
        return None
    return value


@contextmanager
def progress_bar(description: str) -> Iterator[Callable[[str, float], None]]:
    """A progress bar on standard error where that is a terminal; gives a report to call."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as progress:
        task = progress.add_task(description, total=1.0)
        yield lambda stage, done: progress.update(task, completed=done, description=f"{description}: {stage}")


def table_of(header: Sequence[str], rows: Sequence[Sequence[str]], *, first_left: int = 1) -> Table:
    """A table for a person; columns after the first few are numbers, stand to the right and are never cut."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for index, name in enumerate(header):
        text = index < first_left
        table.add_column(name, justify="left" if text else "right", no_wrap=not text, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def fits(table: Table) -> bool:
    """Whether a table can be printed without a line break within a cell."""
    wide = output.options.update(max_width=UNLIMITED)
    return Measurement.get(output, wide, table).maximum <= output.width


def print_table(table: Table) -> None:
    """Print a table on standard output."""
    output.print(table, markup=False)
