"""Figures put into the documentation by whatever measured them, each part in its own place."""

import time
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.__main__ import machine
from tests.benchmarks.figure import Figure

PAGE = Path(__file__).parents[2] / "docs" / "validation.md"
BEGIN, END = "<!-- measured: {} -->", "<!-- end of {} -->"


def put(part: str, figures: Sequence[Figure], seconds: float, page: Path = PAGE) -> None:
    """Write the figures of one part between its marks in the page.

    Raises:
        ValueError: if the page has no such marks.
    """
    text = page.read_text(encoding="utf-8")
    before, found, rest = text.partition(BEGIN.format(part))
    _, ended, after = rest.partition(END.format(part))
    if not (found and ended):
        raise ValueError(f"{page.name} has no place for {part}")
    page.write_text(f"{before}{found}\n{table(figures, seconds)}\n{ended}{after}", encoding="utf-8")


def table(figures: Sequence[Figure], seconds: float) -> str:
    """The figures as Markdown, with the machine and the day."""
    lines = [f"On {machine()}, {time.strftime('%Y-%m-%d', time.gmtime())}, in {seconds / 60:.0f} min.", ""]
    lines += ["| measure | value | goal | details |", "|---|---:|---|---|"]
    lines += [f"| {f.name} | {_shown(f)} | {f.goal} | {f.note.replace('|', '/')} |" for f in figures]
    return "\n".join(lines)


def _shown(figure: Figure) -> str:
    if figure.value is None:
        return "–"
    value = f"{figure.value:,.0f}" if float(figure.value).is_integer() else f"{figure.value:.3g}"
    return f"{value} {figure.unit}".strip()
