"""One value for each subject and week from the values of images: images of a site first, then the sites."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class ImageValues:
    """One outcome of many images, in columns of equal length."""

    subject: IntArray
    """Index of the subject."""
    site: IntArray
    """Index of the site among those of the subject."""
    week: IntArray
    """Index of the week."""
    value: FloatArray
    """NaN where the image has none."""


def mean_by_site(images: ImageValues, n_subjects: int, n_weeks: int) -> FloatArray:
    """(subjects, sites, weeks) means over the images of each site at each week, NaN where there is none."""
    n_sites = int(images.site.max(initial=0)) + 1
    size = n_subjects * n_sites * n_weeks
    known = np.isfinite(images.value)
    place = ((images.subject * n_sites + images.site) * n_weeks + images.week)[known]
    total: FloatArray = np.bincount(place, images.value[known], minlength=size).astype(np.float64)
    count = np.bincount(place, minlength=size)
    return _ratio(total, count).reshape(n_subjects, n_sites, n_weeks)


def mean_over_sites(by_site: FloatArray, baseline: int = 0) -> FloatArray:
    """(subjects, weeks) means over the sites of a subject, NaN where there is none.

    Where other sites were seen than at the baseline, a difference between sites must not pass for a change: the value
    is then the mean of the baseline's sites plus the mean change of the sites that were seen at both.

    Args:
        by_site: (subjects, sites, weeks).
        baseline: the index of its week.
    """
    first = by_site[:, :, [baseline]]
    shifted = _mean(first) + _mean(by_site - first)
    mean: FloatArray = np.where(rests_on_baseline(by_site, baseline), shifted, _mean(by_site))
    return mean


def counted(images: ImageValues, by_site: FloatArray, baseline: int = 0) -> NDArray[np.bool_]:
    """(images,) whether an image enters the mean of its subject and week: its site has a baseline, if any site has."""
    sites = np.isfinite(by_site[:, :, baseline])
    counts = sites | ~sites.any(axis=1, keepdims=True)
    inside: NDArray[np.bool_] = np.isfinite(images.value) & counts[images.subject, images.site]
    return inside


def rests_on_baseline(by_site: FloatArray, baseline: int = 0) -> NDArray[np.bool_]:
    """(subjects, weeks) where other sites were seen than at the baseline, so that the value rests on that too."""
    known = np.isfinite(by_site)
    first = known[:, :, [baseline]]
    others: NDArray[np.bool_] = first.any(axis=1) & (known != first).any(axis=1)
    return others


def collected(subject: IntArray, week: IntArray, ids: IntArray) -> Mapping[tuple[int, int], tuple[int, ...]]:
    """The ids at each subject and week, ascending."""
    found: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for s, w, i in zip(subject.tolist(), week.tolist(), ids.tolist(), strict=True):
        found[s, w].append(i)
    return {place: tuple(sorted(found[place])) for place in found}


def _mean(by_site: FloatArray) -> FloatArray:
    known = np.isfinite(by_site)
    return _ratio(np.where(known, by_site, 0.0).sum(axis=1), known.sum(axis=1))


def _ratio(total: FloatArray, count: IntArray) -> FloatArray:
    ratio: FloatArray = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return ratio
