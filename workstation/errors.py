"""What goes wrong through no fault of the program: said in one clear sentence to the user."""

from functools import partial
from pathlib import Path


class UserFacingError(Exception):
    """A problem that the user can mend.

    Args:
        what: what happened, as a clause without a full stop: `the image is truncated`.
        file: the file it happened to.
        remedy: what to do, as a sentence.
    """

    def __init__(self, what: str, *, file: Path | str | None = None, remedy: str = "") -> None:
        self.what = what
        self.file = None if file is None else Path(file)
        self.remedy = remedy
        where = "" if file is None else f"{file}: "
        super().__init__(f"{where}{what}." + (f" {remedy}" if remedy else ""))

    def __reduce__(self) -> tuple[object, ...]:
        """Keep its parts when it comes back from another process."""
        return partial(type(self), file=self.file, remedy=self.remedy), (self.what,)


class EditRefused(UserFacingError):
    """An edit that would make the read invalid. Nothing was changed."""


class ReasonNeeded(EditRefused):
    """An edit that must say why and does not. Nothing was changed; with a reason it can be made."""
