"""Kills a program that edits and saves a study, again and again, and looks after each kill what is left.

Run as `python -m tests.faults.killing FOLDER KILLS SEED`; it prints one JSON object. One process with everything
imported makes the others by forking, so that a kill takes a fraction of a second. The editor tells each edit once it
is committed; after the kill a fresh process opens the study, and every edit that was told must be there, the file must
pass every check, and undo must lead back through the states before.
"""

import json
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import IO

import numpy as np

from tests.workstation.storage.studies import study
from workstation.document import Document
from workstation.model.hair import frozen_array
from workstation.model.patch import Change, Kind, Patch
from workstation.session import create_study, open_study
from workstation.storage.codec import read_digest
from workstation.storage.verify import Check, verify

READ_ID = 3
LONGEST_RUN_S = 0.4


def state_of(document: Document) -> str:
    return read_digest(document.study.reads[READ_ID])


def reshape(document: Document, rng: random.Random) -> None:
    hair = rng.choice(list(document.study.reads[READ_ID].hairs.values()))
    step = np.array([rng.gauss(0, 1), rng.gauss(0, 1)])
    moved = replace(hair, vertices_px=frozen_array(hair.vertices_px + step, 2))
    document.apply(Patch("reshape hair", READ_ID, (Change(Kind.HAIR, hair.id, hair, moved),)))


def edit_until_killed(path: Path, seed: int, out: IO[str]) -> None:
    """Edit and save, sometimes both at once, and tell each edit."""
    rng = random.Random(seed)
    session = open_study(path, "Zoë")
    assert session.read_only_because is None, session.read_only_because
    print("open", file=out, flush=True)
    saver = threading.Thread()
    while True:
        reshape(session.document, rng)
        print(state_of(session.document), file=out, flush=True)
        if rng.random() < 0.15:
            if rng.random() < 0.5:
                session.save()
            elif not saver.is_alive():
                saver = threading.Thread(target=session.save, daemon=True)
                saver.start()


def look(path: Path, n_back: int, out: IO[str]) -> None:
    """Open, check, undo some edits and redo them; tell the states on the way."""
    leftover = len(list(path.parent.glob(".*.tmp.h5")))
    faults = [f.message for f in verify(path) if not f.holds and f.check is not Check.IMAGES]
    with open_study(path, "Zoë") as session:
        assert session.read_only_because is None, session.read_only_because
        document = session.document
        states = [state_of(document)]
        for _ in range(n_back):
            assert document.undo() is not None
            states.append(state_of(document))
        for _ in range(n_back):
            document.redo()
        found = {
            "states": states, "again": state_of(document), "recovered": session.recovered.n_edits,
            "notices": session.recovered.notices, "faults": faults, "in_save": leftover,
            "n_done": len(document.history.done),
        }  # fmt: skip
    print(json.dumps(found), file=out, flush=True)


def in_child(work: Callable[[IO[str]], None]) -> tuple[int, IO[str]]:
    """Do some work in a forked process that writes to a pipe; its number and the pipe's other end."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reading)
            with os.fdopen(writing, "w") as out:
                work(out)
        except BaseException as error:  # noqa: BLE001
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            os._exit(1)
        os._exit(0)
    os.close(writing)
    return pid, os.fdopen(reading)


def one_kill(path: Path, rng: random.Random, states: list[str], tally: dict[str, int]) -> list[str]:
    """Edit, kill, look; what was wrong. `states` holds the state after every edit in force, oldest first."""
    seed = rng.randrange(10**9)
    pid, told = in_child(lambda out: edit_until_killed(path, seed, out))
    time.sleep(rng.uniform(0, LONGEST_RUN_S))
    os.kill(pid, signal.SIGKILL)
    lines = [line.strip() for line in told if line.endswith("\n")]
    told.close()
    os.waitpid(pid, 0)
    tally["edits"] += max(len(lines) - 1, 0)
    tally["while opening"] += not lines
    states += lines[1:]
    n_back = min(4, len(states) - 1)
    pid, told = in_child(lambda out: look(path, n_back, out))
    text = told.read()
    told.close()
    os.waitpid(pid, 0)
    if not text:
        return ["the study could not be opened"]
    found = json.loads(text)
    tally["while saving"] += found["in_save"]
    tally["recovered"] += found["recovered"]
    if len(found["states"]) > 1 and found["states"][1] == states[-1] != found["states"][0]:
        states.append(found["states"][0])  # committed, but killed before it could be told
    wrong = list(found["faults"]) + list(found["notices"])
    expected = states[::-1][: n_back + 1]
    if found["states"] != expected:
        wrong.append("undo does not lead back through the states before")
    if found["again"] != states[-1]:
        wrong.append("the last edit that was told is not there")
    if found["n_done"] != len(states) - 1:
        wrong.append(f"{found['n_done']} edits can be undone instead of {len(states) - 1}")
    return wrong


def main(folder: Path, n_kills: int, seed: int) -> dict[str, object]:
    os.environ["TRICHODESK_HOME"] = str(folder / "home")
    path = folder / "trial.h5"
    one = study()
    create_study(path, one, user="Ada")
    rng, states = random.Random(seed), [read_digest(one.reads[READ_ID])]
    tally = {"edits": 0, "while opening": 0, "while saving": 0, "recovered": 0}
    wrong: list[str] = []
    for k in range(n_kills):
        wrong += [f"kill {k}: {what}" for what in one_kill(path, rng, states, tally)]
    return {"kills": n_kills, "survived": n_kills - len({w.split(":")[0] for w in wrong}), "wrong": wrong, **tally}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
