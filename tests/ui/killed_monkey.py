"""Kills a window that a monkey plays with, again and again, and looks after each kill what is left of its edits.

Run as `python -m tests.ui.killed_monkey FOLDER KILLS SEED`; it prints one JSON object. One process with everything
imported makes the windows by forking. A window tells each edit as soon as it hears of it; after the kill the study is
opened, and every edit that was told must be there.
"""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import hashlib
import json
import random
import signal
import sys
import time
from pathlib import Path
from typing import IO

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.faults.killing import in_child
from tests.ui.monkey import Monkey
from tests.ui.small_session import READER, make_small_study
from ui.desk import Desk
from ui.main_window import MainWindow
from workstation.model.study import Study
from workstation.session import open_study
from workstation.settings import Settings, load_settings, save_settings
from workstation.storage.codec import read_digest
from workstation.storage.verify import verify

SHORTEST_RUN_S, LONGEST_RUN_S = 0.05, 1.5
FIRST_EDIT_S = 20.0
N_ACTS = 100_000
"""More than it comes to."""


def state_of(study: Study) -> str:
    """What a study says, in a few characters."""
    reads = "".join(read_digest(read) for read in study.reads.values())
    return hashlib.sha256(f"{reads}{study.images}{study.cutoffs}".encode()).hexdigest()[:16]


def play(study: Path, seed: int, out: IO[str]) -> None:
    """Open the window and let the monkey play until it is killed."""
    QApplication([])
    desk = Desk(load_settings())
    window = MainWindow(desk)
    window.resize(960, 600)
    window.show()
    told = lambda change: print(change.entry.seq, state_of(change.after), file=out, flush=True)  # noqa: E731
    desk.workspace.document_changed.connect(told)
    window.begin(study)
    while desk.workspace.session is None:
        QTest.qWait(1)
    Monkey(window, study, seed, without=("image.detect", "image.detect_all")).play(N_ACTS)


def one_kill(study: Path, rng: random.Random) -> tuple[int, list[str]]:
    """Play, kill, look; the number of edits that were told, and what was wrong."""
    seed = rng.randrange(10**9)
    pid, told = in_child(lambda out: play(study, seed, out))
    first = told.readline()
    time.sleep(rng.uniform(SHORTEST_RUN_S, LONGEST_RUN_S))
    os.kill(pid, signal.SIGKILL)
    lines = [line.split() for line in (first, *told) if line.endswith("\n")]
    told.close()
    _, status = os.waitpid(pid, 0)
    if not os.WIFSIGNALED(status):
        return len(lines), [f"seed {seed}: the window ended by itself"]
    wrong = [f"seed {seed}: {fault.message}" for fault in verify(study) if not fault.holds]
    with open_study(study, READER, read_only=True) as session:
        seq, state = session.document.history.last_seq, state_of(session.study)
    last_seq, last_state = int(lines[-1][0]), lines[-1][1]
    if not last_seq <= seq <= last_seq + 1:  # one may have been committed and not told yet
        wrong.append(f"seed {seed}: edit {last_seq} was told and {seq} is the last one found")
    if seq == last_seq and state != last_state:
        wrong.append(f"seed {seed}: the study is not as it was told")
    return len(lines), wrong


def main(folder: Path, n_kills: int, seed: int) -> dict[str, object]:
    """Kill so many windows on one study; what became of it."""
    os.environ["TRICHODESK_HOME"] = str(folder / "home")
    save_settings(Settings(reader=READER, autosave_after_s=1))
    study, rng = make_small_study(folder / "study"), random.Random(seed)
    n_edits, wrong = 0, []
    for _ in range(n_kills):
        n, faults = one_kill(study, rng)
        n_edits, wrong = n_edits + n, wrong + faults
    return {"kills": n_kills, "edits": n_edits, "wrong": wrong}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
