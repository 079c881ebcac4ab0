"""A trial of synthetic scalps: the same units of each subject at every visit, grown again, some more as weeks go by."""

import math
from dataclasses import dataclass, replace

import numpy as np
import shapely

from analysis.calibration import Calibration, CalibrationSource
from analysis.detection import FloatArray
from analysis.measures import Endpoints, HairColumns, MeasuredField, measure
from analysis.synthetic.camera import Pose
from analysis.synthetic.follow_up import NEW_IDS_FROM, Change, moved_pose, regrown
from analysis.synthetic.noise import stream
from analysis.synthetic.scalp import HARD_CORE_MM, Scalp, Unit, flow_field, grow_scalp, grow_unit
from analysis.synthetic.scene import Phantom, photograph
from analysis.synthetic.spec import CameraSpec, HairColour, HairSpec, ScalpSpec, SkinSpec
from analysis.synthetic.truth import Truth

APART_MM = 1.4 * HARD_CORE_MM
"""No new unit comes nearer than this to another."""
COLOURS = (HairColour.BLACK, HairColour.BROWN, HairColour.BLACK, HairColour.GREY, HairColour.BLOND)
"""One after the other: most scalps are dark, some grey or blond."""
LUDWIG, NORWOOD = ("I", "II"), ("II", "III", "III vertex", "IV")
SAME_AGAIN = Change(lost_share=0, new_share=0, hair_lost_share=0, hair_new_share=0, width_gain=1, zoom=0)
"""Hair grows again and the camera stands elsewhere; nothing else changes between visits."""


@dataclass(frozen=True, slots=True)
class TrialDesign:
    """What a synthetic trial is made from. The defaults are a case series of twelve weeks of a treatment that works."""

    n_subjects: int = 10
    weeks: tuple[float, ...] = (0, 4, 6, 7, 10, 12)
    """The first is the baseline."""
    gain: float = 0.10
    """New units by the last week as a share of the baseline's, the mean over the subjects; it grows in proportion."""
    gain_sd: float = 0.05
    """Between subjects, over whom gains are spread evenly."""
    resting_share: float = 0.02
    """Of the units: bare at a visit, others at each."""
    size_px: tuple[int, int] = (1600, 1200)
    um_per_px: float = 5.3
    seed: int = 2026


@dataclass(frozen=True, slots=True)
class TrialSubject:
    """One participant."""

    code: str
    sex: str
    age: int
    grade: str
    gain: float
    """New units by the last week as a share of the baseline's."""
    spec: ScalpSpec
    seed: int


def draw_subjects(design: TrialDesign) -> tuple[TrialSubject, ...]:
    """The participants: as different in density, calibre and colours as people are.

    Densities are of 74.4 ± 13.3 units per cm² (10.20517/2347-9264.2017.52), calibres of 60 ± 5 µm. The mean gain of the
    trial is the design's exactly.
    """
    spread = np.linspace(-1, 1, design.n_subjects) if design.n_subjects > 1 else np.zeros(1)
    gains = design.gain + math.sqrt(3) * design.gain_sd * stream(design.seed, "trial").permutation(spread)
    return tuple(_draw_subject(design, k, float(gain)) for k, gain in enumerate(gains))


def visit_phantom(design: TrialDesign, subject: TrialSubject, week: float) -> Phantom:
    """The image of one subject at one visit, and what is in it.

    Hair is clipped and has grown again at every visit, the baseline included: no visit is easier to read than another.
    """
    name, spec, seed = f"week {week:g}", subject.spec, subject.seed
    change = replace(SAME_AGAIN, visit=name)
    scalp, _, _ = regrown(_seen_scalp(design, subject, week), spec, seed, change)
    lit = replace(spec, camera=_lit(spec.camera, seed, name))
    is_first = week == design.weeks[0]
    pose = Pose(spec.size_px, spec.um_per_px) if is_first else moved_pose(lit, seed, change)
    return photograph(scalp, lit, pose, seed, name)


def _seen_scalp(design: TrialDesign, subject: TrialSubject, week: float) -> Scalp:
    """The units that bear hair at a visit: the subject's own and those that came since, less those that rest."""
    scalp = grow_scalp(subject.spec, subject.seed)
    grown = (week - design.weeks[0]) / (design.weeks[-1] - design.weeks[0])
    new = _new_units(scalp, subject.spec, subject.seed, round(subject.gain * len(scalp.units)))
    rng = stream(subject.seed, f"week {week:g}", "resting")
    units = (*scalp.units, *new[: round(grown * len(new))])
    return replace(scalp, units=tuple(unit for unit in units if rng.random() >= design.resting_share))


