"""What a GeoJSON file says of the other visits: the image's registration, and the partners of its units and hairs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.matching.match import Level, Match, Matching
from analysis.registration.warp import Warp
from workstation.endpoints import known
from workstation.matched_pairs import in_order
from workstation.model.pair import RegistrationRecord
from workstation.model.read import Read
from workstation.model.study import Study
from workstation.pairing import baseline_image_of, matching_of

Json = dict[str, Any]

CORNER_PX = 0.5
"""From the centre of the top-left pixel, the product's origin, to its corner, GeoJSON's."""
DECIMALS = 3
"""Of coordinates in pixels and of lengths in µm."""


@dataclass(frozen=True, slots=True)
class Partners:
    """What is known of one read at other visits of its area."""

    registration: Json | None = None
    """How the image lies to its baseline; None where it is the baseline or was not registered."""
    at_baseline: Matching | None = None
    later: Sequence[tuple[str, Matching]] = ()
    """Name of each later image and the matching with it, earliest first."""

    def of(self, level: Level, id_: int) -> Json:
        """Properties of a unit or hair: `match` where the image is a follow-up, `matches` where it is a baseline.

        Nothing is said of what has no partner and lies outside the area that both images show.
        """
        found: Json = {}
        if self.at_baseline is not None:
            match = self.at_baseline.by_followup.get((level, id_))
            found["match"] = None if match is None else {"baseline_id": match.baseline_id, **_fate(match)}
        if self.later:
            matches = [(name, matching.by_baseline.get((level, id_))) for name, matching in self.later]
            found["matches"] = [
                {"followup_image": name, "followup_id": match.followup_id, **_fate(match)}
                for name, match in matches
                if match is not None
            ]
        return found


def partners_of(study: Study, read: Read, names: Mapping[int, str]) -> Partners:
    """What is known of a read at other visits, each in the read in use there.

    Args:
        study: the study.
        read: the read that is written.
        names: of the study's images, as `image_names` gives them.
    """
    own = read.image_id
    pairs = [pair for pair in study.pairs.values() if own in pair.image_ids and pair.registration is not None]
    if not pairs:
        return Partners()
    baseline_id = baseline_image_of(study, own)
    registration: Json | None = None
    at_baseline: Matching | None = None
    later: list[tuple[str, Matching]] = []
    for pair in in_order(study, pairs):
        if pair.image_ids == (baseline_id, own) and pair.registration is not None:
            registration = _about(pair.registration, names[baseline_id])
            at_baseline = matching_of(study, pair, followup=read)
        elif pair.baseline_image_id == own == baseline_id:
            matching = matching_of(study, pair, baseline=read)
            later += [] if matching is None else [(names[pair.followup_image_id], matching)]
    return Partners(registration, at_baseline, later)


def _fate(match: Match) -> Json:
    fate: Json = {"status": match.status.value, "distance_um": rounded(match.distance_um), "ruled": match.ruled}
    if match.level is Level.HAIR:
        fate["width_change_um"] = rounded(match.width_change_um)
    return fate


def _about(record: RegistrationRecord, baseline_image: str) -> Json:
    found = record.result
    return {
        "baseline_image": baseline_image,
        "verdict": found.verdict.value,
        "reason": found.reason,
        "residual_um": rounded(found.residual_um),
        "overlap": found.overlap,
        "overlap_cm2": found.overlap_cm2,
        "n_shared": found.n_shared,
        "n_landmarks": record.n_landmarks,
        **({"affine": None} if found.warp is None else _transform(found.warp)),
    }


def _transform(warp: Warp) -> Json:
    """From the baseline's coordinates to this image's, both with the origin of GeoJSON."""
    linear, shift = warp.affine[:, :2], warp.affine[:, 2]
    moved = shift + CORNER_PX - linear @ [CORNER_PX, CORNER_PX]
    return {
        "affine": [[*row, at] for row, at in zip(linear.tolist(), moved.tolist(), strict=True)],
        "knots": (warp.knots_px + CORNER_PX).tolist(),
        "bends": warp.bends.tolist(),
        "unit_px": warp.unit_px,
    }


def rounded(value: float) -> float | None:
    """A number as these files have it; None where it is not known."""
    return known(round(value, DECIMALS))
