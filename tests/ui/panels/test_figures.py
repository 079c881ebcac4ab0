import math

import pytest

from ui.panels.figures import counted, number, plain, quantity, typed_number


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (132.86564, 1, "132.9"),
        (-3.14159, 2, "−3.14"),
        (0.0, 1, "0.0"),
        (-0.04, 1, "0.0"),
        (9999, 0, "9999"),
        (12345, 0, "12\u202f345"),
        (-1234567.8, 1, "−1\u202f234\u202f567.8"),
        (None, 1, "—"),
        (math.nan, 1, "—"),
    ],
)
def test_numbers_have_sensible_digits_and_a_true_minus(value, digits, text):
    assert number(value, digits) == text


def test_a_change_has_a_sign_unless_it_is_none():
    assert [number(v, 1, sign=True) for v in (3.7, -3.7, 0.04, -0.04)] == ["+3.7", "−3.7", "0.0", "0.0"]


def test_units_stand_behind_numbers_and_never_behind_a_dash():
    assert quantity(62.14, 1, "µm") == "62.1\u00a0µm"
    assert quantity(math.nan, 1, "µm") == "—"
    assert quantity(3, 0, "") == "3"


def test_spreadsheets_get_a_hyphen_and_an_empty_cell():
    assert [plain(v, 1) for v in (-3.14, -0.04, 12345.0, math.nan, None)] == ["-3.1", "0.0", "12345.0", "", ""]


def test_nouns_follow_their_number():
    assert [counted(n, "hair") for n in (0, 1, 2)] == ["0\u00a0hairs", "1\u00a0hair", "2\u00a0hairs"]
    assert counted(2, "foot", "feet") == "2\u00a0feet"


@pytest.mark.parametrize(
    ("text", "value"),
    [("62.5", 62.5), (" 62,5 µm", 62.5), ("−3", -3.0), ("11 px", 11.0), ("abc", None), ("", None), ("inf", None)],
)
def test_numbers_are_understood_as_people_type_them(text, value):
    assert typed_number(text) == value