def true_endpoints(truth: Truth, *, vellus_below_um: float = 30.0, terminal_from_um: float = 60.0) -> Endpoints:
    """The endpoints of the true hairs, measured as those of a read are: rooted in the image, on the whole of it."""
    width, height = truth.size_px
    whole = MeasuredField(shapely.box(-0.5, -0.5, width - 0.5, height - 0.5))
    hairs = truth.hairs
    root_px = np.array([h.root_px for h in hairs], dtype=np.float64).reshape(-1, 2)
    columns = HairColumns(
        root_px=root_px,
        width_px=np.array([h.width_um for h in hairs]) / truth.um_per_px,
        unit=np.array([h.unit_id for h in hairs], dtype=np.int64),
        counts=whole.contains(root_px),
    )
    scale = Calibration(truth.um_per_px, CalibrationSource.MANIFEST)
    return measure(columns, whole, scale, vellus_below_um=vellus_below_um, terminal_from_um=terminal_from_um)


def _draw_subject(design: TrialDesign, k: int, gain: float) -> TrialSubject:
    rng = stream(design.seed, "subject", k)
    colour = COLOURS[k % len(COLOURS)]
    tone = float(rng.uniform(0.02, 0.12) if colour is HairColour.BLOND else rng.uniform(0.05, 0.4))
    woman = k % 2 == 0
    grade = f"Ludwig {LUDWIG[k // 2 % len(LUDWIG)]}" if woman else f"Norwood {NORWOOD[k // 2 % len(NORWOOD)]}"
    age = round(float(np.clip(rng.normal(34, 14), 19, 64)))
    hair = HairSpec(
        colour=colour,
        white_share=0.2 if colour is HairColour.GREY else 0.0,
        units_per_cm2=float(np.clip(rng.normal(74.4, 13.3), 48, 100)),
        width_um=float(np.clip(rng.normal(60, 5), 50, 70)),
        width_sd_um=float(rng.uniform(12, 18)),
        vellus_share=float(rng.uniform(0.03, 0.12)),
        length_mm=float(rng.uniform(0.45, 0.65)),
        disorder_deg=float(rng.uniform(5, 10)),
    )
    skin = SkinSpec(tone=tone, redness=float(rng.uniform(0.1, 0.4)), oil=float(rng.uniform(0.15, 0.5)))
    return TrialSubject(
        code=f"S{k + 1:02d}",
        sex="female" if woman else "male",
        age=age,
        grade=grade,
        gain=gain,
        spec=ScalpSpec(design.size_px, design.um_per_px, hair, skin, CameraSpec(jpeg_quality=92), "trial"),
        seed=design.seed * 1000 + k,
    )


def _new_units(scalp: Scalp, spec: ScalpSpec, seed: int, wanted: int) -> list[Unit]:
    """The units that come one after the other, as the subject's others are, where there is none."""
    rng = stream(seed, "trial", "new")
    places: list[FloatArray] = []
    taken = np.array([unit.centre_mm for unit in scalp.units]).reshape(-1, 2)
    for _ in range(200 * wanted):
        if len(places) == wanted:
            break
        at = rng.uniform(scalp.low_mm, scalp.high_mm)
        if not len(taken) or np.hypot(*(taken - at).T).min() >= APART_MM:
            places.append(at)
            taken = np.vstack([taken, at])
    directions = flow_field(spec, seed, scalp.high_mm)(np.array(places).reshape(-1, 2))
    return [
        grow_unit(spec.hair, seed, NEW_IDS_FROM + k, at, float(direction))
        for k, (at, direction) in enumerate(zip(places, directions, strict=True))
    ]


def _lit(camera: CameraSpec, seed: int, visit: str) -> CameraSpec:
    """The same camera on another day."""
    rng = stream(seed, visit, "light")
    red, green, blue = (float(gain * rng.uniform(0.98, 1.02)) for gain in camera.cast)
    return replace(camera, brightness=float(camera.brightness * rng.uniform(0.95, 1.05)), cast=(red, green, blue))
