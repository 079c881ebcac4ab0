"""Edits of a pair of images drawn at random: mostly possible ones, some that must be refused."""

import math

import numpy as np
from hypothesis import strategies as st

from analysis.matching.match import Level, Ruling
from analysis.registration.result import Registration, Verdict
from analysis.registration.warp import Warp
from tests.property.random_edits import HEIGHT_PX, WIDTH_PX, one, points, some
from workstation.edits import pairs
from workstation.model.pair import RegistrationRecord

PAIR_ID = 1
BASELINE_READ, FOLLOWUP_READ = 2, 3
offsets_px = st.integers(-80, 80).map(float)


@st.composite
def warps(draw):
    """Turned, moved, larger or smaller, now and then bent."""
    angle, scale = math.radians(draw(st.integers(-30, 30))), draw(st.sampled_from([0.8, 1.0, 1.15]))
    c, s = scale * math.cos(angle), scale * math.sin(angle)
    affine = np.array([[c, -s, draw(offsets_px)], [s, c, draw(offsets_px)]])
    n = draw(st.integers(0, 3))
    knots = np.linspace(0, 1, n)[:, None] * [WIDTH_PX, HEIGHT_PX]
    return Warp(affine, knots, np.full((n, 2), draw(st.sampled_from([0.0, 0.5, -1.25]))), 100.0)


def register(draw, study):
    """A registration as the program makes it, and sometimes one that cannot be."""
    verdict = draw(st.sampled_from(Verdict))
    warp = draw(warps()) if verdict is not Verdict.FAILED or draw(st.booleans()) else None
    overlap = draw(st.sampled_from([0.0, 0.5, 1.0, 1.5]))
    residual_um = float("nan") if warp is None else 12.5
    result = Registration(warp, verdict, draw(st.sampled_from(["", "zu wenige", "a\0b"])), residual_um, 3, overlap, 0.1)
    reads = (draw(st.sampled_from([1, BASELINE_READ, FOLLOWUP_READ])), FOLLOWUP_READ)
    record = RegistrationRecord(result, *reads, 0, "0.1.0", "2026-02-04T08:00:00Z")
    return pairs.add_registration(study, 1, 2, record)


def move_landmark(draw, study):
    ends = {end: draw(points) for end in ("baseline_px", "followup_px") if draw(st.booleans())}
    return pairs.move_landmark(study, PAIR_ID, draw(one(study.pairs[PAIR_ID].landmarks)), **ends)


def decide(draw, study):
    level = draw(st.sampled_from(Level))
    baseline, followup = (
        draw(st.one_of(st.none(), one(read.units if level is Level.UNIT else read.hairs)))
        for read in (study.reads[BASELINE_READ], study.reads[FOLLOWUP_READ])
    )
    ruling = Ruling(level, baseline, followup, draw(st.sampled_from([True, True, False])))
    return pairs.decide(study, PAIR_ID, ruling, "Ada", BASELINE_READ, FOLLOWUP_READ)


PAIR_EDITS = {
    "register": register,
    "place landmark": lambda draw, study: pairs.place_landmark(study, PAIR_ID, draw(points), draw(points)),
    "move landmark": move_landmark,
    "remove landmarks": lambda draw, study: pairs.remove_landmarks(
        study, PAIR_ID, draw(some(study.pairs[PAIR_ID].landmarks))
    ),
    "decide": decide,
    "decide once more": decide,
    "withdraw": lambda draw, study: pairs.withdraw(study, PAIR_ID, draw(some(study.pairs[PAIR_ID].decisions))),
    "rules": lambda draw, study: pairs.set_change_rules(
        study, draw(st.sampled_from([0.0, 0.4, 0.5])), draw(st.sampled_from([8.0, 15.0]))
    ),
}
