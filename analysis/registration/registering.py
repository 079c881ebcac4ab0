"""A later visit registered to its baseline, by the units, a reader's landmarks, or both."""

import math
from dataclasses import replace

import numpy as np
import shapely

from analysis.detection import FloatArray
from analysis.progress import Report, silent
from analysis.registration.aim import Aim, possible
from analysis.registration.likelihood import Pairing, Settled, settle
from analysis.registration.overlap import common_field
from analysis.registration.places import Places
from analysis.registration.result import Constellation, LandmarkPairs, Registration, Verdict
from analysis.registration.search import APPROACH, SETTLE, search, search_around
from analysis.registration.skin import N_PLACED, NO_MARKS, Marks, Placement, Skin, fit
from analysis.registration.verdict import findings, judged
from analysis.registration.warp import Warp

LEAST_UNITS = 4
AS_IT_WAS = np.array([1.0, 0, 0, 0, 0, 0])
BY_HAND = "Placed by hand; the units of the two images do not confirm it."
NOT_FOUND = "No placement within the limits of turn and scale was found."
NO_LANDMARKS = LandmarkPairs()


def register(
    baseline: Constellation,
    followup: Constellation,
    landmarks: LandmarkPairs = NO_LANDMARKS,
    start: Warp | None = None,
    report: Report = silent,
) -> Registration:
    """How a later visit's image lies to its baseline, and whether that can be relied on.

    Without a start it is searched: turns up to 33°, scales from 0.78 to 1.28 of what the calibrations say, every shift.

    Args:
        baseline: the units of the first image.
        followup: the units of the later one.
        landmarks: places that a reader marked. They hold the transform; from two pairs on they are where it starts, and
            where the units do not confirm it, it goes by them alone.
        start: a transform to begin with instead of searching.
        report: told of the share done, 0 to 1.
    """
    here, there = Places.of(baseline), Places.of(followup)
    n_least = min(len(here), len(there))
    if not min(shapely.area([here.region_mm, there.region_mm])) > 0 or (n_least < LEAST_UNITS and len(landmarks) < 2):
        return _failed(f"There are too few units to go by: {n_least} in one of the images.")
    pairing = Pairing(here, there, Skin(here.low_mm, here.high_mm), Aim.of(here, there))
    marks = Marks(landmarks.baseline_px * baseline.um_per_px / 1000, landmarks.followup_px * followup.um_per_px / 1000)
    begun = None if start is None else _sampled(start, pairing, baseline.um_per_px, followup.um_per_px)
    settled = _settled(pairing, marks, begun, report) if n_least >= LEAST_UNITS else None
    report("Registering", 1.0)
    placement, log_factor = (settled.placement, settled.log_factor) if settled else (None, -math.inf)
    if len(marks) >= 2 and not log_factor >= 0:
        placement, log_factor = _through(marks, pairing.skin, bent=True), -math.inf
    if placement is None or not possible(placement.linear):
        return _failed("The landmarks do not fit together." if len(marks) >= 2 else NOT_FOUND)
    found = findings(pairing, placement, log_factor, marks)
    verdict, reason = judged(found)
    if verdict is Verdict.FAILED:
        if len(marks) < 2:
            return _failed(reason)
        verdict, reason = Verdict.CHECK, BY_HAND
    warp = pairing.skin.warp(placement, baseline.um_per_px, followup.um_per_px)
    common = float(shapely.area(common_field(baseline.region, followup.region, warp)))
    return Registration(
        warp=warp,
        verdict=verdict,
        reason=reason,
        residual_um=found.residual_um,
        n_shared=found.n_shared,
        overlap=common / float(shapely.area(baseline.region)),
        overlap_cm2=common * baseline.um_per_px**2 / 1e8,
    )


def _settled(pairing: Pairing, marks: Marks, begun: FloatArray | None, report: Report) -> Settled | None:
    """The likeliest placement: near where it begins, or of all."""
    if len(marks) >= 2:
        begun = _through(marks, pairing.skin, bent=False).numbers
    if begun is not None:
        pairing = replace(pairing, aim=pairing.aim.like(Placement.at(begun).linear))
        near = settle(pairing, begun, False, APPROACH, marks, limited=False)
        return near and settle(pairing, near.placement.numbers, True, SETTLE, marks, limited=False)
    return search_around(pairing, marks) if len(marks) else search(pairing, report)


def _through(marks: Marks, skin: Skin, bent: bool) -> Placement:
    """The likeliest placement by a reader's marks alone."""
    held, none = marks.pulls(skin, bent), NO_MARKS.pulls(skin, bent)
    numbers = np.zeros(held.design.shape[2])
    numbers[:N_PLACED] = AS_IT_WAS
    # twice: the first time it still leans towards where it began
    return fit(skin, none, fit(skin, none, numbers, held).numbers, held)


def _sampled(start: Warp, pairing: Pairing, baseline_um_per_px: float, followup_um_per_px: float) -> FloatArray:
    """(6,) of a placement that does to the units what a transform does, but for bending."""
    here_mm = pairing.baseline.at_mm
    there_mm = start.to_followup(here_mm * (1000 / baseline_um_per_px)) * (followup_um_per_px / 1000)
    return _through(Marks(here_mm, there_mm), pairing.skin, bent=False).numbers


def _failed(reason: str) -> Registration:
    return Registration(None, Verdict.FAILED, reason, math.nan, 0, 0.0, 0.0)
