"""The pairs of a study from the columns of its file, each value passing through the model's own checks."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from analysis.detection import FloatArray
from analysis.matching.match import Level, Ruling
from analysis.registration.result import Registration, Verdict
from analysis.registration.warp import Warp
from workstation.model.pair import Decision, Landmark, Pair, RegistrationRecord
from workstation.model.pair_validity import MAX_KNOTS
from workstation.model.read import Read
from workstation.model.study import ImageRecord
from workstation.storage.rows import by_id, pieces_of, rows_of
from workstation.storage.tables import NO_ID, Columns

_AFFINE = ("x_from_x", "x_from_y", "x_shift_px", "y_from_x", "y_from_y", "y_shift_px")


def rebuild_pairs(
    groups: Mapping[str, Columns], images: Mapping[int, ImageRecord], reads: Mapping[int, Read]
) -> dict[int, Pair]:
    """The pairs that a file's columns hold.

    Args:
        groups: the file's tables.
        images: of the study, by id.
        reads: of the study, by id.

    Raises:
        ValueError: if the columns contradict one another, name what does not exist, or hold what the model does not
            allow.
    """
    landmarks = _of_pairs((_landmark(row) for row in rows_of(groups["landmarks"])), "landmark")
    decisions = _of_pairs((_decision(row) for row in rows_of(groups["decisions"])), "decision")
    columns, knots = groups["pairs"], groups["warp_knots"]
    points: FloatArray = np.column_stack([knots[name] for name in ("x_px", "y_px", "bend_x", "bend_y")]).astype(float)
    piece = pieces_of(columns["first_knot"], columns["n_knots"], len(points))
    pairs: dict[int, Pair] = by_id(
        (_pair(row, points[piece(i)], landmarks, decisions) for i, row in enumerate(rows_of(columns))), "pair"
    )
    if homeless := landmarks.keys() | decisions.keys():
        raise ValueError(f"there is no pair {min(homeless)}")
    for pair in pairs.values():
        _check_references(pair, images, reads)
    return pairs


def _pair(
    row: dict[str, Any],
    knots: FloatArray,
    landmarks: dict[int, dict[int, Landmark]],
    decisions: dict[int, dict[int, Decision]],
) -> Pair:
    id_ = row["pair_id"]
    return Pair(
        id=id_,
        baseline_image_id=row["baseline_image_id"],
        followup_image_id=row["followup_image_id"],
        registration=_registration(row, knots),
        landmarks=MappingProxyType(landmarks.pop(id_, {})),
        decisions=MappingProxyType(decisions.pop(id_, {})),
        next_id=row["next_id"],
    )


def _registration(row: dict[str, Any], knots: FloatArray) -> RegistrationRecord | None:
    warp = _warp(row, knots)
    if not row["verdict"]:
        if warp is not None:
            raise ValueError(f"pair {row['pair_id']} has a transform and no verdict")
        return None
    found = Registration(
        warp=warp,
        verdict=Verdict(row["verdict"]),
        reason=row["reason"],
        residual_um=row["residual_um"],
        n_shared=row["n_shared"],
        overlap=row["overlap"],
        overlap_cm2=row["overlap_cm2"],
    )
    return RegistrationRecord(
        result=found,
        baseline_read_id=row["baseline_read_id"],
        followup_read_id=row["followup_read_id"],
        n_landmarks=row["n_landmarks"],
        software_version=row["software_version"],
        created_utc=row["created_utc"],
    )


def _warp(row: dict[str, Any], knots: FloatArray) -> Warp | None:
    affine = np.array([row[name] for name in _AFFINE])
    if np.isnan(affine).all() and not len(knots):
        return None
    if len(knots) > MAX_KNOTS:  # each place that is mapped costs a step for every one of them
        raise ValueError(f"the transform of pair {row['pair_id']} has {len(knots):,} knots")
    return Warp(affine.reshape(2, 3), knots[:, :2], knots[:, 2:], row["unit_px"])


def _landmark(row: dict[str, Any]) -> Landmark:
    baseline, followup = ((row[f"{image}_x_px"], row[f"{image}_y_px"]) for image in ("baseline", "followup"))
    return Landmark(row["id"], row["pair_id"], baseline, followup)


def _decision(row: dict[str, Any]) -> Decision:
    baseline, followup = (None if row[name] == NO_ID else row[name] for name in ("baseline_id", "followup_id"))
    return Decision(
        id=row["id"],
        pair_id=row["pair_id"],
        ruling=Ruling(Level(row["level"]), baseline, followup, row["same"]),
        baseline_read_id=row["baseline_read_id"],
        followup_read_id=row["followup_read_id"],
        reader=row["reader"],
    )


def _of_pairs(values: Iterator[Any], what: str) -> dict[int, dict[int, Any]]:
    """Landmarks or decisions by their pair's id and their own."""
    found: dict[int, dict[int, Any]] = {}
    for value in values:
        of_pair = found.setdefault(value.pair_id, {})
        if value.id in of_pair:
            raise ValueError(f"{what} {value.id} of pair {value.pair_id} is there twice")
        of_pair[value.id] = value
    return found


def _check_references(pair: Pair, images: Mapping[int, ImageRecord], reads: Mapping[int, Read]) -> None:
    if missing := [i for i in pair.image_ids if i not in images]:
        raise ValueError(f"pair {pair.id} is of image {missing[0]}, which does not exist")
    named = [(d.baseline_read_id, d.followup_read_id) for d in pair.decisions.values()]
    if (record := pair.registration) is not None:
        named.append((record.baseline_read_id, record.followup_read_id))
    for read_ids in named:
        for image_id, read_id in zip(pair.image_ids, read_ids, strict=True):
            if read_id not in reads or reads[read_id].image_id != image_id:
                raise ValueError(f"pair {pair.id} names read {read_id}, which is none of its image")
