import math

import pytest

from analysis.trialstats.results import PairedChange, Proportion, Sample
from workstation.trial import wording
from workstation.trial.results import Outcome

NAN = math.nan
UNITS = Outcome("fu_density_per_cm2", "follicular units per cm²", "1/cm²", 1, "")
WIDTH = Outcome("mean_hair_width_um", "mean hair width", "µm", 1, "")
SHARE = Outcome("hairs_per_fu", "hairs per follicular unit", "", 2, "")


@pytest.mark.parametrize(
    ("value", "digits", "plain", "signed"),
    [
        (74.26, 1, "74.3", "+74.3"), (-0.24, 1, "−0.2", "−0.2"), (-0.04, 1, "0.0", "0.0"), (0.0, 2, "0.00", "0.00"),
        (NAN, 1, "–", "–"), (math.inf, 1, "–", "–"), (12.5, 0, "12", "+12"), (1234.5, 1, "1234.5", "+1234.5"),
    ],
)  # fmt: skip
def test_numbers(value, digits, plain, signed):
    assert wording.number(value, digits) == plain
    assert wording.signed(value, digits) == signed


@pytest.mark.parametrize(
    ("p", "written", "in_a_sentence"),
    [
        (0.034, "0.034", "p = 0.034"), (0.0005, "< 0.001", "p < 0.001"), (0.001, "0.001", "p = 0.001"),
        (1.0, "> 0.999", "p > 0.999"), (0.05, "0.050", "p = 0.050"), (NAN, "–", "p = –"),
    ],
)  # fmt: skip
def test_p_values(p, written, in_a_sentence):
    assert wording.p_value(p) == written
    assert wording.p_equals(p) == in_a_sentence


def test_intervals():
    assert wording.interval(-0.31, 5.06, 1) == "−0.3 to 5.1"
    assert wording.interval(NAN, 5.0, 1) == "–"
    assert wording.estimate(7.4, 3.14, 11.66, 1) == "+7.4 (3.1 to 11.7)"
    assert wording.estimate(7.4, NAN, NAN, 1) == "+7.4"
    assert wording.estimate(NAN, NAN, NAN, 1) == "–"
    assert wording.change(PairedChange(10, mean=-1.0, ci_low=-2.0, ci_high=0.0), 1) == "−1.0 (−2.0 to 0.0)"


def test_samples_shares_and_percentages():
    assert wording.mean_sd(Sample(10, 74.31, 12.06), 1) == "74.3 ± 12.1"
    assert wording.mean_sd(Sample(1, 74.31), 1) == "74.3"
    assert wording.mean_sd(Sample(0), 1) == "–"
    assert wording.percent(9.83) == "+9.8 %"
    assert wording.percent(NAN) == "–"
    assert wording.proportion(Proportion(9, 10, 0.9, 0.555, 0.9975)) == "9 of 10 (90 %; 95 % CI 55.5 to 99.8 %)"
    assert wording.proportion(Proportion(0, 0)) == "–"


def test_names():
    assert [wording.week(w) for w in (0, 12.0, 1.5, -2)] == ["baseline", "week 12", "week 1.5", "week −2"]
    assert (wording.group("serum"), wording.group("")) == ("serum", "no arm")
    assert [wording.titled(o) for o in (UNITS, WIDTH, SHARE)] == [
        "follicular units per cm²", "mean hair width (µm)", "hairs per follicular unit",
    ]  # fmt: skip
    assert wording.with_unit("74.3", UNITS) == "74.3 per cm²"
    assert wording.with_unit("61.2", WIDTH) == "61.2 µm"
    assert wording.with_unit("2.13", SHARE) == "2.13"
    assert wording.with_unit("–", WIDTH) == "–"
    assert wording.listed(["a", "b"]) == "a, b"
    assert wording.listed([*"abcd"], 2) == "a, b and 2 more"
