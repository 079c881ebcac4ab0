"""What the rows of a manifest say together: where they contradict each other, and what may not have been meant."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from workstation.devices import find_device
from workstation.manifest.fault import Fault, Oddity
from workstation.manifest.row import ManifestRow
from workstation.weeks import week_of

MAX_AGE_DIFFERENCE = 1.0
"""Within a study a subject may have one birthday, seldom more."""


def contradictions(rows: Sequence[ManifestRow]) -> list[Fault]:
    """What cannot be true of all rows at once."""
    return [
        *_images_twice(rows),
        *_differing(rows, "date", lambda r: (r.subject, r.visit)),
        *_differing(rows, "week", lambda r: (r.subject, r.visit)),
        *_differing(rows, "sex", lambda r: (r.subject,)),
        *_differing(rows, "arm", lambda r: (r.subject,)),
        *_differing_ages(rows),
    ]


def _images_twice(rows: Sequence[ManifestRow]) -> Iterator[Fault]:
    first: dict[Path, ManifestRow] = {}
    for row in rows:
        earlier = first.setdefault(row.image, row)
        if earlier is not row:
            yield Fault(row.line, "image", f"{row.image.name!r} is already named in line {earlier.line}")


def _differing(
    rows: Sequence[ManifestRow], column: str, of: Callable[[ManifestRow], tuple[str, ...]]
) -> Iterator[Fault]:
    """Rows whose cell differs from the first one that is filled in for the same subject, or subject and visit."""
    first: dict[tuple[str, ...], ManifestRow] = {}
    for row in rows:
        value = getattr(row, column)
        if value in ("", None):
            continue
        earlier = first.setdefault(of(row), row)
        before = getattr(earlier, column)
        if before != value:
            whose = ", ".join(f"{k} {v!r}" for k, v in zip(("subject", "visit"), of(row), strict=False))
            yield Fault(row.line, column, f"{value!r}, but {before!r} in line {earlier.line} for {whose}")


def _differing_ages(rows: Sequence[ManifestRow]) -> Iterator[Fault]:
    first: dict[str, tuple[float, int]] = {}
    for row in rows:
        if row.age is not None:
            before, line = first.setdefault(row.subject, (row.age, row.line))
            if abs(before - row.age) > MAX_AGE_DIFFERENCE:
                text = f"{row.age:g}, but {before:g} in line {line} for subject {row.subject!r}"
                yield Fault(row.line, "age", text)


def oddities(rows: Sequence[ManifestRow]) -> list[Oddity]:
    """What is allowed and may still be a slip, each said once."""
    return [
        *_unknown_devices(rows),
        *_mixed_devices(rows),
        *_changing_grades(rows),
        *_visits_of_one_week(rows),
        *(said for column in ("subject", "visit", "site", "device", "arm") for said in _spelt_apart(rows, column)),
    ]


def _unknown_devices(rows: Sequence[ManifestRow]) -> Iterator[Oddity]:
    lines: dict[str, list[int]] = {}
    for row in rows:
        if row.device and row.um_per_px is None and not find_device(row.device):
            lines.setdefault(row.device, []).append(row.line)
    for name, found in lines.items():
        yield Oddity(
            f"line {found[0]}: the device {name!r} is not known, so it gives no scale; "
            "fill in um_per_px, or set the scale on the image",
            "device",
            tuple(found),
        )


def _mixed_devices(rows: Sequence[ManifestRow]) -> Iterator[Oddity]:
    used: dict[tuple[str, str], list[ManifestRow]] = {}
    for row in rows:
        if row.device:
            used.setdefault((row.subject, row.site), []).append(row)
    for (subject, site), found in used.items():
        devices = dict.fromkeys(row.device for row in found)
        if len(devices) > 1:
            yield Oddity(
                f"subject {subject!r}, site {site!r}: images of different devices ({', '.join(devices)}); "
                "their hair widths must not be compared",
                "device",
                tuple(row.line for row in found),
            )


def _changing_grades(rows: Sequence[ManifestRow]) -> Iterator[Oddity]:
    grades: dict[str, list[ManifestRow]] = {}
    for row in rows:
        if row.grade:
            grades.setdefault(row.subject, []).append(row)
    for subject, found in grades.items():
        named = dict.fromkeys(row.grade for row in found)
        if len(named) > 1:
            text = f"subject {subject!r}: several grades ({', '.join(named)}); the first one is kept"
            yield Oddity(text, "grade", tuple(row.line for row in found))


def _visits_of_one_week(rows: Sequence[ManifestRow]) -> Iterator[Oddity]:
    weeks: dict[tuple[str, float], list[ManifestRow]] = {}
    for row in rows:
        week = week_of(row.visit) if row.week is None else row.week
        if week is not None:
            weeks.setdefault((row.subject, week), []).append(row)
    for (subject, week), found in weeks.items():
        names = dict.fromkeys(row.visit for row in found)
        if len(names) > 1:
            text = (
                f"subject {subject!r}: the visits {', '.join(map(repr, names))} are all of week {week:g}; "
                "statistics take their mean"
            )
            yield Oddity(text, "visit", tuple(row.line for row in found))


def _spelt_apart(rows: Sequence[ManifestRow], column: str) -> Iterator[Oddity]:
    spellings: dict[str, list[ManifestRow]] = {}
    for row in rows:
        spellings.setdefault("".join(getattr(row, column).casefold().split()), []).append(row)
    for found in spellings.values():
        values = dict.fromkeys(getattr(row, column) for row in found)
        if len(values) > 1:
            text = f"column {column!r}: {', '.join(map(repr, values))} are taken as different ones"
            yield Oddity(text, column, tuple(row.line for row in found))
