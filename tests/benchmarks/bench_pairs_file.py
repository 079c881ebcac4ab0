"""Saving a large trial with its matches: 1,000 pairs of images of 50 units each."""

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from tests.benchmarks.figure import Figure
from tests.benchmarks.large_study import own_home
from tests.workstation.paired import record, true_warp
from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from tests.workstation.two_visits import places_of_units, turned
from workstation import edits
from workstation.edits import pairs
from workstation.model.pair import Pair
from workstation.model.read import Read
from workstation.model.study import Study, Visit
from workstation.session import Session, create_study, open_study

SECTION = "Storage of matched pairs"
N_PAIRS, N_UNITS = 1000, 50


def figures() -> list[Figure]:
    """Times of the first save, of the first after opening, and of one after a single edit."""
    with tempfile.TemporaryDirectory() as name, own_home(Path(name) / "home"):
        path = Path(name) / "trial.h5"
        study = large_trial()
        making = _seconds(lambda: create_study(path, study, user="Ada"))
        opening = _seconds(lambda: open_study(path, "Ada").close())
        with open_study(path, "Ada") as session:
            _edit(session)
            first = _seconds(session.save)
            _edit(session)
            second = _seconds(session.save)
        size_mib = path.stat().st_size / 2**20
    what = f"{N_PAIRS:,} pairs of {N_UNITS} units, 2 hairs each"
    return [
        Figure(SECTION, f"save a new trial of {what}", making, "s", "", "all pairs are matched"),
        Figure(SECTION, "open it", opening, "s"),
        Figure(SECTION, "save it after an edit, the first time since it was opened", first, "s", "", "matched again"),
        Figure(SECTION, "save it after another edit", second, "s", "", "one pair is matched again"),
        Figure(SECTION, "its file", size_mib, "MiB"),
    ]


def large_trial(n_pairs: int = N_PAIRS) -> Study:
    """One subject a pair, each with a baseline and a week 12."""
    visits, images, reads, made = [], [], [], {}
    warp = true_warp()
    for k in range(n_pairs):
        first, later = 2 * k + 1, 2 * k + 2
        places = places_of_units(N_UNITS + 2, seed=k % 40, apart_px=60.0)
        visits += [Visit(first, f"S{k:04d}", "baseline", 0.0), Visit(later, f"S{k:04d}", "week 12", 12.0)]
        images += [make_image(i, i, f"{i}.png", device="bench") for i in (first, later)]
        reads += [_read(first, places[:-2], 0), _read(later, turned(places[2:]), 2)]
        made[k + 1] = Pair(k + 1, first, later, record(warp, reads=(first, later)))
    return replace(make_study(reads, images, visits), pairs=MappingProxyType(made))


def _read(id_: int, places: np.ndarray, first: int) -> Read:
    hairs = []
    for k, place in enumerate(places, start=first):
        for n, side in enumerate((-4.0, 4.0)):
            root = place + np.array([side, 0.0])
            line = root + np.linspace(0, 1, 6)[:, None] * [30.0, 10.0 + side]
            hairs.append(make_hair(2 * k + n + 1, 1001 + k, line, 5.0 + n))
    return make_read(hairs, id_=id_, image_id=id_)


def _edit(session: Session) -> None:
    """A correction of a read of one pair, and a landmark."""
    read = session.study.reads[1]
    session.document.apply(edits.delete_hairs(read, [max(read.hairs)]))
    session.document.apply(pairs.place_landmark(session.study, 1, (10, 10), (20, 20)))


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start
