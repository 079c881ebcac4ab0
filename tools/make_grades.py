"""Draws the grades of hair loss in resources/grades: a head from above, the nose upwards, with what hair it has.

    python tools/make_grades.py [FOLDER]

All grades share one head; hair is what its line in front and its bare places leave of it. Lengths are those of a
drawing of 96 × 96.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import shapely  # noqa: E402

from workstation.grades import GRADES, Scale  # noqa: E402

SIDE = 96
SKIN, HAIR, SHINE = "#dedede", "#454545", "#6f6f6f"
"""Neutral, and the same in both themes: hair is darker than skin. Outlines take the colour of text."""
WHORL = (48.0, 64.0)
"""Where hair turns away from."""
Points = Sequence[tuple[float, float]]

HAIRLINES: dict[str, Points] = {
    "I": [(10, 44), (18, 33), (29, 24.5), (48, 20.5)],
    "II": [(10, 44), (18, 37), (27, 34), (33, 31), (38, 24), (48, 21)],
    "III": [(10, 46), (18, 43), (27, 44), (33, 41), (38, 27), (48, 22)],
    "III vertex": [(10, 45), (18, 39), (27, 37.5), (33, 34), (38, 25.5), (48, 22)],
    "IV": [(10, 48), (18, 46), (27, 47.5), (34, 44), (40, 33), (48, 30)],
    "V": [(10, 50), (17, 49), (26, 52), (35, 51), (41, 46), (48, 44.5)],
}
"""The left half, from the ear to the middle; the right half mirrors it."""
SPOTS = {"III vertex": (48, 67, 9.5, 8.5), "IV": (48, 68, 13.5, 11.5), "V": (48, 68, 18, 13.5)}
"""Bare places at the vertex: middle and half axes."""
RIMS: dict[str, Points] = {
    "VI": [(10, 44), (20, 44), (25.5, 56), (31, 70), (39, 76.5), (48, 78)],
    "VII": [(10, 56), (19, 56), (23, 67), (29.5, 76.5), (38, 82), (48, 83.5)],
}
"""What is bare in front of, the left half as above."""
PARTINGS = {"I": (6.5, 0.50), "II": (11.5, 0.36), "III": (16.0, 0.06)}
"""Ludwig: half the width of the thin area, and how much of its hair is left."""


def main(folder: Path) -> None:
    """Write all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    for grade in GRADES:
        drawn = drawn_norwood(grade.step) if grade.scale is Scale.NORWOOD else drawn_ludwig(grade.step)
        (folder / f"{grade.picture}.svg").write_text(drawn, encoding="utf-8")


def drawn_norwood(step: str) -> str:
    """Short hair on a head."""
    bare = below(RIMS[step]) if step in RIMS else below(HAIRLINES[step])
    hair = skull().difference(bare)
    thin = shapely.Polygon()
    if step in SPOTS:
        x, y, across, along = SPOTS[step]
        hair = hair.difference(ellipse(x, y, across, along))
    if step == "V":  # the band that is left is thin
        thin = hair.intersection(shapely.box(31, 44, 65, 57))
        hair = hair.difference(thin)
    return svg(face(), hair, strokes(hair, 150, 5.5, 1), strokes(thin, 26, 5.0, 2))


def drawn_ludwig(step: str) -> str:
    """Longer hair, parted in the middle, that falls over the head's outline."""
    fall = shapely.union_all([ellipse(48, 54, 36, 38), ellipse(48, 64, 33, 29)])
    hair = fall.union(skull()).difference(below(HAIRLINES["I"]))
    half, left = PARTINGS[step]
    thin = ellipse(48, 52, half, 23)
    fringe = {"I": 1.5, "II": 3.5, "III": 5.5}[step]
    thin = thin.difference(below([(x, y + fringe) for x, y in HAIRLINES["I"]]))
    parting = shapely.LineString([(48, 22), (48, 62)]).buffer(0.6)
    dense = hair.difference(thin).difference(parting)
    n = round(thin.area * left / 4.2)
    return svg(face(), dense, strokes(dense, 170, 8.0, 3, sideways=True), strokes(thin, n, 6.0, 4, sideways=True))


