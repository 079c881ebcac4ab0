import cv2
import numpy as np
import pytest

from analysis.burnt_in_text import find_text
from analysis.synthetic import phantom

WORDS = "Jane Doe 1961-03-05"
WHITE, BLACK, YELLOW, RED = (255, 255, 255), (0, 0, 0), (255, 255, 0), (255, 0, 0)


@pytest.fixture(scope="module")
def scalp():
    return phantom("dark", 3, size_px=(640, 480)).image


def boxes_on(shape, boxes):
    mask = np.zeros(shape[:2], bool)
    for x0, y0, x1, y1 in boxes:
        mask[y0:y1, x0:x1] = True
    return mask


def with_text(image, colour, size, at, quality=None, words=WORDS):
    """The image with words on it, and where their ink is."""
    written = image.copy()
    cv2.putText(written, words, at, cv2.FONT_HERSHEY_SIMPLEX, size, colour, max(1, round(1.6 * size)), cv2.LINE_AA)
    ink = (written != image).any(axis=2)
    if quality is not None:
        _, data = cv2.imencode(".jpg", written[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
        written = np.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1])
    return written, ink


@pytest.mark.parametrize("colour", [WHITE, BLACK, YELLOW, RED])
@pytest.mark.parametrize("size", [0.5, 1.0])
@pytest.mark.parametrize("quality", [None, 88])
def test_a_name_on_the_skin_is_found(scalp, colour, size, quality):
    written, ink = with_text(scalp, colour, size, (30, 420), quality)
    found = boxes_on(written.shape, find_text(written))
    assert (found & ink).sum() >= 0.98 * ink.sum()
    rows, columns = np.nonzero(ink)
    height = 2 * (rows.max() - rows.min())
    near = np.s_[max(0, rows.min() - height) : rows.max() + height, max(0, columns.min() - 40) : columns.max() + 40]
    found[near] = False
    assert found.mean() < 0.002


def test_text_that_runs_upwards_is_found(scalp):
    upright = np.ascontiguousarray(np.rot90(scalp))
    written, ink = with_text(upright, WHITE, 0.7, (20, 300))
    turned, ink = np.ascontiguousarray(np.rot90(written, -1)), np.rot90(ink, -1)
    found = boxes_on(turned.shape, find_text(turned))
    assert (found & ink).sum() >= 0.98 * ink.sum()


@pytest.mark.parametrize("case", ["dark", "dense", "grey", "flakes_bubbles", "glare"])
def test_hair_and_what_lies_on_skin_is_no_text(case):
    image = phantom(case, 1, size_px=(640, 480)).image
    assert boxes_on(image.shape, find_text(image)).mean() < 0.002


def test_an_image_without_marks_has_none():
    assert find_text(np.full((40, 30, 3), 170, np.uint8)) == []
