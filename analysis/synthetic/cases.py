"""Named cases: the situations that a detector is measured on."""

from dataclasses import replace

from analysis.synthetic.phantom import Phantom, make_phantom
from analysis.synthetic.spec import HairColour, HairSpec, HairStyle, ScalpSpec, SkinSpec

LONG = HairSpec(
    style=HairStyle.LONG,
    units_per_cm2=34,
    length_mm=7,
    bend_deg_per_mm=4,
    wave_deg=3,
    disorder_deg=14,
    vellus_share=0.05,
)

CASES: dict[str, ScalpSpec] = {
    "dark": ScalpSpec(),
    "dense": ScalpSpec(hair=HairSpec(units_per_cm2=100, unit_shares=(0.15, 0.5, 0.3, 0.05), spacing_um=30)),
    "blond": ScalpSpec(hair=HairSpec(colour=HairColour.BLOND, width_um=52), skin=SkinSpec(tone=0.08)),
    "grey": ScalpSpec(hair=HairSpec(colour=HairColour.GREY, white_share=0.35)),
    "glare": ScalpSpec(skin=SkinSpec(oil=1.0)),
    "dark_skin": ScalpSpec(
        hair=HairSpec(wave_deg=45, wave_mm=2.5, length_mm=0.8),
        skin=SkinSpec(tone=0.75, pigment_network=0.7, halo=0.35),
    ),
    "vellus": ScalpSpec(hair=HairSpec(width_um=45, vellus_share=0.4)),
    "long_sparse": ScalpSpec(hair=replace(LONG, units_per_cm2=12)),
    "long_medium": ScalpSpec(hair=LONG),
    "long_dense": ScalpSpec(hair=replace(LONG, units_per_cm2=80, length_mm=6)),
}


def phantom(case: str, seed: int, *, size_px: tuple[int, int] = (1280, 1024), um_per_px: float = 5.525) -> Phantom:
    """The phantom of a named case.

    Raises:
        ValueError: if there is no such case.
    """
    return make_phantom(case_spec(case, size_px=size_px, um_per_px=um_per_px), seed)


def case_spec(case: str, *, size_px: tuple[int, int] = (1280, 1024), um_per_px: float = 5.525) -> ScalpSpec:
    """What a named case is made from.

    Raises:
        ValueError: if there is no such case.
    """
    if case not in CASES:
        raise ValueError(f"there is no case {case!r}; there are {', '.join(CASES)}")
    return replace(CASES[case], case=case, size_px=size_px, um_per_px=um_per_px)
