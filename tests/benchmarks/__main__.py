"""Measure everything and write `docs/benchmarks.md`: `make bench`, or `python -m tests.benchmarks [NAME …]`."""

import argparse
import importlib
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

import psutil

from tests.benchmarks.figure import Figure

HERE = Path(__file__).parent
PAGE = HERE.parent.parent / "docs" / "benchmarks.md"


def machine() -> str:
    """The machine in words."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    memory_gb = psutil.virtual_memory().total / 2**30
    return (
        f"{os.cpu_count()} × {model}, {memory_gb:.0f} GiB, {platform.system()} {platform.release().split('-')[0]}, "
        f"Python {platform.python_version()}"
    )


def shown(value: float | None) -> str:
    """A value with sensible digits."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def table(figures: Sequence[Figure]) -> str:
    """The figures as Markdown, a table for each section."""
    parts = []
    for section, rows in groupby(figures, key=lambda f: f.section):
        lines = [f"## {section}", "", "| measure | value | unit | goal | note |", "|---|---:|---|---|---|"]
        lines += [f"| {f.name} | {shown(f.value)} | {f.unit} | {f.goal} | {f.note} |" for f in rows]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def main() -> None:
    """Run the named benchmarks, or all."""
    available = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(available)}; all if none is given")
    parser.add_argument("--json", action="store_true", help="print JSON alone and leave docs/benchmarks.md as it is")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(available):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    figures: list[Figure] = []
    for name in arguments.names or available:
        start = time.perf_counter()
        figures += importlib.import_module(f"tests.benchmarks.bench_{name}").figures()
        print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr)
    print(json.dumps({"machine": machine(), "figures": [asdict(f) for f in figures]}, ensure_ascii=False, indent=1))
    if arguments.json:
        return
    print(table(figures))
    if not arguments.names:
        title = f"# Benchmarks\n\nMade by `make bench` on {machine()}.\n\n"
        PAGE.write_text(title + table(figures) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
