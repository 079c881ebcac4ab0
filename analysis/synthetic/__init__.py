"""Synthetic scalp images with exact truth, for measuring detection and matching and for training.

An image is composed in display values: a shaft is a cylinder of its true width whose coverage is integrated over each
pixel, then blurred by the lens, then sensed. A profile across a clean shaft therefore integrates to the true width.
"""

from analysis.synthetic.cases import CASES, case_spec, large_pair, phantom, phantom_pair
from analysis.synthetic.follow_up import Change, FollowUp, follow_up
from analysis.synthetic.scene import Phantom, make_phantom
from analysis.synthetic.spec import (
    CameraSpec,
    Flow,
    HairColour,
    HairSpec,
    HairStyle,
    ScalpSpec,
    SkinSpec,
)
from analysis.synthetic.truth import TrueHair, TrueUnit, Truth
from analysis.synthetic.variety import Family, random_spec

__all__ = [
    "CASES",
    "CameraSpec",
    "Change",
    "Family",
    "Flow",
    "FollowUp",
    "HairColour",
    "HairSpec",
    "HairStyle",
    "Phantom",
    "ScalpSpec",
    "SkinSpec",
    "TrueHair",
    "TrueUnit",
    "Truth",
    "case_spec",
    "follow_up",
    "large_pair",
    "make_phantom",
    "phantom",
    "phantom_pair",
    "random_spec",
]
