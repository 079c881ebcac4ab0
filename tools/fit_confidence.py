"""Fit models of `analysis/confidence.py` on synthetic truth: `python -m tools.fit_confidence ridges|network [IMAGES]`.

One for images that the decoder takes for clipped hair and one for those that it takes for long hair. Every candidate of
every phantom is an example, the more right the better it follows one true hair from end to end. Every second image is
harder than usual, its planes spoilt as real images spoil them. Some images are held out: they calibrate, and the usual
ones say where a hair's worth begins. `tests/benchmarks/detection_reliability.py` says how well the probabilities hold.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from scipy.optimize import minimize
from scipy.spatial import cKDTree

from analysis.confidence import WEIGHTS, Model
from analysis.decoder.candidates import Candidates, candidates, half_widths_of
from analysis.decoder.choose import choose
from analysis.decoder.decode import BLURRED_UM, PER_SENSITIVITY, USUAL_SENSITIVITY, choose_preset
from analysis.decoder.features import features
from analysis.detection import DetectionParameters, Preset
from analysis.evidence import Evidence
from analysis.geometry import arc_length, resample
from analysis.learned import N_LOGITS, PLANES, evidence_from, planes_of
from analysis.lines import lengths, moved
from analysis.preprocess import Frame, prepare_image
from analysis.ridges import ridge_evidence
from analysis.synthetic import Family, Phantom, make_phantom, random_spec
from training.tiles import harder

SEED = 5000
FIELD_UM = (4500.0, 3600.0)
FINEST_UM, COARSEST_UM = 4.0, 9.0
HELD_OUT = 0.25
"""Share of the images."""
LONG_SHARE = 3
"""Every so many images show long hair."""
ASKED_FOR_UM = 200.0
"""Of a hair, so much must be visible for it to count."""
LEVELS = np.arange(-2.4, 1.5, 0.2)
STEP_PX = 2.0
NEAR_UM, NEAR_HALF_WIDTHS = 15.0, 0.35
END_UM, END_SHARE = 100.0, 0.15
"""How far an end may be off: a root so much, a tip also this share of the length."""
MOVED_SHARE, ENDS_PX, ASIDE_PX = 3, 8.0, 2.0
UNITS, STEPS, BATCH, RATE, DECAY = 16, 1200, 8192, 0.03, 1e-3
RIGHT = 0.3
SENSITIVITY = 0.7
"""Some of the doubtful are calibrated too."""


@dataclass(frozen=True)
class Image:
    """The candidates of one phantom."""

    found: Candidates
    measured: np.ndarray
    """(N, F)"""
    right: np.ndarray
    """(N,) 0 to 1."""
    hair: np.ndarray
    """(N,) which true hair each follows, -1 for none."""
    n_hairs: int
    """True hairs long enough to be asked for."""
    preset: Preset
    usual: bool
    """Neither harder than most nor spoilt."""


def render(index: int) -> tuple[Phantom, float]:
    """A phantom as hard as those of the training, of a field large enough to know its usual hair; and its scale."""
    rng = np.random.default_rng(SEED + index)
    um = float(np.exp(rng.uniform(np.log(FINEST_UM), np.log(COARSEST_UM))))
    size = (round(FIELD_UM[0] / um), round(FIELD_UM[1] / um))
    family = Family.LONG if index % LONG_SHARE == LONG_SHARE - 1 else Family.CLIPPED
    spec = random_spec(rng, family, size_px=size, um_per_px=um)
    if index % 2:
        spec = replace(spec, hair=harder(rng, spec.hair))
    return make_phantom(spec, SEED + index), um


def examples(source: str, index: int) -> Image:
    """All candidates of one phantom, some of them also with their ends moved."""
    cv2.setNumThreads(1)
    rng = np.random.default_rng(SEED + index)
    made, um = render(index)
    prepared = prepare_image(made.image, um)
    if source == "ridges":
        evidence = ridge_evidence(prepared)
    else:
        planes = planes_of(prepared)
        evidence = evidence_from(spoilt(planes, rng) if index % 2 else planes, prepared)
    shortest = (DetectionParameters().min_length_um - BLURRED_UM) / evidence.frame.um_per_work_px
    preset = choose_preset(evidence)
    found = candidates(evidence, shortest, preset is Preset.CLIPPED)
    found = with_moved(evidence, found, rng)
    truth, um = true_lines(made, evidence.frame), evidence.frame.um_per_work_px
    right, hair = labels(found.lines, truth, um)
    asked = sum(arc_length(line) * um > ASKED_FOR_UM for line, _ in truth)
    return Image(found, features(evidence, found), right, hair, asked, preset, usual=index % 2 == 0)


def spoilt(planes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Planes less sure of ends, lines and cover, with votes that err."""
    planes = planes.copy()
    size = planes.shape[:0:-1]

    def ripple(cell: int) -> np.ndarray:
        coarse = rng.normal(0, 1, (size[1] // cell + 1, size[0] // cell + 1)).astype(np.float32)
        return cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC)

    for name, least, most in (("line", 0.7, 1.7), ("cover", 0.7, 1.5)):
        planes[PLANES.index(name)] **= rng.uniform(least, most)
    for name in ("root", "tip"):
        planes[PLANES.index(name)] *= rng.uniform(0.25, 1)
    planes[PLANES.index("line")] *= np.clip(1 + rng.uniform(0, 0.35) * ripple(12), 0.2, 1)
    error = rng.uniform(0, 0.22)
    for name in ("mid_x", "mid_y", "chord_c", "chord_s"):
        planes[PLANES.index(name)] += error * ripple(4)
    planes[:N_LOGITS] = planes[:N_LOGITS].clip(0, 1)
    return planes


def with_moved(evidence: Evidence, found: Candidates, rng: np.random.Generator) -> Candidates:
    """A share of the candidates again, their ends off."""
    some = rng.permutation(len(found.lines))[: len(found.lines) // MOVED_SHARE]
    ends = rng.normal(0, ENDS_PX, (len(some), 2))
    ends = np.clip(ends, -0.35 * lengths(found.lines[some])[:, None], 4 * ENDS_PX)
    off = moved(found.lines[some], ends, rng.normal(0, ASIDE_PX, (len(some), 2)))
    lines = np.concatenate([found.lines, off])
    describes = np.concatenate([found.describes, np.zeros(len(some), bool)])
    return Candidates(lines, half_widths_of(evidence, lines), describes)


def true_lines(made: Phantom, frame: Frame) -> list[tuple[np.ndarray, float]]:
    """What is visible of each hair, root first, in work pixels, and half its width."""
    limit = np.array([frame.width_px, frame.height_px]) - 1
    lines = []
    for hair in made.truth.hairs:
        points = resample(hair.centreline_px, STEP_PX)
        inside = np.flatnonzero(((points >= 0) & (points <= limit)).all(axis=1))
        runs = np.split(inside, np.flatnonzero(np.diff(inside) > 1) + 1)
        longest = max(runs, key=len)
        if len(longest) > 2:
            lines.append((frame.to_work(points[longest]), hair.width_um / 2 / frame.um_per_work_px))
    return lines


def labels(lines: np.ndarray, truth: list[tuple[np.ndarray, float]], um: float) -> tuple[np.ndarray, np.ndarray]:
    """How right each candidate is, 0 to 1, and the true hair that it follows best."""
    right, hair = np.zeros(len(lines)), np.full(len(lines), -1)
    low, high = lines.min(axis=1), lines.max(axis=1)
    for index, (line, half_width) in enumerate(truth):
        reach = NEAR_UM / um + NEAR_HALF_WIDTHS * half_width
        near = np.flatnonzero(
            (low < line.max(axis=0) + reach).all(axis=1) & (high > line.min(axis=0) - reach).all(axis=1)
        )
        if len(near) == 0:
            continue
        distance, place = cKDTree(line).query(lines[near])
        on = distance < reach
        first = np.where(on, place, len(line)).min(axis=1)
        followed = np.maximum(0, np.where(on, place, -1).max(axis=1) - first + 1) / len(line)
        fit = np.clip((on.mean(axis=1) - 0.6) / 0.3, 0, 1) * np.clip((followed - 0.4) / 0.4, 0, 1)
        fit *= np.exp(-(_ends_off(lines[near], line, um) ** 2) / 2)
        better = fit > right[near]
        right[near[better]], hair[near[better]] = fit[better], index
    return right, hair


def _ends_off(lines: np.ndarray, line: np.ndarray, um: float) -> np.ndarray:
    """(N,) the larger error of both ends, 1 where it is just allowed, the better way round."""
    length = float(np.hypot(*np.diff(line, axis=0).T).sum())
    tip = max(END_UM / um, END_SHARE * length)
    ways = []
    for root_end, tip_end in ((0, -1), (-1, 0)):
        at_root = np.hypot(*(lines[:, root_end] - line[0]).T) * um / END_UM
        ways.append(np.maximum(at_root, np.hypot(*(lines[:, tip_end] - line[-1]).T) / tip))
    return np.minimum(*ways)


def fit(measured: np.ndarray, right: np.ndarray) -> Model:
    """A monotone network of one layer, by Adam on the likelihood."""
    rng = np.random.default_rng(0)
    mean, scale = measured.mean(axis=0), measured.std(axis=0) + 1e-6
    inputs = ((measured - mean) / scale).astype(np.float32)
    shapes = {"raw": (UNITS, inputs.shape[1]), "bias": (UNITS,), "raw_out": (UNITS,), "level": ()}
    free = {name: rng.normal(0, 0.5, shape) for name, shape in shapes.items()}
    free["raw"] -= 3
    first = {name: np.zeros(shape) for name, shape in shapes.items()}
    second = {name: np.zeros(shape) for name, shape in shapes.items()}
    for step in range(STEPS):
        batch = rng.integers(0, len(inputs), BATCH)
        slope = _slopes(free, inputs[batch], right[batch])
        rate = RATE * np.sin(np.pi * min(1.0, (step + 50) / (STEPS + 50))) ** 2 if step > STEPS / 3 else RATE
        for name in free:
            first[name] = 0.9 * first[name] + 0.1 * slope[name]
            second[name] = 0.99 * second[name] + 0.01 * slope[name] ** 2
            ahead = first[name] / (1 - 0.9 ** (step + 1))
            spread = np.sqrt(second[name] / (1 - 0.99 ** (step + 1))) + 1e-8
            free[name] = free[name] - rate * (ahead / spread + DECAY * free[name])
    weights, out = np.logaddexp(0, free["raw"]), np.logaddexp(0, free["raw_out"])
    return Model(mean, scale, weights, free["bias"], out, float(free["level"]), np.zeros(3))


def _slopes(free: dict[str, np.ndarray], inputs: np.ndarray, right: np.ndarray) -> dict[str, np.ndarray]:
    """Gradient of the mean negative log likelihood; what may not be negative is the softplus of what is free."""
    weights, out = np.logaddexp(0, free["raw"]), np.logaddexp(0, free["raw_out"])
    hidden = np.tanh(inputs @ weights.T + free["bias"])
    error = (1 / (1 + np.exp(-(hidden @ out + free["level"]))) - right) / len(right)
    inner = error[:, None] * out * (1 - hidden**2)
    return {
        "raw": inner.T @ inputs / (1 + np.exp(-free["raw"])),
        "bias": inner.sum(axis=0),
        "raw_out": hidden.T @ error / (1 + np.exp(-free["raw_out"])),
        "level": error.sum(),
    }


def chosen(model: Model, image: Image, sensitivity: float = SENSITIVITY) -> tuple[np.ndarray, np.ndarray]:
    """Value and gain (M, 2) of what is chosen in an image, and which of these are right, each hair once."""
    value = model.value(image.measured)
    least = PER_SENSITIVITY * (USUAL_SENSITIVITY - sensitivity)
    which, gain = choose(image.found.lines, image.found.half_width, value - least)
    right = np.zeros(len(which), bool)
    for hair in set(image.hair[which]) - {-1}:
        own = np.flatnonzero(image.hair[which] == hair)
        best = own[np.argmax(image.right[which[own]])]
        right[best] = image.right[which[best]] > RIGHT
    return np.column_stack([value[which], gain + least]), right


def levelled(model: Model, images: list[Image]) -> tuple[Model, float]:
    """The model moved so that what is worth more than 0 gives the best F1 on these images, and that F1."""

    def f1(model: Model) -> float:
        right = [chosen(model, image, USUAL_SENSITIVITY)[1] for image in images]
        return 2 * sum(r.sum() for r in right) / (sum(map(len, right)) + sum(image.n_hairs for image in images))

    moved = [replace(model, level=model.level - level) for level in LEVELS]
    scores = np.array([f1(one) for one in moved])
    # the best of some neighbours, not the best by chance
    smooth = np.convolve(np.pad(scores, 1, mode="edge"), np.ones(3) / 3, mode="valid")
    best = int(smooth.argmax())
    return moved[best], float(scores[best])


def calibrated(known: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Weights (2,), none negative, and bias that turn value and gain into a probability."""

    def loss(theta: np.ndarray) -> float:
        odds = known @ theta[:2] + theta[2]
        return float(np.mean(np.logaddexp(0, odds) - right * odds))

    return minimize(loss, [0.5, 0.5, 0.0], bounds=[(0, None), (0, None), (None, None)]).x


def fit_preset(source: str, preset: Preset, images: list[Image]) -> None:
    """Fit, write and tell of one model."""
    order = np.random.default_rng(0).permutation(len(images))
    others, fitted = ([images[i] for i in part] for part in np.split(order, [int(HELD_OUT * len(images))]))
    if not any(image.usual for image in others):
        raise SystemExit(f"{preset}: too few images to hold some out")
    right = np.concatenate([im.right for im in fitted])
    model = fit(np.concatenate([im.measured for im in fitted]), right)
    model, best = levelled(model, [image for image in others if image.usual])
    known = [np.concatenate(parts) for parts in zip(*(chosen(model, im) for im in others), strict=True)]
    model = replace(model, calibration=calibrated(*known))
    target = Path("resources", WEIGHTS.format(source=source, preset=preset))
    np.savez(target, **{name: np.asarray(values, np.float32) for name, values in vars(model).items()})
    print(f"{target.name}: {len(right)} candidates of {len(fitted)} images; F1 {best:.3f} on usual ones held out")


def main(source: str, count: int) -> None:
    with ProcessPoolExecutor() as pool:
        images = list(pool.map(partial(examples, source), range(count)))
    for preset in (Preset.CLIPPED, Preset.LONG):
        fit_preset(source, preset, [image for image in images if image.preset is preset])


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 360)
