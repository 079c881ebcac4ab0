"""How an image is shown: brightness, contrast, gamma, one channel, local contrast. The data never change.

The values alone, which is quick to import; `ui.view.toning` changes pixels by them.
"""

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """What of the colours is shown."""

    RGB = "colour"
    RED = "red"
    GREEN = "green"
    BLUE = "blue"
    GREY = "grey"


@dataclass(frozen=True, slots=True)
class Adjustments:
    """How an image is shown.

    Raises:
        ValueError: outside the limits named below.
    """

    brightness: float = 0.0
    """−1 black to 1 white."""
    contrast: float = 0.0
    """−1 flat grey to 1 five times as steep."""
    gamma: float = 1.0
    """0.2 to 5; above 1 lifts the shadows."""
    channel: Channel = Channel.RGB
    local_contrast: bool = False
    """Equalised region by region, which brings out fine hair in glare and shadow."""

    def __post_init__(self) -> None:
        if not (-1 <= self.brightness <= 1 and -1 <= self.contrast <= 1 and 0.2 <= self.gamma <= 5):
            raise ValueError(f"an image cannot be shown with {self}")

    @property
    def pointwise(self) -> bool:
        """Whether any pixel is changed by what depends on that pixel alone."""
        return (self.brightness, self.contrast, self.gamma, self.channel) != (0.0, 0.0, 1.0, Channel.RGB)
