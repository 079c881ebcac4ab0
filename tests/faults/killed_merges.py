"""Kills a program that brings a package back, at random moments, and looks after each kill what is left.

Run as `python -m tests.faults.killed_merges FOLDER KILLS SEED`; it prints one JSON object. After each kill the study
must open and hold all of the package or nothing of it; all, where the program had said so; and once the package is
brought in again, the study must be as it is after a merge that nobody disturbed.
"""

import json
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import IO

from tests.faults.killing import in_child
from tests.workstation.blinding.blinded_trial import OWNER, blinded_trial, handed, worked_in
from workstation.blinding.merging import merge_work_file
from workstation.edits import delete_hairs
from workstation.home import HOME_VARIABLE
from workstation.model.study import Study
from workstation.session import open_study
from workstation.storage.annotation import annotation_digest
from workstation.storage.verify import Check, verify

STUDY, WORK = "miller.h5", "done.h5"


def state_of(study: Study) -> list[object]:
    """What a merge changes, told without ids that are given anew."""
    reads = sorted(
        [r.image_id, r.reader, str(r.review.state), r.repeat, annotation_digest(r)] for r in study.reads.values()
    )
    return [reads, [package.returned is not None for package in study.packages.values()]]


def merge(folder: Path, out: IO[str]) -> None:
    """Open the study and bring the package in; tell when each is done."""
    with open_study(folder / STUDY, OWNER) as session:
        print("open", file=out, flush=True)
        merge_work_file(session, folder / WORK)
        print("merged", file=out, flush=True)


def look(folder: Path, out: IO[str]) -> None:
    """What is left, and what it comes to when the package is brought in again."""
    faults = [f.message for f in verify(folder / STUDY) if not f.holds and f.check is not Check.IMAGES]
    with open_study(folder / STUDY, OWNER) as session:
        assert session.read_only_because is None, session.read_only_because
        found, notices = state_of(session.study), session.recovered.notices
        merge_work_file(session, folder / WORK)
        again = state_of(session.study)
    print(json.dumps({"found": found, "again": again, "wrong": [*faults, *notices]}), file=out, flush=True)


def result_of(work) -> list[str]:
    """What a child tells until it ends."""
    pid, told = in_child(work)
    lines = [line.strip() for line in told]
    told.close()
    os.waitpid(pid, 0)
    return lines


def one_kill(folder: Path, after_s: float, before: object, after: object, tally: dict[str, int]) -> list[str]:
    """Merge, kill, look; what was wrong."""
    pid, told = in_child(lambda out: merge(folder, out))
    time.sleep(after_s)
    os.kill(pid, signal.SIGKILL)
    lines = [line.strip() for line in told if line.endswith("\n")]
    told.close()
    os.waitpid(pid, 0)
    if not (seen := result_of(lambda out: look(folder, out))):
        return ["the study could not be opened"]
    found = json.loads(seen[0])
    wrong = list(found["wrong"])
    tally["after" if found["found"] == after else "before"] += 1
    tally["while merging"] += lines == ["open"]
    if found["found"] not in (before, after):
        wrong.append("a part of the package is in the study")
    if "merged" in lines and found["found"] != after:
        wrong.append("the merge was told, and is not there")
    if found["again"] != after:
        wrong.append("brought in again, the study is another")
    return wrong


def main(folder: Path, n_kills: int, seed: int) -> dict[str, object]:
    """Kill so many merges of copies of one study; what became of them."""
    rng, made = random.Random(seed), folder / "made"
    os.environ[HOME_VARIABLE] = str(folder / "home")
    path = blinded_trial(made)
    handed(path, made / WORK)
    worked_in(made / WORK, lambda read: delete_hairs(read, [1 + read.image_id % 3]))
    tally, wrong = {"before": 0, "after": 0, "while merging": 0}, []

    def copied(name: str) -> Path:
        """The study as it was, for a program that knows nothing of the other copies."""
        copy = shutil.copytree(made, folder / name)
        os.environ[HOME_VARIABLE] = str(folder / f"home of {name}")
        shutil.copytree(folder / "home", os.environ[HOME_VARIABLE])
        return copy

    with open_study(path, OWNER, read_only=True) as session:
        before = json.loads(json.dumps(state_of(session.study)))
    begun = time.monotonic()
    (whole,) = result_of(lambda out: look(copied("whole"), out))
    longest_s, after = time.monotonic() - begun, json.loads(whole)["again"]
    assert before != after
    for k in range(n_kills):
        copy = copied(str(k))
        wrong += [f"kill {k}: {what}" for what in one_kill(copy, rng.uniform(0, longest_s), before, after, tally)]
        shutil.rmtree(copy)
    return {"kills": n_kills, "wrong": wrong, **tally}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
