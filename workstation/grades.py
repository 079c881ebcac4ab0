"""Grades of hair loss: the Hamilton–Norwood scale for men and the Ludwig scale for women, each in plain words.

The pictures in `resources/grades` are drawn for this product by `tools/make_grades.py`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Scale(StrEnum):
    """A scale, by the word that its grades begin with."""

    NORWOOD = "Norwood"
    LUDWIG = "Ludwig"


@dataclass(frozen=True, slots=True)
class Grade:
    """One step of a scale."""

    scale: Scale
    step: str
    """`III vertex`."""
    description: str

    @property
    def name(self) -> str:
        """As it stands in a study: `Norwood III vertex`."""
        return f"{self.scale} {self.step}"

    @property
    def picture(self) -> str:
        """The file in `resources/grades`, without suffix."""
        return self.name.casefold().replace(" ", "_")


_N, _L = Scale.NORWOOD, Scale.LUDWIG
GRADES: tuple[Grade, ...] = (
    Grade(_N, "I", "No recession, or hardly any, of the hairline."),
    Grade(_N, "II", "Small triangular recessions at both temples."),
    Grade(_N, "III", "Deep recessions at both temples, bare or thinly covered."),
    Grade(_N, "III vertex", "Loss at the vertex above all; the temples recede no further than in III."),
    Grade(_N, "IV", "Front and vertex are bare; a broad band of hair across the top parts them."),
    Grade(_N, "V", "Both bare areas are larger; the band between them is narrow and thin."),
    Grade(_N, "VI", "The band is gone: front and vertex are one bare area."),
    Grade(_N, "VII", "A narrow rim of hair is left at the sides and the back."),
    Grade(_L, "I", "Thinning on the crown that can be seen; the hairline in front is kept."),
    Grade(_L, "II", "Marked thinning on the crown; the parting is wide."),
    Grade(_L, "III", "The crown is bare; a fringe of hair is left in front."),
)
_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V", "6": "VI", "7": "VII"}


def grade_named(text: str) -> Grade | None:
    """The grade that a text means, however it is written: `Hamilton-Norwood IIIv`, `norwood 3 Vertex`; else None."""
    plain = re.sub(r"[^a-z0-9]+", " ", text.casefold().replace("hamilton", "")).strip()
    found = re.fullmatch(r"(norwood|ludwig) ?(?:grade|stage|class|type)? ?([ivx]+?|\d)( ?v(?:ertex)?)?", plain)
    if found is None:
        return None
    step = _ROMAN.get(found[2], found[2].upper())
    name = f"{found[1]} {step}{' vertex' if found[3] else ''}".casefold()
    return next((grade for grade in GRADES if grade.name.casefold() == name), None)


def scales_for(sex: str) -> tuple[Scale, ...]:
    """The scales in the order in which they are likely to be used."""
    return (_L, _N) if sex == "female" else (_N, _L)
