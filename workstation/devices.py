"""Cameras whose scale is known: the presets in `resources/devices.json`."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

from analysis.calibration import Calibration, CalibrationSource

MAX_ASPECT_DIFFERENCE = 0.005


@dataclass(frozen=True, slots=True)
class Device:
    """A camera and the scale of its images at their own size."""

    name: str
    aliases: tuple[str, ...]
    um_per_px: float
    width_px: int
    height_px: int
    note: str
    source: str
    """Where the scale is known from."""


@cache
def known_devices() -> tuple[Device, ...]:
    """All presets."""
    text = resources.files("resources").joinpath("devices.json").read_text(encoding="utf-8")
    return tuple(Device(**{**preset, "aliases": tuple(preset["aliases"])}) for preset in json.loads(text))


def find_device(name: str) -> Device | None:
    """The preset of that name, however it is spelt: capitals, spaces and `×` for `x` make no difference."""
    wanted = _plain(name)
    return next((d for d in known_devices() if wanted in map(_plain, (d.name, *d.aliases))), None)


def _plain(name: str) -> str:
    return "".join(name.casefold().replace("×", "x").split())


def scale_of(device: str, width_px: int, height_px: int) -> Calibration | None:
    """The scale of an image of a known camera.

    An image of another size and the same proportions is taken as resized and the scale goes with it, also when it
    was turned on its side; other proportions mean that it was cropped or made in another mode, and nothing is known of
    its scale.
    """
    preset = find_device(device)
    if preset is None:
        return None
    short_px, long_px = sorted((width_px, height_px))
    preset_short_px, preset_long_px = sorted((preset.width_px, preset.height_px))
    factor = preset_long_px / long_px
    if abs(preset_short_px / short_px - factor) > MAX_ASPECT_DIFFERENCE * factor:
        return None
    return Calibration(preset.um_per_px * factor, CalibrationSource.DEVICE)
