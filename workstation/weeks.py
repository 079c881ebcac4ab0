"""The week that a visit's name tells."""

import re

BASELINE_NAMES = frozenset({"baseline", "base line", "bl", "t0"})
WEEK_NAME = re.compile(r"(?:week|wk|w)[ _-]?(\d{1,3})", re.IGNORECASE)


def week_of(name: str) -> float | None:
    """The week that a visit's name tells: 0 for `baseline`, 12 for `week 12`, `wk12`, `W-12`; else None."""
    plain = " ".join(name.split())
    if plain.casefold() in BASELINE_NAMES:
        return 0.0
    told = WEEK_NAME.fullmatch(plain)
    return float(told[1]) if told else None
