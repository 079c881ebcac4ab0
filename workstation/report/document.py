"""A document as blocks: what it says, and nothing of how a page looks. Both writers take the same one."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Tone(StrEnum):
    """How a paragraph is meant."""

    PLAIN = "plain"
    LEAD = "lead"
    """The most important one: set larger."""
    NOTE = "note"
    """An aside: set smaller."""
    WARNING = "warning"
    """What must not be overlooked: framed."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A title above what follows."""

    text: str
    level: int = 1
    """1 for a chapter, 2 for a part of it."""
    new_page: bool = False
    """Whether it begins a page."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with their values."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    title: str
    unit: str = ""
    is_number: bool = False
    """Numbers stand to the right."""
    share: float = 1.0
    """Of the table's width, next to the others."""


class RowKind(StrEnum):
    """How a row of a table is set."""

    PLAIN = "plain"
    STRONG = "strong"
    """One to be found at once."""
    GROUP = "group"
    """A title of the rows below: its first cell runs over the whole width."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table. Its first cell names it; a line break in a cell is kept."""

    cells: tuple[str, ...]
    kind: RowKind = RowKind.PLAIN


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Raises:
        ValueError: if a row has not as many cells as there are columns; a group's has one.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    width: float = 1.0
    """Of the page's."""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) != (1 if row.kind is RowKind.GROUP else len(self.columns)):
                raise ValueError(f"{self.caption}: a row has {len(row.cells)} cells: {row.cells}")


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """A drawing of numbers."""

    name: str
    """Of its file, without an ending; unique in the report."""
    figure: "Figure"
    caption: str
    alt: str
    """What it shows, for who cannot see it."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A photograph, drawn upon or not."""

    name: str
    """Of its file, without an ending; unique in the report."""
    jpeg: bytes
    size_px: tuple[int, int]
    """Width and height."""
    caption: str
    alt: str


@dataclass(frozen=True, slots=True, eq=False)
class SideBySide:
    """Pictures beside each other."""

    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """One number, large."""

    title: str
    value: str
    unit: str
    detail: str


@dataclass(frozen=True, slots=True)
class Tiles:
    """A few numbers that a reader is to take home."""

    tiles: tuple[Tile, ...]


Block = Heading | Paragraph | Bullets | Facts | Table | Chart | Picture | SideBySide | Tiles


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """A whole document."""

    title: str
    subtitle: str
    """What kind of document it is."""
    footer: str
    """Stands on every page: what the document is about, and when it was made."""
    blocks: tuple[Block, ...]
    has_contents: bool = True
    """Whether a table of contents stands before the first chapter; without one it is a leaf, set compactly."""

    def labelled(self) -> Iterator[tuple[str, Block]]:
        """Every block with its number: `Table 3`, `Figure 2`, or nothing."""
        tables = figures = 0
        for block in self.blocks:
            if isinstance(block, Table):
                tables += 1
                yield f"Table {tables}", block
            elif isinstance(block, (Chart, Picture)) and self.has_contents:
                figures += 1
                yield f"Figure {figures}", block
            else:
                yield "", block

    def images(self) -> Iterator[Chart | Picture]:
        """Every chart and picture."""
        for block in self.blocks:
            if isinstance(block, SideBySide):
                yield from block.pictures
            elif isinstance(block, (Chart, Picture)):
                yield block


def printable(text: str) -> str:
    """Text without what no document may hold: control characters and halves of characters."""
    return "".join(c for c in text if c in "\n\t" or (c.isprintable() or c in "\u00a0\u202f\u2009"))
