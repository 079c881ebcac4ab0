from pathlib import Path

import pytest

from analysis.calibration import CalibrationSource
from workstation.devices import find_device, known_devices, scale_of


def test_the_scale_of_a_known_camera() -> None:
    scale = scale_of("HairMetrix", 2274, 2048)
    assert scale is not None
    assert scale.um_per_px == pytest.approx(1000 / 187.12, abs=1e-4)
    assert scale.source is CalibrationSource.DEVICE


@pytest.mark.parametrize("name", ["hairmetrix", " Hair Metrix ", "CANFIELD HAIRMETRIX"])
def test_spelling_makes_no_difference(name: str) -> None:
    assert find_device(name) is known_devices()[0]


def test_a_times_sign_is_an_x() -> None:
    scale = scale_of("70× microscope", 1280, 1024)
    assert scale is not None
    assert scale.um_per_px == 5.525


def test_a_resized_image_keeps_its_field() -> None:
    half = scale_of("Microscope 70x", 640, 512)
    assert half is not None
    assert half.um_per_px == pytest.approx(11.05)


def test_an_image_turned_on_its_side_has_the_same_scale() -> None:
    assert scale_of("Microscope 70x", 1024, 1280) == scale_of("Microscope 70x", 1280, 1024)


def test_a_cropped_or_unknown_image_has_no_scale() -> None:
    assert scale_of("Microscope 70x", 1280, 960) is None
    assert scale_of("some camera", 1280, 1024) is None
    assert scale_of("", 1280, 1024) is None


def test_every_preset_names_its_source_and_has_a_name_of_its_own() -> None:
    names = [n.casefold() for d in known_devices() for n in (d.name, *d.aliases)]
    assert len(names) == len(set(names))
    for device in known_devices():
        assert device.source
        # the widest field of any handheld in use is under 3 cm
        assert 3 < device.width_px * device.um_per_px / 1000 < 30


def test_the_documentation_lists_every_preset() -> None:
    page = (Path(__file__).parents[2] / "docs" / "images.md").read_text(encoding="utf-8")
    for device in known_devices():
        row = (
            device.name,
            ", ".join(device.aliases),
            f"{device.um_per_px:g}",
            f"{device.width_px} × {device.height_px}",
        )
        assert f"| {' | '.join(row)} |" in page
