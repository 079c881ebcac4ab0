import numpy as np
import pytest

from analysis.confidence import Model
from analysis.decoder.candidates import Candidates
from analysis.detection import Preset
from analysis.lines import even
from tests.benchmarks.detection_reliability import table
from tools.fit_confidence import Image, calibrated, fit, labels, levelled

UM = 7.0
TRUTH = [(np.column_stack([np.linspace(20, 120, 60), np.full(60, 40.0)]), 4.0)]


def label(*line):
    right, hair = labels(even([np.array(line, float)]), TRUTH, UM)
    return right[0], hair[0]


def test_a_line_on_a_hair_is_right_either_way_round():
    assert label((20, 40), (120, 40)) == (pytest.approx(1.0, abs=0.01), 0)
    assert label((120, 41), (20, 41)) == (pytest.approx(1.0, abs=0.02), 0)


def test_half_a_hair_is_less_right_and_skin_is_wrong():
    assert label((20, 40), (95, 40))[0] < 0.5
    assert label((20, 60), (120, 60)) == (0, -1)


def test_more_of_a_feature_is_never_worth_less():
    rng = np.random.default_rng(2)
    measured = rng.normal(0, 1, (4000, 3))
    right = (measured[:, 0] + 0.5 * measured[:, 1] - 0.5 * measured[:, 2] > 0).astype(float)
    model = fit(measured, right)
    value = model.value(np.array([[-1.0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1]]))
    assert (np.diff(value) > -1e-9).all()
    assert value[0] < 0 < value[1]


def test_calibration_gives_the_share_that_is_right():
    rng = np.random.default_rng(3)
    value = rng.normal(0, 2, 4000)
    right = rng.random(4000) < 1 / (1 + np.exp(-0.5 * value))
    known = np.column_stack([value, value])
    said = 1 / (1 + np.exp(-(known @ (theta := calibrated(known, right))[:2] + theta[2])))
    assert all(abs(mean - share) < 0.08 for mean, share, count in table(said, right) if count > 100)


def test_a_hair_is_worth_something_from_where_the_best_f1_begins():
    rows = 20.0 * np.arange(1, 21)
    lines = even([np.array([[20.0, y], [120.0, y]]) for y in rows])
    found = Candidates(lines, np.full(20, 4.0), np.zeros(20, bool))
    known = np.linspace(-1, 2, 20)  # what the model sees of each
    hair = np.where(known > 0.6, np.arange(20), -1)
    image = Image(
        found, known[:, None], (hair >= 0).astype(float), hair, int((hair >= 0).sum()), Preset.CLIPPED, usual=True
    )
    # nearly its own argument
    model = Model(np.zeros(1), np.ones(1), np.full((1, 1), 0.01), np.zeros(1), np.full(1, 100.0), 0.0, np.zeros(3))
    moved, best = levelled(model, [image])
    value = moved.value(image.measured)
    assert best == 1.0
    assert ((value > 0) == (hair >= 0)).mean() >= 0.9
