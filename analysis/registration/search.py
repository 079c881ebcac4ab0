"""The likeliest placement of one visit's units in another's, from nothing but the units.

A small field is searched as a whole. Of a large one a round part with a few dozen units is searched, where turn, scale
and bending matter less than over the whole, and what was found is grown from the part to the whole.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from analysis.detection import FloatArray
from analysis.progress import Report, part_of
from analysis.registration.aim import MAX_SCALE
from analysis.registration.likelihood import Pairing, Settled, settle
from analysis.registration.places import Places
from analysis.registration.skin import NO_MARKS, Marks, Skin
from analysis.registration.votes import Candidate, candidates, turns_and_scales, usual

WHOLE = 100
"""Units of a field that is searched as a whole."""
PART = 32
"""Units of a part of a larger field."""
PART_MIDDLES = ((2, 2), (1, 1), (3, 3), (3, 1), (1, 3), (1, 2), (3, 2), (2, 1), (2, 3))
"""Where parts are looked at, one after the other, in quarters of the field's width and height."""
SURE = math.log(1e8)
"""Bayes factor from which no further part is searched."""
RIGID_TRIED, BENT_TRIED = 48, 6
"""Candidates that are settled without bending; how many of these with it."""
APART_MM = 0.2
"""Candidates nearer than this, anywhere in the field, are one."""
APPROACH = (3.0, 2.5, 2.0, 2.0, 2.0)
SETTLE = (2.0, 1.7, 1.4, 1.2, 1.0, 1.0, 1.0, 1.0)
GROW = (4.0, 3.0, 2.0, 1.5, 1.2, 1.0, 1.0)
"""By how much units may lie off, step for step."""
STEP = 2.0
"""By how much a part grows at a time."""


def search(pairing: Pairing, report: Report) -> Settled | None:
    """The likeliest placement, or None where none is within the limits."""
    if len(pairing.baseline) > WHOLE:
        return _search_parts(pairing, report)
    return _bent(pairing, _rigid(pairing, turns_and_scales(), report)[:BENT_TRIED])


def search_around(pairing: Pairing, mark: Marks) -> Settled | None:
    """The likeliest placement that brings one marked place to where it was marked, or None."""
    found = []
    for turn_rad, scale in turns_and_scales():
        a, b = scale * math.cos(turn_rad), scale * math.sin(turn_rad)
        shift = mark.followup_mm[0] - mark.baseline_mm[0] @ np.array([[a, b], [-b, a]])
        found.append(settle(pairing, np.array([a, b, *shift]), False, APPROACH, mark))
    near = sorted((s for s in found if s), key=lambda s: -s.log_factor)[:BENT_TRIED]
    return _bent(pairing, near, mark)


def _bent(pairing: Pairing, near: list[Settled], marks: Marks = NO_MARKS) -> Settled | None:
    """The likeliest of some placements after the skin was let bend."""
    bent = (settle(pairing, s.placement.numbers, True, SETTLE, marks) for s in near)
    return max((s for s in bent if s), key=lambda s: s.log_factor, default=None)


def _search_parts(pairing: Pairing, report: Report) -> Settled | None:
    """The same from parts of a large field: first with what a camera is usually off, then with all it may be."""
    best: Settled | None = None
    low, high = pairing.baseline.low_mm, pairing.baseline.high_mm
    middle, radius_mm = low, math.sqrt(PART / math.pi / pairing.baseline.per_mm2)
    tried = turns_and_scales()
    stages = [[t for t in tried if usual(*t)], [t for t in tried if not usual(*t)]]
    steps = list(product(stages, PART_MIDDLES))
    for done, (some, quarters) in enumerate(steps):
        centre = low + (high - low) * np.divide(quarters, 4)
        part = pairing.baseline.within(centre, radius_mm)
        if len(part) < PART / 2:
            continue
        local = replace(pairing, baseline=part, skin=Skin(part.low_mm, part.high_mm))
        found = _rigid(local, some, part_of(report, done / len(steps), 1 / len(steps)))
        if found and (best is None or found[0].log_factor > best.log_factor):
            best, middle = found[0], centre
        if best is not None and best.log_factor > SURE:
            break
    return None if best is None else _grown(pairing, best, middle, radius_mm)


def _rigid(pairing: Pairing, tried: Sequence[tuple[float, float]], report: Report) -> list[Settled]:
    """Placements without bending, the likeliest first."""
    here, followup = pairing.baseline, pairing.followup
    middle = (here.low_mm + here.high_mm) / 2
    radius_mm = 1.1 * MAX_SCALE * float(np.hypot(*(here.high_mm - here.low_mm))) / 2
    design = pairing.skin.design(middle[None], False)
    found = []
    for candidate in _distinct(candidates(here, followup, tried, report), here):
        there = followup.near(np.einsum("cnp,p->c", design, candidate.numbers), radius_mm)
        local = replace(pairing, followup=there)
        found.append(settle(local, candidate.numbers, False, APPROACH))
    return sorted((s for s in found if s), key=lambda s: -s.log_factor)


def _distinct(found: list[Candidate], baseline: Places) -> Iterator[Candidate]:
    """The first candidates that place the field differently."""
    low, high = baseline.low_mm, baseline.high_mm
    corners = np.array([low, high, [low[0], high[1]]])
    kept = np.empty((0, 6))
    for candidate in found:
        a, b, x, y, _, _ = candidate.numbers
        placed = (corners @ np.array([[a, b], [-b, a]]) + [x, y]).ravel()
        if len(kept) and np.abs(kept - placed).max(1).min() < APART_MM:
            continue
        kept = np.vstack([kept, placed])
        yield candidate
        if len(kept) == RIGID_TRIED:
            return


def _grown(pairing: Pairing, found: Settled, middle: FloatArray, radius_mm: float) -> Settled | None:
    """What was found in a part, settled on the whole."""
    low, high = pairing.baseline.low_mm, pairing.baseline.high_mm
    farthest = float(np.hypot(*np.maximum(middle - low, high - middle)))
    while radius_mm < farthest:
        radius_mm *= STEP
        part = replace(pairing, baseline=pairing.baseline.within(middle, radius_mm))
        grown = settle(part, found.placement.numbers, True, GROW)
        if grown is None:
            return None
        found = grown
    return settle(pairing, found.placement.numbers, True, SETTLE)
