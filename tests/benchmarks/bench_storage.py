"""Opening, saving and the journal on a pair of 12-MP images with 5,000 hairs; kills and flipped bits survived."""

import json
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from tests.benchmarks.figure import Figure
from tests.workstation.storage.studies import comment, same, study
from workstation.errors import UserFacingError
from workstation.home import HOME_VARIABLE
from workstation.session import create_study, open_study
from workstation.storage.reader import read_study
from workstation.storage.verify import verify

SECTION = "Storage"
N_HAIRS, N_VERTICES = 2500, 20
N_EDITS = 5000
N_KILLS = 50
N_FLIPS = 1500
REPOSITORY = Path(__file__).parents[2]


def figures() -> list[Figure]:
    """Times on one pair of images: two detections and two reads based on them, 10,000 hairs in all."""
    with _folder() as folder:
        path = folder / "trial.h5"
        create_study(path, study(N_HAIRS, n_vertices=N_VERTICES), user="Ada")
        found = [
            *_open_and_save(path),
            *_memory(path),
            *_journal(path),
            *_long_history(path),
        ]
    return [*found, *_kills(), *_flips()]


@contextmanager
def _folder() -> Iterator[Path]:
    before = os.environ.get(HOME_VARIABLE)
    with tempfile.TemporaryDirectory() as name:
        os.environ[HOME_VARIABLE] = str(Path(name) / "home")
        try:
            yield Path(name)
        finally:
            if before is None:
                del os.environ[HOME_VARIABLE]
            else:
                os.environ[HOME_VARIABLE] = before


def _figure(name: str, value: float | None, unit: str, goal: str = "", note: str = "") -> Figure:
    return Figure(SECTION, name, value, unit, goal, note)


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def _open_and_save(path: Path) -> list[Figure]:
    opening, saving = [], []
    for k in range(5):
        opening.append(_seconds(lambda: open_study(path, "Zoë").close()))
        with open_study(path, "Zoë") as session:
            comment(session.document, f"{k}")
            saving.append(_seconds(session.save))
    return [
        _figure("open a pair with 2 × 2,500 hairs and their detections", float(np.median(opening)), "s", "< 1"),
        _figure("save it, verified", float(np.median(saving)), "s", "< 1", "read back and compared; 3 backups"),
        _figure("its file", path.stat().st_size / 2**20, "MiB"),
        _figure("verify it in full", _seconds(lambda: verify(path)), "s", "", "images apart"),
    ]


def _peak_mib() -> float | None:
    """The most memory this process ever had; unlike `ru_maxrss` not inherited from the one that started it."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    return next(int(line.split()[1]) / 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM"))


def _grown_by(path: Path, save: bool) -> float | None:
    before = _peak_mib()
    with open_study(path, "Zoë") as session:
        if save:
            comment(session.document, "memory")
            session.save()
    after = _peak_mib()
    return None if before is None or after is None else after - before


def _memory(path: Path) -> list[Figure]:
    context = multiprocessing.get_context("spawn")
    found = []
    for name, save in (("open", False), ("open, edit and save", True)):
        with context.Pool(1) as pool:
            grown = pool.apply(_grown_by, (path, save))
        found.append(_figure(f"peak memory to {name}", grown, "MiB", "", "above what the imports took"))
    return found


def _journal(path: Path) -> list[Figure]:
    with open_study(path, "Zoë") as session:
        times = [_seconds(lambda k=k: comment(session.document, f"{k}", 1 + k % N_HAIRS)) for k in range(N_EDITS)]
        journal = session._journal
        assert journal is not None
        row = journal.unsaved()[-1].row
        appends = [_seconds(lambda: journal.append(row, {}, path="/elsewhere", base="")) for _ in range(1000)]
    p50, p99 = (np.percentile(appends, [50, 99]) * 1e3).tolist()
    e50, e99 = (np.percentile(times, [50, 99]) * 1e3).tolist()
    return [
        _figure("journal append, p50", p50, "ms", "< 1", "synced before it returns"),
        _figure("journal append, p99", p99, "ms"),
        _figure("committed edit, p50", e50, "ms", "", "checks and journal, 2,500 hairs in the read"),
        _figure("committed edit, p99", e99, "ms"),
    ]


def _long_history(path: Path) -> list[Figure]:
    recovering = _seconds(lambda: open_study(path, "Zoë").close())
    with open_study(path, "Zoë") as session:
        n = session.recovered.n_edits
        saving = _seconds(session.save)
    opening = _seconds(lambda: open_study(path, "Zoë").close())
    return [
        _figure(f"open and recover {n:,} unsaved edits", recovering, "s"),
        _figure(f"save {n:,} edits at once, verified", saving, "s"),
        _figure(f"open with a history of {n:,} edits", opening, "s", "", "undo reaches back to the first"),
    ]


def _kills() -> list[Figure]:
    if not hasattr(os, "fork"):
        return [_figure("kills survived", None, f"of {N_KILLS}", "", "needs a system that forks")]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.faults.killing", folder, str(N_KILLS), "7"]
        ended = subprocess.run(command, capture_output=True, text=True, cwd=REPOSITORY, check=True)
    found = json.loads(ended.stdout)
    note = f"{found['while saving']} of them in a save, {found['edits']} edits committed, none lost"
    return [_figure("kills survived", found["survived"], f"of {N_KILLS}", f"{N_KILLS}", note)]


def _flips() -> list[Figure]:
    with _folder() as folder:
        path, flipped = folder / "small.h5", folder / "flipped.h5"
        create_study(path, study(20, n_vertices=8), user="Ada")
        whole, good, rng = path.read_bytes(), read_study(path), random.Random(3)
        found = silent = 0
        for _ in range(N_FLIPS):
            changed = bytearray(whole)
            changed[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
            flipped.write_bytes(changed)
            try:
                again = read_study(flipped)
            except UserFacingError:
                found += 1
            else:
                silent += not same(again.study, good.study)
    return [
        _figure("flipped bits that gave another value", silent, f"of {N_FLIPS}", "0"),
        _figure("flipped bits that were found", found, f"of {N_FLIPS}", "", "the others lie in unused room"),
    ]
