"""What of the overlay is shown, and how the image is: one value for all views."""

from dataclasses import dataclass, field, replace

from ui.view.adjustments import Adjustments


@dataclass(frozen=True, slots=True)
class Layers:
    """What is drawn over an image.

    Raises:
        ValueError: if the opacity is not from 0 to 1.
    """

    centrelines: bool = True
    widths: bool = True
    roots: bool = True
    marks: bool = True
    """At the tips, each class's shape; the diamond of added hairs."""
    units: bool = True
    unit_counts: bool = True
    field: bool = True
    exclusions: bool = True
    rejected: bool = True
    """Rejected hairs."""
    vellus: bool = True
    intermediate: bool = True
    terminal: bool = True
    unclassed: bool = True
    """Hairs whose width or image has no scale."""
    matches: bool = False
    """What became of units between visits, in place of their outlines and numbers of hairs."""
    opacity: float = 1.0
    """Of all the overlay."""
    visible: bool = True
    """Whether any of it is drawn."""

    def __post_init__(self) -> None:
        if not 0 <= self.opacity <= 1:
            raise ValueError(f"an opacity lies between 0 and 1, not at {self.opacity:g}")

    def toggled(self, name: str) -> "Layers":
        """With one kind shown that was not, or the other way round."""
        return replace(self, **{name: not getattr(self, name)})


@dataclass(frozen=True, slots=True)
class Display:
    """How images and overlay are shown in all views."""

    layers: Layers = field(default_factory=Layers)
    adjustments: Adjustments = field(default_factory=Adjustments)
    blinded: bool = False
    """Where two reads are settled, their readers are told by number, not by name."""
