"""What the rows of a manifest say together: where they contradict each other, and what may not have been meant."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from workstation.devices import find_device
from workstation.manifest.row import ManifestRow

MAX_AGE_DIFFERENCE = 1.0
"""Within a study a subject may have one birthday, seldom more."""


def contradictions(rows: Sequence[ManifestRow]) -> list[tuple[int, str]]:
    """What cannot be true of all rows at once: (line, text that follows `line N`)."""
    return [
        *_images_twice(rows),
        *_differing(rows, "date", lambda r: (r.subject, r.visit)),
        *_differing(rows, "week", lambda r: (r.subject, r.visit)),
        *_differing(rows, "sex", lambda r: (r.subject,)),
        *_differing_ages(rows),
    ]


def _images_twice(rows: Sequence[ManifestRow]) -> list[tuple[int, str]]:
    first: dict[Path, ManifestRow] = {}
    found = []
    for row in rows:
        earlier = first.setdefault(row.image, row)
        if earlier is not row:
            found.append((row.line, f", column 'image': {row.image.name!r} is already named in line {earlier.line}"))
    return found


def _differing(
    rows: Sequence[ManifestRow], column: str, of: Callable[[ManifestRow], tuple[str, ...]]
) -> list[tuple[int, str]]:
    """Rows whose cell differs from the first one that is filled in for the same subject, or subject and visit."""
    first: dict[tuple[str, ...], ManifestRow] = {}
    found = []
    for row in rows:
        value = getattr(row, column)
        if value in ("", None):
            continue
        earlier = first.setdefault(of(row), row)
        before = getattr(earlier, column)
        if before != value:
            whose = ", ".join(f"{k} {v!r}" for k, v in zip(("subject", "visit"), of(row), strict=False))
            found.append(
                (row.line, f", column {column!r}: {value!r}, but {before!r} in line {earlier.line} for {whose}")
            )
    return found


def _differing_ages(rows: Sequence[ManifestRow]) -> list[tuple[int, str]]:
    first: dict[str, tuple[float, int]] = {}
    found = []
    for row in rows:
        if row.age is not None:
            before, line = first.setdefault(row.subject, (row.age, row.line))
            if abs(before - row.age) > MAX_AGE_DIFFERENCE:
                found.append(
                    (
                        row.line,
                        f", column 'age': {row.age:g}, but {before:g} in line {line} for subject {row.subject!r}",
                    )
                )
    return found


def oddities(rows: Sequence[ManifestRow]) -> list[str]:
    """What is allowed and may still be a slip, each said once."""
    return [
        *_unknown_devices(rows),
        *_mixed_devices(rows),
        *_changing_grades(rows),
        *(said for column in ("subject", "visit", "site", "device") for said in _spelt_apart(rows, column)),
    ]


def _unknown_devices(rows: Sequence[ManifestRow]) -> Iterable[str]:
    names = {r.device: r.line for r in reversed(rows) if r.device and r.um_per_px is None and not find_device(r.device)}
    for name, line in sorted(names.items(), key=lambda item: item[1]):
        yield (
            f"line {line}: the device {name!r} is not known, so it gives no scale; "
            "fill in um_per_px, or set the scale on the image"
        )


def _mixed_devices(rows: Sequence[ManifestRow]) -> Iterable[str]:
    used: dict[tuple[str, str], dict[str, None]] = {}
    for row in rows:
        if row.device:
            used.setdefault((row.subject, row.site), {})[row.device] = None
    for (subject, site), devices in used.items():
        if len(devices) > 1:
            yield (
                f"subject {subject!r}, site {site!r}: images of different devices ({', '.join(devices)}); "
                "their hair widths must not be compared"
            )


def _changing_grades(rows: Sequence[ManifestRow]) -> Iterable[str]:
    grades: dict[str, dict[str, None]] = {}
    for row in rows:
        if row.grade:
            grades.setdefault(row.subject, {})[row.grade] = None
    for subject, found in grades.items():
        if len(found) > 1:
            yield f"subject {subject!r}: several grades ({', '.join(found)}); the first one is kept"


def _spelt_apart(rows: Sequence[ManifestRow], column: str) -> Iterable[str]:
    spellings: dict[str, dict[str, None]] = {}
    for row in rows:
        value = getattr(row, column)
        spellings.setdefault("".join(value.casefold().split()), {})[value] = None
    for found in spellings.values():
        if len(found) > 1:
            yield f"column {column!r}: {', '.join(map(repr, found))} are taken as different ones"
