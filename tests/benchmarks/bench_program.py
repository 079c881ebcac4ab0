"""The real program at work: how soon it is there, how soon an edit is seen, what it takes, and whether that grows.

Each scenario runs in a process of its own, on an X server of its own where there is one. `TRICHODESK_BENCH_SHARE`, a
number up to 1, shortens the hour of scripted use.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from tests.benchmarks.figure import Figure
from tests.benchmarks.large_study import NOTE, own_home, write_large_study
from tests.benchmarks.share import share
from tests.ui.x_server import x_server
from workstation.home import HOME_VARIABLE

SECTION = "The program"
SCREEN = (1440, 900)
USUAL_SHARE = 0.1
"""Six minutes of the hour; the whole of it takes as long as it says."""
STARTS = 3
POLL_S = 0.02
ROOT = Path(__file__).parent.parent.parent


def figures() -> list[Figure]:
    """Start, opening, edits, memory, and an hour of use."""
    with tempfile.TemporaryDirectory() as name, _screen(Path(name)) as (environment, screen):
        folder = Path(name)
        with own_home(folder / "maker"):
            study = write_large_study(folder)
        probe = _Probe(folder, study, environment)
        return [*_starting(probe, screen), *_editing(probe, screen), *_using(probe)]


@contextmanager
def _screen(folder: Path) -> Iterator[tuple[dict[str, str], str]]:
    """The environment for programs, and the screen in words."""
    if shutil.which("Xvfb") is None:
        yield {**os.environ, "QT_QPA_PLATFORM": "offscreen"}, "without a screen"
        return
    with x_server(folder, *SCREEN) as environment:
        yield environment, f"on an X server, {SCREEN[0]} × {SCREEN[1]}"


class _Probe:
    """Runs scenarios, each on a fresh copy of the study."""

    def __init__(self, folder: Path, study: Path, environment: dict[str, str]) -> None:
        self._folder, self._study, self._environment = folder, study, environment
        self.peak_mib = 0.0
        """The most that the last scenario took."""

    def run(self, scenario: str, share: float = 1.0) -> dict[str, Any]:
        """What a scenario of `program_use` found."""
        with tempfile.TemporaryDirectory(dir=self._folder) as name:
            home, target = Path(name) / "home", Path(name) / "found.json"
            home.mkdir()
            (home / "settings.json").write_text(json.dumps({"reader": "Ada", "theme": "dark"}))
            study = Path(shutil.copy(self._study, name))
            shutil.copytree(self._study.parent / "study.images", Path(name) / "study.images")
            words = [scenario, str(study), str(target), repr(time.time()), str(share)]
            command = [sys.executable, "-m", "tests.benchmarks.program_use", *words]
            environment = {**self._environment, HOME_VARIABLE: str(home)}
            process = subprocess.Popen(command, env=environment, cwd=ROOT)
            self.peak_mib = _peak_mib(process)
            if process.returncode or not target.exists():
                raise RuntimeError(f"the program ended with status {process.returncode}")
            found: dict[str, Any] = json.loads(target.read_text())
        if "error" in found:
            raise RuntimeError(f"{scenario}: {found['error']}")
        return found


def _peak_mib(process: "subprocess.Popen[bytes]") -> float:
    """The most memory that a process takes until it ends."""
    watched, peak = psutil.Process(process.pid), 0
    while process.poll() is None:
        try:
            peak = max(peak, watched.memory_info().rss)
        except psutil.Error:
            break
        time.sleep(POLL_S)
    process.wait()
    return peak / 2**20


def _starting(probe: _Probe, screen: str) -> Iterator[Figure]:
    probe.run("named")  # files come from the disk for the first time
    found = [probe.run("start") for _ in range(STARTS)]
    peak_mib = probe.peak_mib
    named = [probe.run("named")["opened_s"] for _ in range(STARTS)]
    note = f"{screen}; best {{best:.2f}} s of {STARTS}"
    for name, seconds, what in (
        ("start to a usable window", [f["start_s"] for f in found], note),
        ("open the study, until both images stand there with overlay", [f["open_s"] for f in found], f"{NOTE}; {note}"),
    ):
        yield Figure(SECTION, name, _median(seconds), "s", "< 2 s", what.format(best=min(seconds)))
    yield Figure(
        SECTION, "start with the study named, until both images stand there", _median(named), "s", "",
        note.format(best=min(named)),
    )  # fmt: skip
    yield Figure(
        SECTION, "open the study, until lines follow shafts in both images",
        _median([f["prepared_s"] for f in found]), "s", "", "prepared in the background",
    )  # fmt: skip
    yield Figure(SECTION, "memory, start page", _median([f["start_mib"] for f in found]), "MiB")
    yield Figure(SECTION, "memory, at most while the pair is opened and prepared", peak_mib, "MiB", "≤ 1,500 MiB", NOTE)
    yield Figure(SECTION, "memory, afterwards", _median([f["idle_mib"] for f in found]), "MiB", "≤ 1,500 MiB")


def _editing(probe: _Probe, screen: str) -> Iterator[Figure]:
    found = probe.run("edit")
    found.pop("size")
    for name, times in found.items():
        drawn_ms, settled_ms = 1e3 * np.array(times).T
        p95 = np.percentile(drawn_ms, 95)
        note = f"95th percentile {p95:.1f} ms; the panels follow after {np.median(settled_ms):.1f} ms"
        yield Figure(SECTION, f"{name}: until it is seen", float(np.median(drawn_ms)), "ms", "≤ 50 ms", note)
    yield Figure(SECTION, "memory, at most while editing", probe.peak_mib, "MiB", "≤ 1,500 MiB", screen)


def _using(probe: _Probe) -> Iterator[Figure]:
    found = probe.run("use", share(USUAL_SHARE))
    before, after, n_edits = found["before"], found["after"], found["n_edits"]
    what = f"{n_edits:,} edits, {found['n_switches']:,} times other images, after a warm-up of a tenth as many"
    grown_kib = 1024 * (after["rss_mib"] - before["rss_mib"]) / n_edits
    note = f"{before['rss_mib']:.0f} to {after['rss_mib']:.0f} MiB: {grown_kib:.1f} KiB an edit"
    yield _growth("memory", before["rss_mib"], after["rss_mib"], f"{what}; {note}")
    yield _growth("widgets", before["widgets"], after["widgets"])
    yield _growth("objects of Qt", before["qt"], after["qt"])
    python = [state["python"] - state["history"] for state in (before, after)]
    yield _growth("objects of Python other than the history", *python)
    history = (after["history"] - before["history"]) / n_edits
    yield Figure(SECTION, "objects that an edit adds to the history", history, "objects", "", "undo is without limit")
    yield Figure(SECTION, "memory, at most in that time", probe.peak_mib, "MiB", "≤ 1,500 MiB")


def _growth(what: str, before: float, after: float, note: str = "") -> Figure:
    percent = 100 * (after / before - 1)
    return Figure(
        SECTION, f"an hour of use: growth of {what}", percent, "%", "≤ 5 %", note or f"{before:,.0f} to {after:,.0f}"
    )


def _median(values: list[float]) -> float:
    return float(np.median(values))
