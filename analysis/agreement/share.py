"""A share over several images, such as F1, with an interval that takes subjects for the unit."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from analysis.agreement.clusters import FEWEST, Mask, clusters_of, jackknife
from analysis.agreement.results import Share
from analysis.agreement.tables import few_clusters
from analysis.trialstats.checking import numbers

NOTHING = "There is nothing to count."
ALL_OR_NONE = "The share is 0 or 1: there is no spread to make an interval from."
WITHOUT_ONE = "Without one of the subjects the share is 0 or 1."
OF_INTERVAL = ("ci_low", "ci_high")


def share_of(part: ArrayLike, whole: ArrayLike, clusters: ArrayLike | None = None) -> Share:
    """The sum of the parts by the sum of the wholes; its 95 % interval is a jackknife over subjects of its logit.

    Args:
        part: (n,) 0 to `whole`; of F1 twice the objects that both readers have.
        whole: (n,) of F1 the objects of both.
        clusters: (n,) label of each image's subject; None: all are of different subjects.

    Raises:
        ValueError: if they differ in length, or a part is more than its whole.
    """
    parts, wholes = numbers(part, "parts"), numbers(whole, "wholes")
    if parts.shape != wholes.shape:
        raise ValueError(f"There are {parts.size} parts of {wholes.size} wholes.")
    if not ((parts >= 0) & (parts <= wholes)).all():
        raise ValueError("A part is more than its whole, or below zero.")
    groups = clusters_of(clusters, parts.size)
    nothing = Share(parts.size, groups.count)
    if not wholes.sum():
        return replace(nothing, reasons=dict.fromkeys(("value", *OF_INTERVAL), NOTHING))
    value = float(parts.sum() / wholes.sum())
    found = replace(nothing, value=value)
    if value in (0, 1):
        return replace(found, reasons=dict.fromkeys(OF_INTERVAL, ALL_OR_NONE))
    if groups.count < FEWEST:
        return replace(found, reasons=dict.fromkeys(OF_INTERVAL, few_clusters(groups.count)))

    def logit(kept: Mask) -> float:
        own, rest = float(parts[kept].sum()), float((wholes - parts)[kept].sum())
        return math.log(own / rest) if own > 0 and rest > 0 else math.nan

    _, low, high = jackknife(logit, groups)
    if math.isnan(low):
        return replace(found, reasons=dict.fromkeys(OF_INTERVAL, WITHOUT_ONE))
    ends = [float(1 / (1 + np.exp(-np.clip(z, -700, 700)))) for z in (low, high)]
    return replace(found, ci_low=ends[0], ci_high=ends[1])
