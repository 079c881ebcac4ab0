"""A report as one HTML page that needs nothing beside it: charts are drawn in it, photographs lie in it, no script."""

import base64
import re
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from workstation.report.document import Chart, Heading, Picture, Report, printable
from workstation.report.rendering import svg_element
from workstation.storage.atomic import replacing

LONGEST_PART = 24
"""So many letters of a word always stand together."""
_LONG_WORD = re.compile(r"\S{33,}")


def write_html(path: Path, report: Report) -> None:
    """Write a report as HTML, at once or not at all.

    Raises:
        UserFacingError: if it cannot be written.
    """
    text = html_text(report)
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def html_text(report: Report) -> str:
    """A report as the text of an HTML page."""
    blocks = [
        {"kind": type(block).__name__.lower(), "block": block, "label": label, "key": f"s{place}"}
        for place, (label, block) in enumerate(report.labelled())
    ]
    chapters = [
        (f"s{place}", block.text)
        for place, block in enumerate(report.blocks)
        if isinstance(block, Heading) and block.level == 1
    ]
    contents = chapters if report.has_contents else []
    page: str = _template().render(
        report=report,
        blocks=blocks,
        contents=contents,
        style=Markup(_style()),
        svg=_svg,
        jpeg=_jpeg,
    )
    return page


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_printable
    )
    environment.filters["lines"] = _lines
    return environment.from_string(_resource("report.html"))


@cache
def _style() -> str:
    return _resource("report.css")


def _resource(name: str) -> str:
    return (resources.files("resources") / "report" / name).read_text(encoding="utf-8")


def _printable(value: Any) -> Any:
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _breakable(text: str) -> Markup:
    """Text in which a long word may be broken: after the signs in a file's name, else anywhere."""
    found = _LONG_WORD.sub(
        lambda word: re.sub(rf"([_.-]+|[^_.-]{{{LONGEST_PART}}})(?=.)", "\\1\0", word[0]), printable(text)
    )
    return escape(found).replace("\0", Markup("<wbr>"))


def _lines(text: str) -> Markup:
    """Text with its line breaks; leading spaces are an indent."""
    inset = (len(text) - len(text.lstrip(" "))) // 2
    broken = Markup("<br>").join(_breakable(line) for line in text.strip().split("\n"))
    return Markup('<span class="inset">{}</span>').format(broken) if inset else broken


def _svg(chart: Chart, key: str) -> Markup:
    """A chart as an element; what it shows is said to who cannot see it."""
    element = svg_element(chart.figure, key)
    said = Markup('<svg role="img" aria-label="{}"').format(printable(chart.alt))
    return Markup(element.replace("<svg", said, 1))


def _jpeg(picture: Picture) -> Markup:
    return Markup("data:image/jpeg;base64,{}").format(base64.b64encode(picture.jpeg).decode("ascii"))
