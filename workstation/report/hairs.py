"""Hair widths and the make-up of follicular units, before and after."""

import math
from collections.abc import Sequence

import numpy as np

from analysis.detection import FloatArray
from workstation.counting import counted
from workstation.endpoints import counted_hairs, endpoints_of, um_per_px
from workstation.model.read import Read
from workstation.report.document import Block, Chart, Column, Heading, Row, Table
from workstation.report.material import COMPOSITION, Material
from workstation.trial.schedule import BASELINE
from workstation.trial.wording import number, week


def hairs(material: Material) -> list[Block]:
    """The charts; nothing where there is no scale, or no hair."""
    blocks = [*_widths(material), *_composition(material)]
    return [Heading("Hair widths and follicular units", 2), *blocks] if blocks else []


def _widths(material: Material) -> list[Block]:
    from workstation.report.charts.distributions import bins_um, width_chart

    shown, cutoffs = material.shown_week, material.study.cutoffs
    weeks = [BASELINE] if shown is None else [BASELINE, shown]
    chosen = [_widths_at(material, at) for at in weeks]
    subjects = sorted(set.intersection(*(set(found) for found in chosen)))
    if not subjects:
        return []
    widest = max(float(w.max(initial=0.0)) for found in chosen for s in subjects for _, w in found[s])
    edges = bins_um(widest, cutoffs)
    heights = [np.mean([_per_cm2(found[s], edges) for s in subjects], axis=0) for found in chosen]
    sizes = [sum(len(w) for s in subjects for _, w in found[s]) for found in chosen]
    labels = [f"{week(at)}: {counted(size, 'hair')}" for at, size in zip(weeks, sizes, strict=True)]
    after = heights[-1] if len(heights) > 1 else np.zeros(0)
    figure = width_chart(heights[0], after, edges, labels, cutoffs)
    names = " and ".join(week(at) for at in weeks) + (
        ", all arms together" if len(material.analysis.groups) > 1 else ""
    )
    caption = (
        f"Widths of the counted hairs, {names}: mean over {counted(len(subjects), 'subject')} of the hairs per cm² in "
        f"each class of {edges[1]:g} µm; every subject weighs the same. Dashed: the cut-offs."
    )
    return [Chart("hair_widths", figure, caption, f"{caption} {'; '.join(labels)}.")]


Widths = Sequence[tuple[float, FloatArray]]
"""Of each image of a subject its field in cm² and the widths of its hairs in µm."""


def _widths_at(material: Material, at: float) -> dict[str, Widths]:
    """The widths of every subject of whom an image with a scale and hairs is there."""
    found: dict[str, list[tuple[float, FloatArray]]] = {}
    control = material.study.plan.control_site
    for subject in material.study.subjects:
        for image_id in material.images_at(subject, at):
            image, read = material.study.images[image_id], material.reads.get(image_id)
            scale = um_per_px(image)
            if read is None or scale is None or (control and image.site == control):
                continue
            area = endpoints_of(material.study, read).field_cm2
            if area > 0:
                found.setdefault(subject, []).append((area, _width_um(read, scale)))
    return {subject: own for subject, own in found.items() if any(len(w) for _, w in own)}


def _width_um(read: Read, scale: float) -> FloatArray:
    inside = np.array(list(counted_hairs(read).values()), dtype=bool)
    width_px = read.columns.width_px[inside] if len(inside) else np.empty(0)
    known: FloatArray = width_px[np.isfinite(width_px)] * scale
    return known


def _per_cm2(images: Widths, edges_um: FloatArray) -> FloatArray:
    """(B,) hairs per cm², averaged over a subject's images."""
    found: FloatArray = np.mean([np.histogram(widths, edges_um)[0] / area for area, widths in images], axis=0)
    return found


def _composition(material: Material) -> list[Block]:
    from workstation.report.charts.distributions import composition_chart
    from workstation.report.charts.style import shortened

    bars = _shares(material)
    if not bars:
        return []
    caption = (
        "Follicular units by their number of hairs: shares averaged over the subjects, of those with both visits where "
        "there are two."
    )
    alt = "; ".join(f"{name}: {', '.join(f'{100 * s:.0f} %' for s in shares)}" for name, _, shares in bars)
    columns = (
        Column("", share=2.2), Column("n", is_number=True, share=0.6),
        *(Column(name, "%", is_number=True) for name in ("1 hair", "2 hairs", "3 hairs", "4 or more")),
    )  # fmt: skip
    rows = tuple(Row((name, str(n), *(number(100 * s, 1) for s in shares))) for name, n, shares in bars)
    chart = composition_chart([(shortened(name, 44), shares) for name, _, shares in bars])
    return [
        Chart("unit_composition", chart, caption, f"{caption} {alt}."),
        Table("Follicular units by number of hairs", columns, rows, ("n: subjects.",), width=0.75),
    ]


def _shares(material: Material) -> list[tuple[str, int, list[float]]]:
    """Of each group and week its name, the number of subjects and the four mean shares."""
    tables = [material.tables.get(name) for name in COMPOSITION]
    known = [table for table in tables if table is not None]
    if len(known) < len(COMPOSITION):
        return []
    weeks = [BASELINE] if material.shown_week is None else [BASELINE, material.shown_week]
    several, arms = len(material.analysis.groups) > 1, material.arms
    bars = []
    for group in material.analysis.groups:
        own = np.array([not several or arms.get(s, "") == group for s in known[0].subjects], dtype=bool)
        values = np.array([[table.at(at) for at in weeks] for table in known])[:, :, own]
        values = values[:, :, np.isfinite(values).all(axis=(0, 1))]
        for place, at in enumerate(weeks):
            if values.shape[2]:
                name = f"{group or 'no arm'}, {week(at)}" if several else week(at).capitalize()
                bars.append((name, values.shape[2], values[:, place].mean(axis=1).tolist()))
    return [bar for bar in bars if all(map(math.isfinite, bar[2]))]
