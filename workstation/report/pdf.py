"""A report as PDF: A4 that Letter takes too, real text, bookmarks, numbered pages, heads of tables repeated."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from reportlab import rl_config
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    HRFlowable,
    Image,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
)
from reportlab.platypus import Table as Grid
from reportlab.platypus.doctemplate import IndexingFlowable
from reportlab.platypus.tableofcontents import TableOfContents

from workstation.report.document import (
    Block,
    Bullets,
    Chart,
    Facts,
    Heading,
    Picture,
    Report,
    SideBySide,
    Table,
    Tiles,
    Tone,
    printable,
)
from workstation.report.document import Paragraph as Text
from workstation.report.pdf_style import (
    ACCENT,
    FONT,
    LINE,
    MARGIN_BOTTOM,
    MARGIN_X,
    PAGE,
    QUIET,
    TEXT_HEIGHT,
    TEXT_WIDTH,
    register_fonts,
    styles,
)
from workstation.report.pdf_table import laid_out, marked_up
from workstation.report.vector import ChartFlowable
from workstation.storage.atomic import replacing

FOOT_Y = 34.0
TABLE_START = 96.0
"""So much of a table at least stands on the page of its caption."""
TEXT_START = 46.0
SHORT_ROWS, SHORT_SHARE = 24, 0.72
"""A table of no more rows, and no more of a page, is not torn."""
BESIDE_HEIGHT = 235.0
"""Of pictures beside each other at most: a page of one subject stays one page."""
TABLE_ROUND = 60.0
"""Room for its caption and notes."""


def write_pdf(path: Path, report: Report) -> None:
    """Write a report as PDF, at once or not at all.

    Raises:
        UserFacingError: if it cannot be written.
    """
    data = pdf_bytes(report)
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def pdf_bytes(report: Report) -> bytes:
    """A report as the bytes of a PDF file."""
    register_fonts()
    rl_config.useA85 = 0  # bytes as they are: no file of today travels through a line of seven bits
    data = BytesIO()
    count = _PageCount()
    _Document(data, report, count).multiBuild([count, *_Story(report).flowables()])
    return data.getvalue()


class _Title(Paragraph):
    """A heading that has a bookmark."""

    def __init__(self, heading: Heading, key: str, look: ParagraphStyle) -> None:
        super().__init__(f'<a name="{key}"/>{marked_up(heading.text)}', look)
        self.heading, self.key = heading, key


class _PageCount(IndexingFlowable):
    """Knows from the run before how many pages there are; the document is laid out again until that holds."""

    def __init__(self) -> None:
        super().__init__()
        self.total = self.seen = 0

    def beforeBuild(self) -> None:
        """Take what the run before has seen."""
        self.total, self.seen = self.seen, 0

    def isSatisfied(self) -> bool:
        """Whether the pages were numbered right."""
        return self.total == self.seen

    def wrap(self, *_: float) -> tuple[float, float]:
        """It takes no room."""
        return 0.0, 0.0

    def draw(self) -> None:
        """It shows nothing."""


class _Document(BaseDocTemplate):
    """The pages: it notes where headings come to stand."""

    def __init__(self, data: BytesIO, report: Report, count: _PageCount) -> None:
        super().__init__(
            data, pagesize=PAGE, title=printable(report.title), subject=printable(report.subtitle), author="trichodesk",
            creator="trichodesk", lang="en", allowSplitting=1,
        )  # fmt: skip
        frame = Frame(
            MARGIN_X, MARGIN_BOTTOM, TEXT_WIDTH, TEXT_HEIGHT, leftPadding=0, rightPadding=0, topPadding=0,
            bottomPadding=0,
        )  # fmt: skip
        template = PageTemplate("page", [frame], onPageEnd=lambda canvas, _: _foot(canvas, report.footer, count))
        self.addPageTemplates(template)
        self.deepest = -1

    def beforeDocument(self) -> None:
        """Begin anew: a document with a table of contents is laid out more than once."""
        self.deepest = -1

    def afterFlowable(self, flowable: Flowable) -> None:
        """Bookmark a heading, and tell the table of contents of it."""
        if isinstance(flowable, _Title):
            level = min(flowable.heading.level - 1, self.deepest + 1)  # no level of bookmarks may be jumped
            self.deepest = level
            text = printable(flowable.heading.text)
            self.canv.bookmarkPage(flowable.key)
            self.canv.addOutlineEntry(text, flowable.key, level, closed=level > 0)
            if level == 0:
                self.notify("TOCEntry", (level, marked_up(flowable.heading.text), self.page, flowable.key))


def _foot(canvas: Canvas, footer: str, count: _PageCount) -> None:
    """What stands below each page."""
    count.seen = max(count.seen, canvas.getPageNumber())
    canvas.saveState()
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN_X, FOOT_Y + 12, PAGE[0] - MARGIN_X, FOOT_Y + 12)
    canvas.setFont(FONT, 7)
    canvas.setFillColor(QUIET)
    number = f"page {canvas.getPageNumber()} of {count.total}"
    room = TEXT_WIDTH - canvas.stringWidth(number, FONT, 7) - 12
    canvas.drawString(MARGIN_X, FOOT_Y, _fitted(printable(footer), room, canvas))
    canvas.drawRightString(PAGE[0] - MARGIN_X, FOOT_Y, number)
    canvas.restoreState()


def _fitted(text: str, room: float, canvas: Canvas) -> str:
    """Text that is no wider than the room there is."""
    if canvas.stringWidth(text, FONT, 7) <= room:
        return text
    while text and canvas.stringWidth(f"{text}…", FONT, 7) > room:
        text = text[:-1]
    return f"{text}…"


class _Story:
    """A report's blocks as flowables."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.look = styles(compact=not report.has_contents)

    def flowables(self) -> Iterator[Flowable]:
        """All of them, in order."""
        look, blocks = self.look, list(self.report.labelled())
        yield Paragraph(marked_up(self.report.subtitle), look["kind"])
        yield Paragraph(marked_up(self.report.title), look["title"])
        yield HRFlowable(width="100%", thickness=1.5, color=ACCENT, spaceBefore=2, spaceAfter=8)
        has_contents = not self.report.has_contents
        for place, (label, block) in enumerate(blocks):
            if isinstance(block, Heading):
                if not has_contents:
                    yield from self._contents()
                    has_contents = True
                follows_heading = place > 0 and isinstance(blocks[place - 1][1], Heading)
                if block.new_page:
                    yield PageBreak()
                elif not follows_heading:
                    yield CondPageBreak(self._room([each for _, each in blocks[place:]]))
                yield _Title(block, f"h{place}", look[f"heading{block.level}"])
            else:
                yield from self._block(label, block)

    def _contents(self) -> Iterator[Flowable]:
        yield Spacer(0, 8)
        yield Paragraph("Contents", self.look["heading2"])
        contents = TableOfContents(dotsMinLevel=0)
        contents.levelStyles = [self.look["contents"]]
        yield contents

    def _room(self, blocks: Sequence[Block]) -> float:
        """How much of a page headings need with the beginning of what follows them."""
        room = 0.0
        for block in blocks:
            if not isinstance(block, Heading):
                return min(room + self._beginning(block), TEXT_HEIGHT)
            look = self.look[f"heading{block.level}"]
            room += look.leading + look.spaceBefore + look.spaceAfter
        return room

    def _beginning(self, block: Block) -> float:
        match block:
            case Chart():
                return float(block.figure.get_figheight()) * inch + 40
            case Picture():
                return _picture_size(block, TEXT_WIDTH)[1] + 50
            case Table():
                return _height(block) + TABLE_ROUND if _is_short(block) else TABLE_START
            case _:
                return TEXT_START

    def _block(self, label: str, block: Block) -> Iterator[Flowable]:
        look = self.look
        match block:
            case Text():
                said = f"<b>Mind:</b> {marked_up(block.text)}" if block.tone is Tone.WARNING else marked_up(block.text)
                yield Paragraph(said, look[block.tone.value])
            case Bullets():
                for item in block.items:
                    yield Paragraph(marked_up(item), look["bullet"], bulletText="•")
                yield Spacer(0, 3)
            case Facts():
                yield self._facts(block)
            case Table():
                yield from self._table(label, block)
            case Chart():
                yield KeepTogether([ChartFlowable(block.figure, TEXT_WIDTH), self._caption(label, block.caption)])
            case Picture():
                drawn = Image(BytesIO(block.jpeg), *_picture_size(block, TEXT_WIDTH), hAlign="LEFT")
                yield KeepTogether([drawn, self._caption(label, block.caption)])
            case SideBySide():
                yield self._side_by_side(block)
            case Tiles():
                yield self._tiles(block)

    def _table(self, label: str, table: Table) -> Iterator[Flowable]:
        title = f"<b>{label}.</b> {marked_up(table.caption)}" if label else marked_up(table.caption)
        parts = [
            Paragraph(title, self.look["caption"]),
            laid_out(table),
            Spacer(0, 3),
            *(Paragraph(marked_up(note), self.look["table_note"]) for note in table.notes),
        ]
        if _is_short(table):
            yield KeepTogether(parts)
        else:
            yield CondPageBreak(TABLE_START)
            yield from parts
        yield Spacer(0, 5)

    def _facts(self, facts: Facts) -> Flowable:
        rows = [
            [Paragraph(marked_up(name), self.look["name"]), Paragraph(marked_up(value), self.look["value"])]
            for name, value in facts.pairs
        ]
        tight: list[Any] = [("LEFTPADDING", (0, 0), (0, -1), 0), ("VALIGN", (0, 0), (-1, -1), "TOP")]
        tight += [(f"{side}PADDING", (0, 0), (-1, -1), 1.2) for side in ("TOP", "BOTTOM")]
        return Grid(rows, colWidths=[0.3 * TEXT_WIDTH, 0.7 * TEXT_WIDTH], style=tight, hAlign="LEFT")

    def _side_by_side(self, block: SideBySide) -> Flowable:
        gap, n = 10.0, len(block.pictures)
        width = (TEXT_WIDTH - gap * (n - 1)) / n
        cells = [
            [
                Image(BytesIO(p.jpeg), *_picture_size(p, width, BESIDE_HEIGHT), hAlign="LEFT"),
                self._caption("", p.caption),
            ]
            for p in block.pictures
        ]
        return Grid([cells], colWidths=[width + gap] * (n - 1) + [width], style=_BARE)

    def _tiles(self, block: Tiles) -> Flowable:
        """Titles, numbers, units and details each in a row of their own, so that they stand level."""
        n = max(1, len(block.tiles))
        rows = [
            [Paragraph(marked_up(text), self.look[look]) for text in texts]
            for look, texts in (
                ("tile_title", [tile.title for tile in block.tiles]),
                ("tile_value", [tile.value for tile in block.tiles]),
                ("tile_detail", [tile.unit for tile in block.tiles]),
                ("tile_detail", [tile.detail for tile in block.tiles]),
            )
            if any(texts)
        ]
        frame: list[Any] = [
            ("VALIGN", (0, 0), (-1, -1), "TOP"), ("BOX", (0, 0), (-1, -1), 0.5, LINE),
            ("LINEAFTER", (0, 0), (-2, -1), 0.5, LINE), ("LINEABOVE", (0, 0), (-1, 0), 2.2, ACCENT),
            *((f"{side}PADDING", (0, 0), (-1, -1), 6) for side in ("LEFT", "RIGHT")),
            *((f"{side}PADDING", (0, 0), (-1, -1), 1.5) for side in ("TOP", "BOTTOM")),
            ("TOPPADDING", (0, 0), (-1, 0), 6), ("BOTTOMPADDING", (0, -1), (-1, -1), 6),
        ]  # fmt: skip
        return Grid(rows, colWidths=[TEXT_WIDTH / n] * n, style=frame, spaceBefore=6, spaceAfter=8)

    def _caption(self, label: str, text: str) -> Paragraph:
        return Paragraph(f"<b>{label}.</b> {marked_up(text)}" if label else marked_up(text), self.look["figcaption"])


def _is_short(table: Table) -> bool:
    """Whether a table is kept on one page."""
    return len(table.rows) <= SHORT_ROWS and _height(table) <= SHORT_SHARE * TEXT_HEIGHT


def _height(table: Table) -> float:
    return float(laid_out(table).wrap(TEXT_WIDTH, 10 * TEXT_HEIGHT)[1])


_BARE: list[Any] = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    *((f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
]


def _picture_size(picture: Picture, width: float, height: float = TEXT_HEIGHT - 80) -> tuple[float, float]:
    """Width and height in points: no more than asked."""
    scale = min(width / picture.size_px[0], height / picture.size_px[1])
    return picture.size_px[0] * scale, picture.size_px[1] * scale
