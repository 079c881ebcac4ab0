"""What is wrong with a manifest, or may not have been meant, and where."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """What cannot be."""

    line: int
    """Of the file; the header's is 1 as a rule."""
    column: str
    """Empty where it is about the whole line."""
    text: str
    """A clause: `'31.3.26' is not a date: …`."""

    @property
    def sentence(self) -> str:
        """With its place, without a full stop: `line 3, column 'date': …`."""
        where = f", column {self.column!r}" if self.column else ""
        return f"line {self.line}{where}: {self.text}"


@dataclass(frozen=True, slots=True)
class Oddity:
    """What is allowed and may still be a slip."""

    text: str
    """A clause that names its place."""
    column: str
    lines: tuple[int, ...]
    """Those that it is about."""
