"""What an edit takes in memory by design: its entry in the history, its row of the audit trail, its hairs.

Run as `python -m tests.endurance.memory_of_edits FOLDER`; prints KiB an edit.
"""

import gc
import random
import sys
from pathlib import Path

import numpy as np
import psutil

from tests.endurance.large_desk import make_many
from tests.ui.small_session import READER
from ui.spare_memory import give_back
from workstation import edits
from workstation.model.hair import Status
from workstation.model.patch import Patch
from workstation.model.read import Read
from workstation.session import open_study

N_IMAGES, PER_IMAGE, WARM = 30, 100, 6


def make(read: Read, rng: random.Random) -> Patch:
    """An edit, as often of each kind as the reviewer makes them."""
    hair = read.hairs[rng.choice(sorted(read.hairs))]
    kind = rng.choices(("judge", "reshape", "width", "comment", "regroup"), (44, 24, 8, 6, 6))[0]
    if kind == "judge":
        other = [status for status in Status if status is not hair.status]
        return edits.set_status(read, [hair.id], rng.choice(other))
    if kind == "reshape":
        return edits.reshape_hair(read, hair.id, hair.vertices_px + np.array([rng.random(), rng.random()]), None)
    if kind == "width":
        return edits.set_width(read, [hair.id], rng.uniform(2, 14))
    if kind == "comment":
        return edits.comment_hairs(read, [hair.id], f"doubtful {rng.random()}")
    return edits.put_into_unit(read, rng.sample(sorted(read.hairs), 2), None)


def memory_kib() -> float:
    """What this process takes at rest."""
    gc.collect()
    give_back()
    return psutil.Process().memory_info().rss / 1024


def main(folder: Path) -> float:
    """Edit image after image, and see what it took once the first few are done."""
    rng, before = random.Random(7), 0.0
    with open_study(make_many(folder / "study", N_IMAGES), READER) as session:
        for image_id in range(1, N_IMAGES + 1):
            if image_id == WARM + 1:
                before = memory_kib()
            for _ in range(PER_IMAGE):
                session.document.apply(make(session.document.current_reader_read(image_id), rng))
        return (memory_kib() - before) / ((N_IMAGES - WARM) * PER_IMAGE)


if __name__ == "__main__":
    print(main(Path(sys.argv[1])))
