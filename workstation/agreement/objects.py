"""Agreement on hairs and units over the images of a comparison."""

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from analysis.agreement.bland_altman import bland_altman
from analysis.agreement.kappa import Weights, kappa
from analysis.agreement.share import share_of
from analysis.detection import FloatArray, IntArray
from analysis.measures import WidthClass, width_classes
from workstation.agreement.hairs import MatchedReads, match_reads
from workstation.agreement.read_pairs import ReadPair
from workstation.agreement.results import ImageAgreement, ObjectAgreement
from workstation.endpoints import um_per_px
from workstation.model.study import Study, WidthCutoffs

CLASSES = tuple(WidthClass)
NO_DISTANCE = "No hair that both have is in an image with a scale."


def object_agreement(
    study: Study, pairs: Sequence[ReadPair], progress: Callable[[float], None] = lambda _share: None
) -> ObjectAgreement:
    """Compare the hairs and units of pairs of reads.

    Args:
        study: whose reads they are.
        pairs: of one comparison.
        progress: told which share of them is done; may cancel.
    """
    matches = []
    for done, pair in enumerate(pairs):
        progress(done / len(pairs))
        matches.append(match_reads(study, pair.first, pair.second))
    scales = [um_per_px(study.images[pair.image_id]) or math.nan for pair in pairs]
    images = [_image(p, match, scale) for p, match, scale in zip(pairs, matches, scales, strict=True)]
    subjects = [pair.subject for pair in pairs]
    shared = [len(match.hairs) for match in matches]
    distances = _joined(match.hairs.distance_px * scale for match, scale in zip(matches, scales, strict=True))
    known = distances[~np.isnan(distances)]
    first, second = _widths_um(matches, scales)
    of_hair = np.repeat(np.array(subjects, dtype=object).astype(str), shared) if subjects else np.empty(0, dtype=str)
    # of a hair whose width one of the two does not know there is nothing to compare
    both = ~np.isnan(first) & ~np.isnan(second)
    one, other = (_classes(widths[both], study.cutoffs) for widths in (first, second))
    counts = np.zeros((len(CLASSES), len(CLASSES)), dtype=np.int64)
    np.add.at(counts, (one, other), 1)
    return ObjectAgreement(
        images=tuple(images),
        n_shared=sum(shared),
        hair_f1=share_of(
            [2 * n for n in shared], [match.hairs.n_first + match.hairs.n_second for match in matches], subjects
        ),
        unit_f1=share_of(
            [2 * len(match.units) for match in matches],
            [match.units.n_first + match.units.n_second for match in matches],
            subjects,
        ),
        root_distance_um=float(np.median(known)) if known.size else math.nan,
        root_distance_um_95=float(np.percentile(known, 95)) if known.size else math.nan,
        width=bland_altman(first, second, of_hair),
        classes=kappa(one, other, len(CLASSES), Weights.NONE, of_hair[both]),
        classes_weighted=kappa(one, other, len(CLASSES), Weights.LINEAR, of_hair[both]),
        class_counts=tuple(tuple(row) for row in counts.tolist()),
        reasons={} if known.size else dict.fromkeys(("root_distance_um", "root_distance_um_95"), NO_DISTANCE),
    )


def _image(pair: ReadPair, match: MatchedReads, scale: float) -> ImageAgreement:
    hairs = match.hairs
    both = hairs.n_first + hairs.n_second
    return ImageAgreement(
        image_id=pair.image_id,
        subject=pair.subject,
        readers=(pair.first.reader, pair.second.reader),
        first_read=pair.first.id,
        second_read=pair.second.id,
        first_hairs=hairs.n_first,
        second_hairs=hairs.n_second,
        shared_hairs=len(hairs),
        hair_f1=hairs.f1,
        unit_f1=match.units.f1,
        root_distance_um=float(np.median(hairs.distance_px)) * scale if len(hairs) else math.nan,
        count_difference_percent=200 * (hairs.n_second - hairs.n_first) / both if both else math.nan,
    )


def _widths_um(matches: Sequence[MatchedReads], scales: Sequence[float]) -> tuple[FloatArray, FloatArray]:
    """(P,) widths of the shared hairs by either reader; NaN where one is not known."""
    both = list(zip(matches, scales, strict=True))
    return (
        _joined(match.first_width_px[match.hairs.first] * scale for match, scale in both),
        _joined(match.second_width_px[match.hairs.second] * scale for match, scale in both),
    )


def _classes(width_um: FloatArray, cutoffs: WidthCutoffs) -> IntArray:
    masks = width_classes(width_um, cutoffs.vellus_below_um, cutoffs.terminal_from_um)
    found: IntArray = np.stack([masks[name] for name in CLASSES]).argmax(axis=0).astype(np.int64)
    return found


def _joined(parts: Iterable[FloatArray]) -> FloatArray:
    return np.concatenate([np.empty(0), *parts])
