"""The time as studies write it, ISO 8601 in UTC, ending in Z; and as people say it."""

from datetime import UTC, datetime

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
"""In English, whatever the language of the machine."""


def utc_seconds(moment: datetime | None = None) -> str:
    """A moment, by default now, to the second: `2026-02-03T09:15:00Z`."""
    return _text(moment, "seconds")


def utc_milliseconds(moment: datetime | None = None) -> str:
    """A moment, by default now, to the millisecond: `2026-02-03T09:15:00.250Z`."""
    return _text(moment, "milliseconds")


def local_time(utc: str) -> str:
    """A time as people here say it: `14:02` for one of today, else `3 Feb 2026 14:02`."""
    try:
        moment = datetime.fromisoformat(utc).astimezone()
    except (ValueError, TypeError):  # of a damaged row
        return "an unknown time"
    today = moment.date() == datetime.now(UTC).astimezone().date()
    return f"{moment:%H:%M}" if today else f"{moment.day} {moment:%b %Y %H:%M}"


def _text(moment: datetime | None, precision: str) -> str:
    moment = datetime.now(UTC) if moment is None else moment.astimezone(UTC)
    return moment.isoformat(timespec=precision).replace("+00:00", "Z")
