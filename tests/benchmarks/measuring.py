"""The command line of the tools that try long what the tests try in small: parts by name, figures printed and kept."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from tests.benchmarks.__main__ import machine
from tests.benchmarks.figure import Figure
from tests.benchmarks.measured_page import put, table


def run(description: str, parts: Mapping[str, Callable[[], Sequence[Figure]]]) -> int:
    """Measure the parts that are named, or all, and put each into the documentation.

    Args:
        description: of the tool.
        parts: what measures each.

    Returns:
        The exit status: 1 where a figure misses its goal.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(parts)}; all if none is given")
    parser.add_argument("--json", action="store_true", help="print JSON and leave the documentation as it is")
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - set(parts):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    missed = 0
    for part in arguments.parts or parts:
        begun = time.monotonic()
        figures = parts[part]()
        seconds = time.monotonic() - begun
        missed += sum(misses(f) for f in figures)
        if arguments.json:
            told = {"part": part, "machine": machine(), "seconds": seconds, "figures": [asdict(f) for f in figures]}
            print(json.dumps(told, ensure_ascii=False), flush=True)
        else:
            print(f"{part}\n{table(figures, seconds)}\n", flush=True)
            put(part, figures, seconds)
    if missed:
        print(f"{missed} figures miss their goal", file=sys.stderr)
    return min(missed, 1)


def misses(figure: Figure) -> bool:
    """Whether a figure is above its goal, `0` or `≤ 10`; one that could not be had misses none."""
    return figure.value is not None and figure.goal != "" and figure.value > float(figure.goal.removeprefix("≤"))
