"""What is really in a synthetic image."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.detection import FloatArray

CORNER = 0.5
"""Added to every coordinate on writing: files count from the corner of the top-left pixel, as GeoJSON does here."""


@dataclass(frozen=True, eq=False)
class TrueHair:
    """A hair that is visible in the image, wherever its root lies."""

    id: int
    unit_id: int
    width_um: float
    """Median width along the shaft."""
    colour: str
    centreline_px: FloatArray
    """(V, 2), root first, from the centre of the top-left pixel; it may leave the image."""

    @property
    def root_px(self) -> FloatArray:
        """(2,) where the shaft leaves the skin."""
        root: FloatArray = self.centreline_px[0]
        return root

    @property
    def kind(self) -> str:
        """Vellus, intermediate or terminal, by the usual cut-offs of 30 and 60 µm."""
        return "vellus" if self.width_um < 30 else "intermediate" if self.width_um < 60 else "terminal"


@dataclass(frozen=True, eq=False)
class TrueUnit:
    """A follicular unit; its id is the same at every visit."""

    id: int
    centre_px: FloatArray
    """(2,) mean of its hairs' roots."""
    hair_ids: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Truth:
    """All hairs and units of one image."""

    size_px: tuple[int, int]
    um_per_px: float
    case: str
    visit: str
    hairs: tuple[TrueHair, ...]
    """Hairs rooted outside the image but visible in it included."""
    units: tuple[TrueUnit, ...]
    """The units of those hairs."""
    circle_px: tuple[float, float, float] | None = None
    """x, y and radius of a round field of view."""

    def as_dict(self) -> dict[str, Any]:
        """The form in files. Its coordinates have their origin at the corner of the top-left pixel."""
        return {
            "size": list(self.size_px),
            "case": self.case,
            "visit": self.visit,
            "um_per_px": self.um_per_px,
            "roi": None if self.circle_px is None else {"circle": _corner(np.array(self.circle_px), (1, 1, 0))},
            "hairs": [
                {
                    "id": h.id,
                    "fu": h.unit_id,
                    "width_um": round(h.width_um, 3),
                    "class": h.kind,
                    "colour": h.colour,
                    "root": _corner(h.root_px),
                    "centreline": [_corner(p) for p in h.centreline_px],
                }
                for h in self.hairs
            ],
            "units": [{"id": u.id, "centre": _corner(u.centre_px), "hairs": list(u.hair_ids)} for u in self.units],
        }

    def to_json(self) -> str:
        """`as_dict` as text, one hair or unit a line."""
        whole = self.as_dict()
        lines = [
            f"{json.dumps(key)}: {json.dumps(whole[key])}" for key in ("size", "case", "visit", "um_per_px", "roi")
        ]
        for key in ("hairs", "units"):
            rows = ",\n  ".join(json.dumps(row) for row in whole[key])
            lines.append(f"{json.dumps(key)}: [\n  {rows}\n]")
        return "{\n" + ",\n".join(lines) + "\n}\n"

    @staticmethod
    def from_json(text: str) -> "Truth":
        """A truth that `to_json` wrote; positions come back to a hundredth of a pixel."""
        whole = json.loads(text)
        circle = None if whole["roi"] is None else whole["roi"]["circle"]
        return Truth(
            size_px=(whole["size"][0], whole["size"][1]),
            um_per_px=whole["um_per_px"],
            case=whole["case"],
            visit=whole["visit"],
            hairs=tuple(
                TrueHair(h["id"], h["fu"], h["width_um"], h["colour"], np.array(h["centreline"]) - CORNER)
                for h in whole["hairs"]
            ),
            units=tuple(TrueUnit(u["id"], np.array(u["centre"]) - CORNER, tuple(u["hairs"])) for u in whole["units"]),
            circle_px=None if circle is None else (circle[0] - CORNER, circle[1] - CORNER, circle[2]),
        )


def _corner(values: FloatArray, moved: tuple[int, ...] = (1, 1)) -> list[float]:
    return [round(float(v) + CORNER * m, 2) for v, m in zip(values, moved, strict=True)]
