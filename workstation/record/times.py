"""Times as people type them, as the record writes them."""

from datetime import UTC, datetime

from workstation.clock import utc_milliseconds
from workstation.errors import UserFacingError


def as_utc(text: str) -> str:
    """A time as it was typed, as the record writes it; a day and a minute stay what they are, all of them meant.

    Raises:
        UserFacingError: if it is no time.
    """
    typed = text.strip().replace(" ", "T")
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError as error:
        if not typed:
            return ""
        raise UserFacingError(
            f"“{text}” is no time", remedy="Write it as 2026-02-03, or 2026-02-03T09:15:00Z, in UTC."
        ) from error
    if moment.tzinfo is None:
        return typed
    if moment.utcoffset() != UTC.utcoffset(None):
        return utc_milliseconds(moment)
    return typed.removesuffix("Z").removesuffix("+00:00")
