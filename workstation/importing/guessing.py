"""What the names of image files tell of subject, visit, site and day, for who fills in a table of images.

A guess is offered, never taken silently: only what a name says in so many words is taken from it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from workstation.weeks import week_of

SITES = ("vertex", "crown", "frontal", "temporal", "parietal", "occipital", "midscalp", "hairline", "temple", "nape")
NOT_A_SUBJECT = frozenset({
    "cam", "capture", "dcm", "dicom", "dsc", "dscf", "dscn", "field", "file", "frame", "hair", "hairs", "im",
    "image", "images", "img", "photo", "pic", "picture", "scalp", "scan", "ser", "series", "shot",
})  # fmt: skip
"""Words that number pictures, not people."""

_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")
_BASELINE = re.compile(r"(?<![a-z])(?:baseline|base[ _-]line|bl|t0)(?![a-z0-9])", re.IGNORECASE)
_COUNTED = re.compile(r"(?<![a-z])(weeks?|wk|w|months?|visit|v)[ _-]?(\d{1,3})(?!\d)", re.IGNORECASE)
_SUBJECT_NAMED = re.compile(
    r"(?<![a-z])(?:subject|subj|patient|participant|pat)[ _-]?([a-z]?\d{1,5})(?!\w)", re.IGNORECASE
)
_SUBJECT_CODE = re.compile(r"([a-z]{1,8})[-]?(\d{1,5})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Guess:
    """What a name tells; empty where it tells nothing."""

    subject: str = ""
    visit: str = ""
    site: str = ""
    date: str = ""
    """ISO 8601 day."""


def guess(path: Path) -> Guess:
    """What an image's file name tells, and what it leaves open the names of the three folders around it.

    So `S01/week 4/vertex/IMG_0007.jpg` needs no table.
    """
    found = _told_by(path.stem)
    for folder in path.parent.parts[:-4:-1]:
        more = _told_by(folder)
        found = Guess(
            found.subject or more.subject, found.visit or more.visit, found.site or more.site, found.date or more.date
        )
    return found


def in_order(guesses: Sequence[Guess]) -> list[int]:
    """The positions of guesses by subject, then by week or day, as one would list visits; unknown ones keep theirs."""

    def key(at: int) -> tuple[str, float, str, int]:
        told = guesses[at]
        week = week_of(told.visit)
        return told.subject, float("inf") if week is None else week, told.date, at

    return sorted(range(len(guesses)), key=key)


def _told_by(name: str) -> Guess:
    rest, day = _taken(_DAY, name)
    rest, visit = _visit_in(rest)
    site, rest = _site_in(rest)
    return Guess(_subject_in(rest), visit, site, _day(day))


def _taken(pattern: re.Pattern[str], name: str) -> tuple[str, re.Match[str] | None]:
    """The name without what the pattern found, and that."""
    found = pattern.search(name)
    return (name, None) if found is None else (f"{name[: found.start()]} {name[found.end() :]}", found)


def _day(found: re.Match[str] | None) -> str:
    if found is None:
        return ""
    year, month, day = map(int, found.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:  # 31 February
        return ""


def _visit_in(name: str) -> tuple[str, str]:
    """The name without its visit, and the visit as studies call it: `baseline`, `week 12`, `month 3`, `visit 2`."""
    rest, baseline = _taken(_BASELINE, name)
    if baseline is not None:
        return rest, "baseline"
    rest, counted = _taken(_COUNTED, name)
    if counted is None:
        return name, ""
    unit = {"w": "week", "m": "month", "v": "visit"}[counted[1][0].lower()]
    return rest, f"{unit} {int(counted[2])}"


def _site_in(name: str) -> tuple[str, str]:
    words = re.split(r"[^a-z]+", name.casefold())
    side = next((word for word in words if word in ("left", "right")), "")
    site = next((word for word in words if word in SITES), "")
    if not site:
        return "", name
    rest = re.sub(rf"(?<![a-z])({site}|{side or site})(?![a-z])", " ", name, flags=re.IGNORECASE)
    return f"{side} {site}".strip(), rest


def _subject_in(name: str) -> str:
    named = _SUBJECT_NAMED.search(name)
    if named is not None:
        return named[1] if named[1][0].isalpha() else f"S{int(named[1]):02d}"
    for word in re.split(r"[\s_.]+", name):
        code = _SUBJECT_CODE.fullmatch(word)
        if code is not None and code[1].casefold() not in NOT_A_SUBJECT:
            return word
    return ""
