import subprocess
import sys

import numpy as np
import pytest

from workstation.model.study import WidthCutoffs
from workstation.pictures import WidthSeries, width_figure, width_histogram

FIRST = WidthSeries("baseline", np.array([12.0, 14.0, 31.0, 62.0, np.nan]), 0.5)
SECOND = WidthSeries("week 12", np.array([13.0, 61.0, 62.0, 64.9]), 0.4)


def bars(figure):
    return [patch.get_data() for patch in figure.axes[0].patches]


def test_bars_are_hairs_per_area_in_steps_of_five():
    (first, second) = bars(width_figure([FIRST, SECOND], WidthCutoffs()))
    assert first.edges[:3].tolist() == [0, 5, 10]
    assert first.values.tolist() == pytest.approx([0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0])
    assert second.values.sum() * 0.4 == pytest.approx(4)


def test_without_an_area_bars_are_hairs():
    figure = width_figure([FIRST, WidthSeries("later", np.array([20.0, 20.0]))], WidthCutoffs())
    assert [b.values.max() for b in bars(figure)] == [2, 2]
    assert figure.axes[0].get_ylabel() == "hairs per 5 µm"


def test_the_cut_offs_are_drawn_and_the_classes_named():
    axes = width_figure([FIRST], WidthCutoffs(35, 70)).axes[0]
    assert [line.get_xdata()[0] for line in axes.lines] == [35, 70]
    assert [t.get_text() for t in axes.texts] == ["vellus", "intermediate", "terminal"]
    one_cut = width_figure([FIRST], WidthCutoffs(40, 40)).axes[0]
    assert [line.get_xdata()[0] for line in one_cut.lines] == [40]
    assert [t.get_text() for t in one_cut.texts] == ["vellus", "terminal"]


def test_the_legend_says_how_many_were_measured():
    (legend,) = width_figure([FIRST, SECOND], WidthCutoffs()).legends
    assert [t.get_text() for t in legend.get_texts()] == [
        "baseline (n = 4, mean 29.8 µm)",
        "week 12 (n = 4, mean 50.2 µm)",
    ]


def test_two_visits_stay_apart_in_grey():
    apart = np.full(50, 22.0), np.full(50, 52.0)
    picture = width_histogram([WidthSeries("a", apart[0]), WidthSeries("b", apart[1])], WidthCutoffs())
    grey = picture.mean(axis=2)
    area = ((grey > 130) & (grey < 220)).sum()
    outline = (grey < 40).sum()
    assert area > 10_000
    assert 500 < outline < 20_000


def test_no_width_at_all_is_an_empty_histogram():
    picture = width_histogram([WidthSeries("a", np.array([np.nan]))], WidthCutoffs(), size_in=(4, 3), dpi=100)
    assert picture.shape == (300, 400, 3)
    assert picture.dtype == np.uint8


@pytest.mark.parametrize("n", [0, 3])
def test_one_or_two_visits_and_no_more(n):
    with pytest.raises(ValueError, match="one or two visits"):
        width_histogram([FIRST] * n, WidthCutoffs())


def test_pyplot_is_never_imported_and_matplotlib_only_when_drawing():
    code = (
        "import sys, numpy as np; from workstation.pictures import *; assert 'matplotlib' not in sys.modules;"
        "from workstation.model.study import WidthCutoffs;"
        "width_histogram([WidthSeries('a', np.array([20.0]))], WidthCutoffs());"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
