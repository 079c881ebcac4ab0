"""Detection: from an image to hairs and follicular units."""

import time
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analysis.decoder.decode import choose_preset, decode
from analysis.decoder.shaft import Shaft
from analysis.detection import Detection, DetectionParameters, FloatArray, IntArray, Preset
from analysis.evidence import Evidence
from analysis.geometry import arc_length
from analysis.preprocess import Prepared, prepare_image
from analysis.progress import Report, part_of, silent
from analysis.roots import VOTE_WEIGHT, VOTE_WEIGHT_LONG, orient, roots_inside
from analysis.scale import estimate_scale
from analysis.sources import find_evidence
from analysis.units import group_roots
from analysis.width import widths_along, with_foretold

DEFAULT_PARAMETERS = DetectionParameters()


def detect(
    image_rgb: NDArray[np.uint8],
    um_per_px: float | None,
    parameters: DetectionParameters = DEFAULT_PARAMETERS,
    report: Report = silent,
) -> Detection:
    """Find the hairs and follicular units of one image.

    Args:
        image_rgb: uint8 (H, W, 3).
        um_per_px: its scale; None estimates one, and a note says so.
        parameters: what to look for.
        report: called with each stage's name and the share done; may raise `Cancelled`.

    Raises:
        ValueError: if the image is not uint8 (H, W, 3) with at least one pixel.
    """
    if image_rgb.dtype != np.uint8 or image_rgb.ndim != 3 or image_rgb.shape[2] != 3 or image_rgb.size == 0:
        raise ValueError(f"detection needs a uint8 (H, W, 3) image, not {image_rgb.dtype} {image_rgb.shape}")
    started = time.perf_counter()
    notes: list[str] = []
    if um_per_px is None:
        report("estimating the scale", 0.0)
        um_per_px, note = estimate_scale(image_rgb, parameters.polarity)
        notes.append(note)
    report("preparing the image", 0.02)
    prepared = prepare_image(image_rgb, um_per_px, parameters.polarity, part_of(report, 0.02, 0.08))
    report("finding hair", 0.10)
    asked, sensitivity = parameters.source, parameters.sensitivity
    evidence, source, note = find_evidence(prepared, sensitivity, asked, part_of(report, 0.10, 0.10))
    if note:
        notes.append(note)
    report("tracing hairs", 0.20)
    preset = choose_preset(evidence) if parameters.preset is Preset.AUTO else parameters.preset
    parameters = replace(parameters, polarity=prepared.polarity, preset=preset, source=source)
    shafts, sure = decode(evidence, parameters, part_of(report, 0.2, 0.6))
    report("finding roots", 0.80)
    return _measured(evidence, prepared, shafts, sure, parameters, um_per_px, started, notes, report)


def _measured(
    evidence: Evidence,
    prepared: Prepared,
    shafts: list[Shaft],
    sure: FloatArray,
    parameters: DetectionParameters,
    um_per_px: float,
    started: float,
    notes: list[str],
    report: Report,
) -> Detection:
    vote = VOTE_WEIGHT_LONG if parameters.preset is Preset.LONG else VOTE_WEIGHT
    turned = orient(shafts, evidence, vote)
    lines = [evidence.frame.to_image(s.axis) for s in turned]
    per_px = evidence.frame.work_per_px
    widths = _widths(evidence, turned, lines, um_per_px, report)
    median = np.array([_median(w, 2 * s.half_width / per_px) for w, s in zip(widths, turned, strict=True)])
    fit = _within(lines, median, parameters, um_per_px)
    lines, widths = [lines[i] for i in fit], [widths[i] for i in fit]
    report("grouping units", 0.95)
    roots = np.array([line[0] for line in lines]).reshape(-1, 2)
    root_visible = roots_inside(roots, prepared.field_polygon_px, um_per_px)
    unit = np.full(len(lines), -1, dtype=np.int64)
    unit[root_visible] = group_roots(roots[root_visible], parameters.unit_distance_um / um_per_px)
    n_vertices = np.array([len(line) for line in lines], dtype=np.int64)
    first = np.concatenate([[0], np.cumsum(n_vertices)[:-1]]).astype(np.int64) if lines else n_vertices
    return Detection(
        vertices_px=np.concatenate(lines) if lines else np.zeros((0, 2)),
        vertex_width_px=np.concatenate(widths) if widths else np.zeros(0),
        first_vertex=first,
        n_vertices=n_vertices,
        width_px=median[fit],
        confidence=sure[fit],
        root_visible=root_visible,
        unit=unit,
        field_polygon_px=prepared.field_polygon_px,
        exclusions=prepared.exclusions,
        parameters=parameters,
        um_per_px=um_per_px,
        seconds=time.perf_counter() - started,
        notes=tuple(notes),
    )


def _within(
    lines: list[FloatArray], width_px: FloatArray, parameters: DetectionParameters, um_per_px: float
) -> IntArray:
    """Which lines have a width (N,) and length in the range; the decoder saw to the least length, blur included."""
    width_um = width_px * um_per_px
    length_um = np.array([arc_length(line) for line in lines]) * um_per_px
    wide_enough = (width_um >= parameters.min_width_um) & (width_um <= parameters.max_width_um)
    return np.flatnonzero(wide_enough & (length_um <= parameters.max_length_um))


def _widths(
    evidence: Evidence, shafts: list[Shaft], lines: list[FloatArray], um_per_px: float, report: Report
) -> list[FloatArray]:
    widths: list[FloatArray] = []
    for line, shaft in zip(lines, shafts, strict=True):
        report("measuring widths", 0.85 + 0.10 * len(widths) / len(lines))
        half_width_px = shaft.half_width / evidence.frame.work_per_px
        own = widths_along(evidence, line, half_width_px)
        foretold = evidence.votes is not None
        widths.append(with_foretold(own, 2 * half_width_px, um_per_px) if foretold else own)
    return widths


def _median(widths: FloatArray, fallback: float) -> float:
    known = widths[np.isfinite(widths)]
    return float(np.median(known)) if len(known) else fallback
