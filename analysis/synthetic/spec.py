"""What a synthetic scalp and its image are made from. All lengths are physical; each default is an ordinary subject."""

from dataclasses import dataclass, field
from enum import StrEnum


class HairStyle(StrEnum):
    """How the hair was prepared."""

    CLIPPED = "clipped"
    LONG = "long"


class HairColour(StrEnum):
    """Natural colours of hair."""

    BLACK = "black"
    BROWN = "brown"
    BLOND = "blond"
    GREY = "grey"
    WHITE = "white"


class Flow(StrEnum):
    """How the direction of growth changes over the field."""

    EVEN = "even"
    WHORL = "whorl"
    PARTING = "parting"


@dataclass(frozen=True, slots=True)
class HairSpec:
    """The hair of one subject."""

    style: HairStyle = HairStyle.CLIPPED
    colour: HairColour = HairColour.BLACK
    white_share: float = 0.0
    """Share of white hairs among the coloured ones: 0 to 0.5."""
    units_per_cm2: float = 74.0
    """Follicular units: 20 (thin) to 110; 0 is bare skin."""
    unit_shares: tuple[float, ...] = (0.28, 0.53, 0.17, 0.013, 0.002)
    """Share of units with 1, 2, … hairs, before normalising."""
    width_um: float = 60.0
    """Mean width of terminal and intermediate hair: 40 to 90."""
    width_sd_um: float = 15.0
    """Between hairs: 12 to 20."""
    vellus_share: float = 0.06
    """Share of thin hairs of 14 to 30 µm: 0 to 0.4."""
    length_mm: float = 0.5
    """Median visible length: 0.3 to 1.5 clipped, 3 to 20 long."""
    length_spread: float = 0.3
    """Standard deviation of the logarithm of length between units: 0.1 to 0.5."""
    bend_deg_per_mm: float = 9.0
    """Typical turn: 4 to 15 clipped, 2 to 8 long."""
    wave_deg: float = 0.0
    """Swing of a wavy hair's direction: 0 straight, 10 to 25 wavy, above 50 curly."""
    wave_mm: float = 4.0
    """Length of one wave: 1.5 to 8."""
    fan_deg: float = 5.0
    """Spread of direction within a unit: 3 to 12."""
    disorder_deg: float = 6.0
    """Spread of direction between neighbouring units: 3 to 25."""
    flow: Flow = Flow.EVEN
    spacing_um: float = 45.0
    """Mean gap between the ostia of one unit, edge to edge of the shafts: 10 (one ostium) to 110."""
    overlap: float = 0.0
    """Share of their width by which shafts of one ostium lie over one another, at most: 0 to 0.9."""
    pallor: float = 0.0
    """How much skin shows through the thinnest hair: 0 to 0.7."""
    relief: float = 1.0
    """Roughness and rounding of shafts: 0 (one flat colour) to 1.6."""
    shine: float = 0.3
    """Strength of the highlight along shafts: 0 to 1."""


@dataclass(frozen=True, slots=True)
class SkinSpec:
    """The skin of one subject, and what lies on it."""

    tone: float = 0.15
    """0 very light to 1 very dark."""
    redness: float = 0.2
    """0 to 1."""
    texture: float = 1.0
    """Strength of furrows and grain: 0 (flat) to 1.6."""
    oil: float = 0.35
    """Share of the field that sparkles, and how strongly: 0 dry to 1."""
    halo: float = 0.8
    """How clearly the hair shows through the skin below its root: 0 to 1.4."""
    halo_width: float = 1.0
    """How wide and long that is, next to the usual: 0.6 to 2.5."""
    halo_variety: float = 0.0
    """Standard deviation of the logarithm of both, between hairs: 0 to 0.6."""
    neck_um: float = 0.0
    """How far a shaft is still seen, grey and sharp, below the thinnest skin at its root: 0 to 90."""
    crumbs: float = 0.0
    """Scale around roots and debris on shafts: 0 clean to 1."""
    vessels_per_cm2: float = 5.0
    """Visible vessels: 0 to 60."""
    pigment_network: float = 0.0
    """Contrast of the honeycomb of pigment: 0 light skin to 1."""
    pores_per_cm2: float = 8.0
    """Empty or white openings: 0 to 80."""
    moles_per_cm2: float = 0.6
    """Pigmented spots: 0 to 4."""
    flakes_per_cm2: float = 4.0
    """Scales: 0 to 120."""
    bubbles_per_cm2: float = 0.0
    """Air in the coupling gel: 0 to 30."""
    cuttings_per_cm2: float = 10.0
    """Loose pieces of cut hair: 0 to 60."""
    specks_per_cm2: float = 20.0
    """Specks of dust, ink and crust: 0 to 120."""
    crusts_per_cm2: float = 0.0
    """Brown crusts as large as hair is wide: 0 to 40."""
    tattoo_dots: int = 0
    """Marks of the field: 0 to 3."""


@dataclass(frozen=True, slots=True)
class CameraSpec:
    """Lighting, optics and sensor of one capture."""

    blur_um: float = 4.0
    """Standard deviation of the point spread in focus: 2.5 to 9."""
    defocus_um: float = 5.0
    """Further blur where the field is most out of focus: 0 to 25."""
    root_blur_um: float = 20.0
    """Blur of a shaft at its root, which lies out of focus: 0 to 35."""
    lift_blur_um: float = 25.0
    """Blur of the highest long hairs, which lie above the depth of field: 0 to 60."""
    brightness: float = 1.0
    """0.7 to 1.3."""
    cast: tuple[float, float, float] = (0.97, 1.0, 1.08)
    """Gain of red, green and blue: each 0.8 to 1.2."""
    unevenness: float = 0.5
    """Of the lighting: 0 to 1."""
    vignette: float = 0.2
    """Darkening of the corners: 0 to 0.7."""
    shadow: float = 0.25
    """Darkness of the shadows that hair throws: 0 to 0.6."""
    chromatic_um: float = 1.5
    """Shift between red and blue at the corners: 0 to 6."""
    noise: float = 1.2
    """Standard deviation of the sensor's noise in mid grey, of 255: 0.5 to 5."""
    jpeg_quality: int | None = 88
    """60 to 97, or none."""
    banner: bool = False
    """A line of text along the top, burnt in."""
    scale_bar: bool = False
    measuring_circle: bool = False
    """A thin red circle with its measures in a box."""
    round_frame: bool = False
    """Black outside a circle: the field of view is round."""
    letterbox: bool = False
    """Bars to the left and right, as of a screen capture."""


@dataclass(frozen=True, slots=True)
class ScalpSpec:
    """One subject's scalp as one image shows it.

    Raises:
        ValueError: if the image is smaller than 32 px or the scale is not from 1 to 40 µm/px.
    """

    size_px: tuple[int, int] = (1280, 1024)
    """Width and height."""
    um_per_px: float = 5.525
    """3 to 15."""
    hair: HairSpec = field(default_factory=HairSpec)
    skin: SkinSpec = field(default_factory=SkinSpec)
    camera: CameraSpec = field(default_factory=CameraSpec)
    case: str = "custom"
    """The name that the truth carries."""

    def __post_init__(self) -> None:
        if min(self.size_px) < 32:
            raise ValueError(f"a synthetic image needs at least 32 px a side, not {self.size_px}")
        if not 1 <= self.um_per_px <= 40:
            raise ValueError(f"the scale of a synthetic image must be from 1 to 40 µm/px, not {self.um_per_px:g}")

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of the field."""
        return self.size_px[0] * self.um_per_px / 1000, self.size_px[1] * self.um_per_px / 1000
