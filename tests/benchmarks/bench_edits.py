"""How long a committed edit takes: from the reader's gesture to the journal on disk and the changed study."""

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from tests.benchmarks.figure import Figure
from tests.benchmarks.large_study import own_home
from tests.workstation.small_study import TEN_UM, make_hair, make_image, make_read, make_study
from workstation import edits
from workstation.document import Document
from workstation.history import History
from workstation.model.hair import Status
from workstation.model.patch import Change, Kind, Patch
from workstation.model.read import DETECTOR, Read, ReadState
from workstation.model.study import Study
from workstation.session import create_study, open_study

SECTION = "Edits"
N_HAIRS = 5000
REPEATS = 200
IMAGE = make_image()

Edit = Callable[[Read, int], Patch]
"""An edit of the hair with an id."""

EDITS: dict[str, Edit] = {
    "move a vertex": lambda read, i: edits.move_vertex(read, i, 1, read.hairs[i].vertices_px[1] + 0.25),
    "reject a hair": lambda read, i: edits.set_status(read, [i], Status.REJECTED),
    "add a hair to the nearest unit": lambda read, i: edits.add_hair(
        read, read.hairs[i].vertices_px + 0.5, calibration=TEN_UM
    ),
    "split a hair": lambda read, i: edits.split_hair(read, i, 8.0, calibration=TEN_UM),
    "delete a hair": lambda read, i: edits.delete_hairs(read, [i]),
    "put a hair into another unit": lambda read, i: edits.put_into_unit(read, [i], read.hairs[i + 2].unit_id),
    "paint an exclusion": lambda read, i: edits.paint_exclusion(read, IMAGE, [[i / 6, 10], [i / 6, 40]], 4.0),
}


def big_study() -> Study:
    """A detection of 5,000 hairs in 2,500 units on one image."""
    random = np.random.default_rng(0)
    roots = random.uniform(30, 960, (N_HAIRS, 2))
    shape = np.array([[0, 0], [1, 5], [3, 9], [4, 14], [6, 18]], dtype=float)
    hairs = [make_hair(i + 1, N_HAIRS + 1 + i // 2, root + shape) for i, root in enumerate(roots)]
    return make_study([make_read(hairs, reader=DETECTOR, state=ReadState.DETECTED)], [IMAGE])


def figures() -> list[Figure]:
    """Each kind of edit, undo and redo, all of them together, one edit of many hairs, the replay of the history."""
    with tempfile.TemporaryDirectory() as folder, own_home(Path(folder) / "home"):
        path = Path(folder) / "study.h5"
        create_study(path, big_study(), user="Ada")
        with open_study(path, "Ada") as session:
            return [*_measured(session.document)]


def _measured(document: Document) -> Iterator[Figure]:
    yield _figure(f"take in a detection of {N_HAIRS:,} hairs", [_seconds(lambda: _adopt(document)) for _ in range(5)])
    start = time.perf_counter()
    read_id = document.current_reader_read(1).id
    yield _figure(f"begin a read of {N_HAIRS:,} hairs", [time.perf_counter() - start])
    entries = []
    document.subscribe(lambda change: entries.append(change.entry))
    every: list[float] = []
    for number, (name, edit) in enumerate(EDITS.items()):
        hair_ids = range(1 + number, N_HAIRS, N_HAIRS // REPEATS)
        seconds = [_timed(document, read_id, edit, hair_id) for hair_id in hair_ids]
        every += seconds
        yield _figure(name, seconds)
    yield _figure("undo", [_seconds(document.undo) for _ in range(REPEATS)])
    yield _figure("redo", [_seconds(document.redo) for _ in range(REPEATS)])
    yield _figure("an edit of any of these kinds, median", every, goal="≤ 5 ms")
    yield Figure(SECTION, "the same, 99th percentile", float(np.percentile(every, 99)) * 1e3, "ms")
    many = list(document.study.reads[read_id].hairs)[:1000]
    seconds = [_seconds(lambda: document.apply(edits.set_width(document.study.reads[read_id], many, 9.0)))]
    yield _figure("set the width of 1,000 hairs", seconds)
    yield _figure(f"history of {len(entries):,} entries", [_seconds(lambda: History.replay(entries, "Ada"))])


def _adopt(document: Document) -> None:
    detection = replace(document.study.reads[1], id=max(document.study.reads) + 1)
    document.apply(Patch("adopt detection", None, (Change(Kind.READ, detection.id, None, detection),)))


def _timed(document: Document, read_id: int, edit: Edit, hair_id: int) -> float:
    return _seconds(lambda: document.apply(edit(document.study.reads[read_id], hair_id)))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _figure(name: str, seconds: list[float], goal: str = "") -> Figure:
    spread = f"99th percentile {np.percentile(seconds, 99) * 1e3:.1f} ms" if len(seconds) > 1 else ""
    return Figure(
        SECTION, name, float(np.median(seconds)) * 1e3, "ms", goal, f"{N_HAIRS:,} hairs; {spread}".rstrip("; ")
    )
