"""Registration of a later visit to the first: from the places of follicular units to a smooth transform.

Hair lies differently at every visit, so it is no landmark; the units' places in the skin are.
"""

from analysis.registration.overlap import common_field
from analysis.registration.registering import register
from analysis.registration.result import Constellation, LandmarkPairs, Registration, Verdict
from analysis.registration.warp import Warp

__all__ = ["Constellation", "LandmarkPairs", "Registration", "Verdict", "Warp", "common_field", "register"]
