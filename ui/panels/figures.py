"""Numbers as the panels write them: true minus, sensible digits, units, a dash where nothing is known."""

import math

MINUS = "\N{MINUS SIGN}"
DASH = "\N{EM DASH}"
NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"
SPACE = "\N{NO-BREAK SPACE}"
GROUPED_FROM = 10_000


def number(value: float | None, digits: int = 0, *, sign: bool = False) -> str:
    """A number in so many decimals; `—` for None and NaN.

    Thousands stand apart from 10 000 on. What rounds to zero has no sign.

    Args:
        value: the number.
        digits: decimals.
        sign: write `+` before what is above zero.
    """
    if value is None or math.isnan(value):
        return DASH
    rounded = round(abs(value), digits)
    text = f"{rounded:,.{digits}f}".replace(",", NARROW_SPACE if rounded >= GROUPED_FROM else "")
    before = "" if rounded == 0 else MINUS if value < 0 else "+" if sign else ""
    return before + text


def quantity(value: float | None, digits: int, unit: str, *, sign: bool = False) -> str:
    """A number with its unit, kept on one line; `—` alone for None and NaN."""
    text = number(value, digits, sign=sign)
    return text if text == DASH or not unit else f"{text}{SPACE}{unit}"


def plain(value: float | None, digits: int = 0) -> str:
    """A number as spreadsheets read it: a hyphen for minus, no groups; empty for None and NaN."""
    if value is None or math.isnan(value):
        return ""
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text


def counted(n: int, one: str, many: str = "") -> str:
    """`1 hair`, `2 hairs`."""
    return f"{number(n)}{SPACE}{one if n == 1 else many or one + 's'}"


def typed_number(text: str) -> float | None:
    """What somebody typed as a number, with a unit or without, with a comma or a point; None if it is none."""
    kept = text.strip().replace(MINUS, "-").replace(",", ".").rstrip("µμumpx% " + SPACE + NARROW_SPACE)
    try:
        value = float(kept.replace(NARROW_SPACE, ""))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
