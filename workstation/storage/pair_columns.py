"""The follow-up as columns: pairs, transforms, landmarks, decisions, and the matches that follow from them."""

from collections.abc import Mapping, Sequence

import numpy as np

from analysis.matching.match import Match
from analysis.registration.warp import Warp
from workstation.image_names import image_names
from workstation.matched_pairs import matched_pair
from workstation.model.pair import Pair, RegistrationRecord
from workstation.model.study import Study
from workstation.storage.pair_schema import DECISIONS, LANDMARKS, MATCHES, PAIRS
from workstation.storage.tables import NO_ID, Array, Columns, Type, array_of, starts_of, table, text_column

_NO_TRANSFORM = (float("nan"),) * 7


def pair_columns(study: Study, names: Mapping[int, str]) -> dict[str, Columns]:
    """The groups that hold the pairs of a study, in the order of ids.

    Args:
        study: the study.
        names: of its images, as `image_names` gives them.
    """
    pairs = [pair for _, pair in sorted(study.pairs.items())]
    warps = [None if pair.registration is None else pair.registration.result.warp for pair in pairs]
    n_knots = [0 if warp is None else len(warp.knots_px) for warp in warps]
    rows = [
        (*_pair_row(study, pair, names), *_transform(warp), first, n)
        for pair, warp, first, n in zip(pairs, warps, starts_of(n_knots), n_knots, strict=True)
    ]
    return {
        "pairs": table(PAIRS.columns, rows),
        "warp_knots": _knots([warp for warp in warps if warp is not None]),
        "landmarks": table(LANDMARKS.columns, [
            (pair.id, landmark.id, *landmark.baseline_px, *landmark.followup_px)
            for pair in pairs for _, landmark in sorted(pair.landmarks.items())
        ]),
        "decisions": table(DECISIONS.columns, [row for pair in pairs for row in _decision_rows(pair)]),
    }  # fmt: skip


def match_columns(study: Study) -> Columns:
    """The table of matches: of each registered pair first the units, then the hairs."""
    names = image_names(study)
    counts: list[int] = []
    about: list[tuple[object, ...]] = []
    found: list[Match] = []
    for _, pair in sorted(study.pairs.items()):
        if (matched := matched_pair(study, pair)) is None:
            continue
        matching = matched.matching
        counts.append(len(matching.units) + len(matching.hairs))
        found += matching.units
        found += matching.hairs
        subject = study.visit_of(pair.baseline_image_id).subject
        images = (names[pair.baseline_image_id], names[pair.followup_image_id])
        about.append((subject, *images, pair.id, matched.baseline.id, matched.followup.id))
    of_pair = [c for c in MATCHES.columns if c.name in _OF_PAIR]
    which = np.repeat(np.arange(len(counts)), np.asarray(counts, dtype=np.int64))
    columns = {name: array[which] for name, array in table(of_pair, about).items()} | _match_values(found)
    return {c.name: columns[c.name] for c in MATCHES.columns}


_OF_PAIR = ("subject", "baseline_image", "followup_image", "pair_id", "baseline_read_id", "followup_read_id")


def _match_values(matches: Sequence[Match]) -> dict[str, Array]:
    return {
        "level": text_column([m.level.value for m in matches]),
        "baseline_id": _ids([m.baseline_id for m in matches]),
        "followup_id": _ids([m.followup_id for m in matches]),
        "status": text_column([m.status.value for m in matches]),
        "distance_um": array_of(Type.NUMBER, [m.distance_um for m in matches]),
        "width_change_um": array_of(Type.NUMBER, [m.width_change_um for m in matches]),
        "ruled": array_of(Type.FLAG, [m.ruled for m in matches]),
    }


def _pair_row(study: Study, pair: Pair, names: Mapping[int, str]) -> tuple[object, ...]:
    baseline, followup = pair.image_ids
    return (
        pair.id, study.visit_of(baseline).subject, study.images[baseline].site, names[baseline], names[followup],
        baseline, followup, pair.next_id, *_registration(pair.registration),
    )  # fmt: skip


def _registration(record: RegistrationRecord | None) -> tuple[object, ...]:
    if record is None:
        return "", "", float("nan"), 0, float("nan"), float("nan"), NO_ID, NO_ID, 0, "", ""
    found = record.result
    return (
        found.verdict.value, found.reason, found.residual_um, found.n_shared, found.overlap, found.overlap_cm2,
        record.baseline_read_id, record.followup_read_id, record.n_landmarks, record.software_version,
        record.created_utc,
    )  # fmt: skip


def _transform(warp: Warp | None) -> tuple[float, ...]:
    return _NO_TRANSFORM if warp is None else (*warp.affine.ravel().tolist(), warp.unit_px)


def _knots(warps: Sequence[Warp]) -> Columns:
    empty = np.empty((0, 2))
    places = np.concatenate([empty, *(warp.knots_px for warp in warps)])
    bends = np.concatenate([empty, *(warp.bends for warp in warps)])
    return {"x_px": places[:, 0], "y_px": places[:, 1], "bend_x": bends[:, 0], "bend_y": bends[:, 1]}


def _decision_rows(pair: Pair) -> list[tuple[object, ...]]:
    return [
        (
            pair.id, decision.id, decision.level.value, _id(decision.ruling.baseline_id),
            _id(decision.ruling.followup_id), decision.ruling.same, decision.baseline_read_id,
            decision.followup_read_id, decision.reader,
        )
        for _, decision in sorted(pair.decisions.items())
    ]  # fmt: skip


def _id(value: int | None) -> int:
    return NO_ID if value is None else value


def _ids(values: Sequence[int | None]) -> Array:
    return array_of(Type.INTEGER, [_id(value) for value in values])
