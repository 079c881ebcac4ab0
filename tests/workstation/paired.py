"""The study of `two_visits` with its pairs: one registered, one that failed, one of which only landmarks are known."""

import math
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from analysis.matching.match import Level, Ruling
from analysis.registration.result import Registration, Verdict
from analysis.registration.warp import Warp
from tests.workstation.two_visits import SIZE_PX, three_visits, turned
from workstation.model.pair import Decision, Landmark, Pair, RegistrationRecord
from workstation.model.study import ChangeRules

NAN = float("nan")
FAILED, GOOD, MARKED = 1, 2, 3
"""The pairs' numbers: baseline and week 6, baseline and week 12, week 6 and week 12."""


def true_warp(degrees=4.0, shift=(12.0, -9.0)):
    """How `turned` shows the first visit's places, and a bending of less than half a pixel."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    middle = SIZE_PX / 2
    linear = np.array([[c, -s], [s, c]])
    moved = np.array(shift) + middle - linear @ [middle, middle]
    knots, bends = [[200.0, 300.0], [800.0, 700.0], [500.0, 100.0]], [[0.25, -0.125], [-0.25, 0.125], [0.0, 0.0625]]
    return Warp(np.column_stack([linear, moved]), np.array(knots), np.array(bends), 500.0)


def record(warp, verdict=Verdict.GOOD, reason="", *, reads=(1, 2), residual_um=7.25, n_landmarks=0):
    found = warp is not None
    result = Registration(
        warp, verdict, reason, residual_um if found else NAN, 86 if found else 0, 0.925 if found else 0.0,
        0.9216 if found else 0.0,
    )  # fmt: skip
    return RegistrationRecord(result, *reads, n_landmarks, "0.1.0", "2026-02-04T08:00:00Z")


def landmark(id_, pair_id, place=(100.25, 900.5)):
    there = turned(np.array([place]))[0]
    return Landmark(id_, pair_id, (float(place[0]), float(place[1])), (float(there[0]), float(there[1])))


def decision(id_, ruling, pair_id=GOOD, reads=(1, 2), reader="Zoë"):
    return Decision(id_, pair_id, ruling, *reads, reader)


RULINGS = {
    2: Ruling(Level.UNIT, 1010, None),
    3: Ruling(Level.HAIR, 20, 21, same=False),
    5: Ruling(Level.UNIT, None, 1094),
    6: Ruling(Level.HAIR, 30, 30),
}


def paired_visits(**options):
    """Baseline, week 6 and week 12 with the three pairs among them, landmarks and decisions."""
    study = three_visits(**options)
    marks = {1: landmark(1, GOOD), 4: landmark(4, GOOD, (500.0, 20.125))}
    pairs = [
        Pair(FAILED, 1, 3, record(None, Verdict.FAILED, "Too few units – „3“ – lie alike.", reads=(1, 3))),
        Pair(
            GOOD, 1, 2, record(true_warp(), reason="86 of 90 units lie alike.", n_landmarks=2),
            MappingProxyType(marks), MappingProxyType({i: decision(i, r) for i, r in RULINGS.items()}), 9,
        ),
        Pair(MARKED, 3, 2, None, MappingProxyType({1: landmark(1, MARKED)}), next_id=2),
    ]  # fmt: skip
    return replace(study, pairs=MappingProxyType({pair.id: pair for pair in pairs}), rules=ChangeRules(0.625, 12.5))


def with_pair(study, pair):
    """The study with a pair put in or exchanged."""
    return replace(study, pairs=MappingProxyType({**study.pairs, pair.id: pair}))
