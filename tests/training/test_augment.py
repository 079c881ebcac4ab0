import numpy as np
import pytest

from training.augment import framed, seen_otherwise, turned, written_on
from training.targets import PLANES, targets

LINES = [np.array([[10.0, 12.0], [40.0, 22.0]]), np.array([[30.0, 50.0], [33.0, 28.0]])]
WIDTHS = np.array([4.0, 2.0])
SIZE = 64


@pytest.mark.parametrize("seed", range(8))
def test_a_turned_tile_has_the_truth_of_the_turned_hair(seed):
    image = np.zeros((2 * SIZE, 2 * SIZE, 3), np.uint8)
    # colours that tell where each corner has gone
    image[:SIZE, :SIZE, 0] = image[:SIZE, SIZE:, 1] = image[SIZE:, :SIZE, 2] = 255
    planes = targets(LINES, WIDTHS, SIZE).astype(np.float32)
    seen, truth = turned(image, planes, np.random.default_rng(seed))
    red, green, blue = (np.argwhere(seen[..., c] > 0).mean(axis=0)[::-1] / 2 for c in range(3))
    origin = red
    along_x, along_y = (green - red) / SIZE, (blue - red) / SIZE
    unit = np.array([along_x, along_y]) * 2
    middle = (SIZE - 1) / 2
    lines = [(line - middle) @ unit + middle for line in LINES]
    wanted = targets(lines, WIDTHS, SIZE).astype(np.float32)
    near = wanted[PLANES.index("near")] > 0
    assert origin.min() >= 0
    off = np.abs(truth - wanted) * np.where(np.arange(len(PLANES))[:, None, None] < 4, 1, near)
    assert np.quantile(off, 0.999) < 0.02


def test_nothing_is_asked_of_what_is_hidden():
    seen = np.ones((3, 2 * SIZE, 2 * SIZE), np.float32)
    truth = np.ones((len(PLANES), SIZE, SIZE), np.float32)
    framed(seen, truth, np.random.default_rng(1))
    hidden = seen[0, ::2, ::2] == 0
    assert 0 < hidden.mean() < 1
    assert (truth[:, hidden] == 0).all()
    assert (truth[:, ~hidden] == 1).all()


@pytest.mark.parametrize("seed", range(6))
def test_another_camera_shows_the_same_place(seed):
    image = np.full((64, 64, 3), 170, np.uint8)
    image[28:36] = 40
    seen = seen_otherwise(image, np.random.default_rng(seed))
    assert seen.shape == image.shape
    assert seen.dtype == np.uint8
    rows = seen.mean(axis=(1, 2))
    assert rows[30:34].max() < rows[:20].min() - 30


def test_what_is_written_on_an_image_is_thin():
    shares = []
    for seed in range(12):
        image = np.full((320, 320, 3), 170, np.uint8)
        written_on(image, np.random.default_rng(seed))
        shares.append((image != 170).any(axis=2).mean())
    assert max(shares) < 0.1
    assert sum(share > 0 for share in shares) >= 10