def skull() -> shapely.Polygon:
    """The head from above, wider behind, without nose and ears."""
    t = np.linspace(0, 2 * np.pi, 97)
    return shapely.Polygon(zip(48 + (31 - 1.6 * np.cos(t)) * np.sin(t), 51 - 38.5 * np.cos(t), strict=True))


def face() -> shapely.Polygon:
    """The head with its nose and ears."""
    nose = shapely.Polygon(smooth([(42, 15), (45.5, 9.5), (48, 6.5), (50.5, 9.5), (54, 15)])).buffer(0.8)
    ears = [ellipse(48 + side * 32.5, 52, 3.6, 7) for side in (-1, 1)]
    return shapely.union_all([skull(), nose, *ears])


def below(half: Points) -> shapely.Polygon:
    """All in front of a line that is given by its left half."""
    mirrored = [(SIDE - x, y) for x, y in reversed(half[:-1])]
    line = smooth([(-20, half[0][1] + 6), *half, *mirrored, (SIDE + 20, half[0][1] + 6)])
    return shapely.Polygon([*line, (SIDE + 20, -20), (-20, -20)]).buffer(0)


def smooth(points: Points) -> list[tuple[float, float]]:
    """A curve through points (Catmull and Rom)."""
    p = np.array([points[0], *points, points[-1]], dtype=float)
    t = np.linspace(0, 1, 9)[:-1, None]
    parts = []
    for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False):
        parts.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return [(float(x), float(y)) for x, y in [*np.concatenate(parts), p[-1]]]


def ellipse(x: float, y: float, across: float, along: float) -> shapely.Polygon:
    """An ellipse by its half axes."""
    t = np.linspace(0, 2 * np.pi, 49)[:-1]
    return shapely.Polygon(zip(x + across * np.cos(t), y + along * np.sin(t), strict=True))


def strokes(region: shapely.Geometry, n: int, length: float, seed: int, *, sideways: bool = False) -> list[str]:
    """Hairs in a region, spread evenly: away from the whorl, or from the parting to the sides."""
    if region.is_empty or n < 1:
        return []
    inside = region.buffer(-0.6)
    random = np.random.default_rng(seed)
    left, top, right, bottom = region.bounds
    placed: list[tuple[float, float]] = []
    gap = 0.75 * np.sqrt(region.area / n)
    for x, y in random.uniform((left, top), (right, bottom), (4000, 2)):
        apart = len(placed) < n and all((x - a) ** 2 + (y - b) ** 2 > gap**2 for a, b in placed)
        if apart and inside.contains(shapely.Point(x, y)):
            placed.append((x, y))
    made = []
    for x, y in placed:
        away = np.array((x - WHORL[0], y - WHORL[1]))
        if sideways:
            away = np.array((x - 48 or 1.0, 0.28 * (y - 30)))
        away = away / max(float(np.hypot(*away)), 1e-6)
        hair = shapely.LineString([(x, y), (x + length * away[0], y + length * away[1])]).intersection(region)
        if hair.geom_type == "LineString" and hair.length > 0.3 * length:
            (x0, y0), (x1, y1) = hair.coords
            made.append(f"M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}")
    return made


def svg(head: shapely.Geometry, hair: shapely.Geometry, shine: Sequence[str], thin: Sequence[str]) -> str:
    """The drawing."""
    line = 'fill="none" stroke-linecap="round"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIDE}" height="{SIDE}" viewBox="0 0 {SIDE} {SIDE}">'
        f'<path d="{path(head)}" fill="{SKIN}"/>'
        f'<path d="{path(hair)}" fill="{HAIR}" fill-rule="evenodd"/>'
        + (f'<path d="{"".join(shine)}" {line} stroke="{SHINE}" stroke-width=".8"/>' if shine else "")
        + (f'<path d="{"".join(thin)}" {line} stroke="{HAIR}" stroke-width="1"/>' if thin else "")
        + f'<path d="{path(head.union(hair))}" fill="none" stroke="currentColor" stroke-width="1.5" '
        'stroke-linejoin="round"/></svg>\n'
    )


def path(region: shapely.Geometry) -> str:
    """A region as a path."""
    parts = [region] if region.geom_type == "Polygon" else list(region.geoms)
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring.coords[:-1]) + "Z" for ring in rings)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "resources" / "grades")
