import json

import cv2
import numpy as np
import pytest

from workstation.cli.application import main


def field_of_rods(n: int) -> np.ndarray:
    """(240, 320, 3) a light skin with n dark rods."""
    rng = np.random.default_rng(n)
    skin = np.full((240, 320, 3), (190, 160, 150), np.float64) + rng.normal(0, 2, (240, 320, 1))
    image = np.clip(skin, 0, 255).astype(np.uint8)
    for k in range(n):
        x, y = 60 + 80 * (k % 3), 60 + 70 * (k // 3)
        cv2.line(image, (x, y), (x + 50, y + 25), (35, 28, 25), 9, cv2.LINE_AA)
    return cv2.GaussianBlur(image, (0, 0), 1.0)


@pytest.fixture
def image(tmp_path):
    path = tmp_path / "scan.png"
    cv2.imwrite(str(path), field_of_rods(4))
    return path


@pytest.fixture
def run(capsys):
    """Runs one command; gives its exit status, standard output and standard error."""

    def run(*arguments: object, open_window=None) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main([str(a) for a in arguments], open_window)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture
def run_json(run):
    """Runs one command that must succeed and print JSON alone."""

    def run_json(*arguments: object) -> object:
        status, out, err = run(*arguments, "--json")
        assert status == 0, err
        return json.loads(out)

    return run_json


@pytest.fixture
def study(tmp_path, image, run):
    """A study of one image with a detection."""
    path = tmp_path / "study.h5"
    status, _, err = run("detect", image, "--um-per-px", 7, "-o", path)
    assert status == 0, err
    return path
