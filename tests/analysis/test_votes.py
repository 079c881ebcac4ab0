import numpy as np
import pytest

from analysis.decoder.chords import chords_of
from analysis.decoder.votes import voted_lines
from analysis.learned import PLANES, evidence_from
from analysis.preprocess import prepare_image
from training.targets import targets

SIZE = 300


def voted(*lines):
    """Hairs (lines in work pixels) to votes as they should be, and the lines that these name, (N, SAMPLES, 2)."""
    truth = targets([(np.array(line, float) + 0.5) / 2 - 0.5 for line in lines], np.full(len(lines), 3.0), SIZE // 2)
    skin = prepare_image(np.full((SIZE, SIZE, 3), 170, np.uint8), 7.0)
    evidence = evidence_from(truth[: len(PLANES)].astype(np.float32), skin)
    return voted_lines(evidence.votes)


def worst_end(found, line):
    ends = np.array([line[0], line[-1]])
    return min(np.abs(way - ends).max() for f in found for way in (f[[0, -1]], f[[-1, 0]]))


@pytest.mark.parametrize(
    "lines",
    [
        [[(40, 50), (140, 90)]],
        [[(40, 50), (140, 90)], [(60, 110), (130, 40)]],
        [[(100, 100), (200, 104)], [(100, 108), (200, 100)]],
        [[(50, 150), (150, 150)], [(52, 157), (146, 157)], [(55, 164), (140, 166)]],
        [[(60 + 70 * np.sin(t), 60 + 70 * (1 - np.cos(t))) for t in np.linspace(0, 1.6, 30)]],
    ],
    ids=["one", "crossing", "at a small angle", "three side by side", "bent"],
)
def test_every_hair_is_named_with_its_ends(lines):
    found = voted(*lines)
    assert all(worst_end(found, line) < 5 for line in lines)


def test_a_bent_hair_is_followed():
    bend = np.array([(60 + 70 * np.sin(t), 60 + 70 * (1 - np.cos(t))) for t in np.linspace(0, 1.6, 30)])
    from_centre = np.hypot(*np.moveaxis(voted(bend) - [60, 130], -1, 0))
    assert np.abs(from_centre - 70).max(axis=1).min() < 2.5


def test_bare_skin_names_nothing():
    assert len(voted()) == 0


def test_a_chord_is_the_same_from_either_end():
    line = np.array([(3.0, 4.0), (50.0, 41.0)])
    there, back = chords_of(np.stack([line, line[::-1]]))
    assert there == pytest.approx(back)
    assert there[:2] == pytest.approx([26.5, 22.5])
