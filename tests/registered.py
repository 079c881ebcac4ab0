"""Registrations that are known, for tests of what is done with them."""

import numpy as np

from analysis.registration.result import Registration, Verdict
from analysis.registration.warp import Warp
from workstation.edits.pairs import add_registration
from workstation.model.pair import Pair, RegistrationRecord

REASON = "40 of 44 units lie within 60 µm."


def turned_warp(degrees, scale=1.0, shift=(0.0, 0.0), bend=0.0):
    """A turn about the origin, a scale and a shift, and skin bent by so much around (160, 120)."""
    along, across = scale * np.cos(np.radians(degrees)), scale * np.sin(np.radians(degrees))
    affine = [[along, -across, shift[0]], [across, along, shift[1]]]
    knots = [(100.0, 80.0), (220.0, 80.0), (160.0, 190.0), (160.0, 120.0)]
    bends = np.outer([1.0, 1.0, 1.0, -3.0], [bend, -bend])
    return Warp(np.array(affine), np.array(knots), bends, 100.0)


def registration(warp, verdict=Verdict.GOOD, residual_um=12.0):
    return Registration(warp, verdict, REASON, residual_um, 40, 0.8, 0.3)


def record(warp, **more):
    return RegistrationRecord(registration(warp, **more), 1, 2, 0, "0.1.0", "2026-01-02T03:04:05Z")


def pair(id_, baseline, followup, warp, **more):
    return Pair(id_, baseline, followup, record(warp, **more))


def register(workspace, warp, baseline=1, followup=2, **more):
    """Put a registration into the open study."""
    workspace.commit_study(lambda study: add_registration(study, baseline, followup, record(warp, **more)))
