"""The look of a PDF page: fonts, sizes, colours, margins."""

from functools import cache
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

PAGE = A4
MARGIN_X, MARGIN_TOP, MARGIN_BOTTOM = 45.0, 58.0, 66.0
"""In points. Twice the sum leaves a text of 505 × 718: it fits on Letter, too, should A4 be printed on it uncut."""
TEXT_WIDTH = PAGE[0] - 2 * MARGIN_X
TEXT_HEIGHT = PAGE[1] - MARGIN_TOP - MARGIN_BOTTOM
FONT, BOLD, ITALIC, BOLD_ITALIC = "DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSans-BoldOblique"
INK, QUIET, LINE = HexColor("#1b2430"), HexColor("#56616f"), HexColor("#c9d0d8")
TINT, STRONG, ACCENT, WARN = HexColor("#f3f6f9"), HexColor("#eaf2f8"), HexColor("#005b8f"), HexColor("#b45309")
TABLE_SIZES = (7.2, 6.9, 6.6, 6.3, 6.0, 5.7)
"""A table is set in the largest of them that its numbers allow."""


@cache
def register_fonts() -> None:
    """Make DejaVu Sans known, which comes with matplotlib and has µ, ², Σ, − and ≥."""
    import matplotlib

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    for name in (FONT, BOLD, ITALIC, BOLD_ITALIC):
        file = f"{name}.ttf"
        pdfmetrics.registerFont(TTFont(name, str(folder / file)))
    pdfmetrics.registerFontFamily(FONT, normal=FONT, bold=BOLD, italic=ITALIC, boldItalic=BOLD_ITALIC)


def style(size: float = 8.6, **more: Any) -> ParagraphStyle:
    """A paragraph's look; lines are 1.4 times as high as the type."""
    chosen: dict[str, Any] = {
        "fontName": FONT,
        "fontSize": size,
        "leading": 1.4 * size,
        "textColor": INK,
        "splitLongWords": 1,
        **more,
    }
    return ParagraphStyle("", **chosen)


@cache
def styles(*, compact: bool = False) -> dict[str, ParagraphStyle]:
    """The looks of running text; compact on a leaf."""
    after = 3 if compact else 5
    size = 9.4 if compact else 8.6
    return {
        "kind": style(9.5, fontName=BOLD, textColor=ACCENT),
        "title": style(18 if compact else 20, fontName=BOLD, leading=23 if compact else 25, spaceAfter=3),
        "heading1": style(12 if compact else 14, fontName=BOLD, spaceBefore=6 if compact else 16, spaceAfter=after),
        "heading2": style(10, fontName=BOLD, spaceBefore=9, spaceAfter=4),
        "plain": style(size, spaceAfter=after),
        "lead": style(
            9.2, backColor=TINT, borderColor=ACCENT, borderWidth=0, borderPadding=(7, 9, 7, 9), spaceBefore=9,
            spaceAfter=12, leftIndent=9, rightIndent=9,
        ),
        "note": style(7.4, textColor=QUIET, spaceAfter=5),
        "warning": style(
            size, borderColor=WARN, borderWidth=1, borderPadding=(5, 7, 5, 7), spaceBefore=8, spaceAfter=11,
            leftIndent=7, rightIndent=7,
        ),
        "bullet": style(size, leftIndent=11, bulletIndent=2, spaceAfter=3),
        "caption": style(8.2, spaceAfter=3, spaceBefore=8),
        "figcaption": style(7.8, spaceBefore=2, spaceAfter=10),
        "name": style(8.2, textColor=QUIET),
        "value": style(8.2),
        "tile_title": style(8.4, textColor=INK),
        "tile_value": style(15.5, fontName=BOLD, leading=20),
        "tile_detail": style(7.8, textColor=QUIET),
        "contents": style(8.6, leading=13.2),
        "table_note": style(7.0, textColor=QUIET, spaceAfter=3),
    }  # fmt: skip


def cell_style(size: float, *, is_number: bool, is_bold: bool, quiet: bool = False) -> ParagraphStyle:
    """The look of a cell of a table."""
    return style(
        size,
        leading=1.25 * size,
        fontName=BOLD if is_bold else FONT,
        textColor=QUIET if quiet else INK,
        **({"alignment": TA_RIGHT} if is_number else {}),
    )
