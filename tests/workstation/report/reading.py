"""What a written report says, read back: text, tables and what it refers to."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

import pypdfium2

VOID = {"meta", "br", "img", "link", "input", "hr", "wbr"}


@dataclass
class Page(HTMLParser):
    """An HTML page that was parsed."""

    texts: list[str] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    unclosed: list[str] = field(default_factory=list)

    def __post_init__(self):
        super().__init__()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.unclosed.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
        elif tag == "br" and self._in_cell():
            self.tables[-1][-1][-1] += "\n"

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.unclosed.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data):
        if "style" not in self.unclosed:
            self.texts.append(data)
        if self._in_cell():
            self.tables[-1][-1][-1] += data.strip()

    def _in_cell(self):
        return "td" in self.unclosed or ("th" in self.unclosed and "table" in self.unclosed)

    @property
    def text(self):
        return " ".join("".join(self.texts).split())

    def attributes(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def html_page(text):
    """The page, every tag of which is closed."""
    page = Page()
    page.feed(text)
    page.close()
    assert page.unclosed == []
    return page


def pdf_texts(data):
    """The text of each page, white space as single spaces."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    finally:
        document.close()


def pdf_outline(data):
    """Title and page of each bookmark."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [(mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc()]
    finally:
        document.close()
