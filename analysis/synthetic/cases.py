"""Named cases: the situations that a detector is measured on."""

from dataclasses import replace

from analysis.synthetic.follow_up import Change, FollowUp, follow_up
from analysis.synthetic.scene import Phantom, make_phantom
from analysis.synthetic.spec import CameraSpec, Flow, HairColour, HairSpec, HairStyle, ScalpSpec, SkinSpec

LARGE_PX = (4000, 3000)
LONG = HairSpec(
    style=HairStyle.LONG,
    units_per_cm2=34,
    length_mm=7,
    bend_deg_per_mm=4,
    wave_deg=3,
    disorder_deg=14,
    fan_deg=8,
    vellus_share=0.05,
    shine=0.7,
)
DIFFICULT_CAPTURE = CameraSpec(banner=True, scale_bar=True, measuring_circle=True)

CASES: dict[str, ScalpSpec] = {
    "dark": ScalpSpec(),
    "dense": ScalpSpec(hair=HairSpec(units_per_cm2=100, unit_shares=(0.15, 0.5, 0.3, 0.05), spacing_um=25)),
    "brown": ScalpSpec(hair=HairSpec(colour=HairColour.BROWN, width_um=56)),
    "blond": ScalpSpec(hair=HairSpec(colour=HairColour.BLOND, width_um=52), skin=SkinSpec(tone=0.05, oil=0.25)),
    "grey": ScalpSpec(hair=HairSpec(colour=HairColour.GREY, white_share=0.35), skin=SkinSpec(tone=0.25)),
    "glare": ScalpSpec(skin=SkinSpec(oil=0.95)),
    "dark_skin": ScalpSpec(
        hair=HairSpec(wave_deg=40, wave_mm=2.2, length_mm=0.8, spacing_um=35),
        skin=SkinSpec(tone=0.7, pigment_network=0.7, halo=0.4, vessels_per_cm2=0, pores_per_cm2=30, oil=0.3),
    ),
    "vellus": ScalpSpec(hair=HairSpec(width_um=46, vellus_share=0.4)),
    "vessels": ScalpSpec(skin=SkinSpec(vessels_per_cm2=55, redness=0.6)),
    "flakes_bubbles": ScalpSpec(skin=SkinSpec(flakes_per_cm2=90, bubbles_per_cm2=25, specks_per_cm2=60)),
    "frame_text": ScalpSpec(camera=DIFFICULT_CAPTURE),
    "round": ScalpSpec(camera=CameraSpec(round_frame=True, vignette=0.5)),
    "defocus": ScalpSpec(camera=CameraSpec(blur_um=7, defocus_um=22, noise=3.0, jpeg_quality=70)),
    "tattoo": ScalpSpec(skin=SkinSpec(tattoo_dots=3, cuttings_per_cm2=50)),
    "whorl": ScalpSpec(hair=HairSpec(flow=Flow.WHORL, length_mm=0.7)),
    "parting": ScalpSpec(hair=HairSpec(flow=Flow.PARTING, length_mm=0.7)),
    "bare": ScalpSpec(
        hair=HairSpec(units_per_cm2=0),
        skin=SkinSpec(vessels_per_cm2=30, flakes_per_cm2=40, pores_per_cm2=60, cuttings_per_cm2=40, oil=0.6),
    ),
    "long_sparse": ScalpSpec(hair=replace(LONG, units_per_cm2=12, length_mm=9)),
    "long_medium": ScalpSpec(hair=LONG),
    "long_dense": ScalpSpec(hair=replace(LONG, units_per_cm2=80, length_mm=6)),
    "long_curly": ScalpSpec(hair=replace(LONG, units_per_cm2=40, wave_deg=45, wave_mm=4.5)),
    "long_grey": ScalpSpec(hair=replace(LONG, white_share=0.35)),
}


def case_spec(case: str, *, size_px: tuple[int, int] = (1280, 1024), um_per_px: float = 5.525) -> ScalpSpec:
    """What a named case is made from.

    Raises:
        ValueError: if there is no such case.
    """
    if case not in CASES:
        raise ValueError(f"there is no case {case!r}; there are {', '.join(CASES)}")
    return replace(CASES[case], case=case, size_px=size_px, um_per_px=um_per_px)


def phantom(case: str, seed: int, *, size_px: tuple[int, int] = (1280, 1024), um_per_px: float = 5.525) -> Phantom:
    """The phantom of a named case.

    Raises:
        ValueError: if there is no such case.
    """
    return make_phantom(case_spec(case, size_px=size_px, um_per_px=um_per_px), seed)


def phantom_pair(
    case: str,
    seed: int,
    change: Change | None = None,
    *,
    size_px: tuple[int, int] = (1280, 1024),
    um_per_px: float = 5.525,
) -> tuple[Phantom, FollowUp]:
    """The phantom of a named case and its follow-up, under other lighting.

    Raises:
        ValueError: if there is no such case.
    """
    spec = case_spec(case, size_px=size_px, um_per_px=um_per_px)
    camera = replace(spec.camera, brightness=1.06 * spec.camera.brightness, cast=(1.03, 1.0, 0.95))
    return make_phantom(spec, seed), follow_up(spec, seed, change, later=replace(spec, camera=camera))


def large_pair(seed: int, *, size_px: tuple[int, int] = LARGE_PX, um_per_px: float = 12.0) -> tuple[Phantom, FollowUp]:
    """A pair of large images for measuring speed: at the default size and scale 12 MP and about 2,500 hairs each."""
    spec = ScalpSpec(size_px=size_px, um_per_px=um_per_px, hair=HairSpec(units_per_cm2=77), case="large")
    return make_phantom(spec, seed), follow_up(spec, seed)
