"""Text from a study is shown as it is written: Qt would take a subject's code that looks like HTML for HTML, and fetch
the picture that it names from a file or another computer.

A label is told so by `textFormat`; a tip has no such property.
"""

from html import escape

from PySide6.QtGui import Qt


def plain_tip(text: str) -> str:
    """A tip that shows a text as it is written."""
    if not Qt.mightBeRichText(text):
        return text
    return f"<p>{escape(text)}</p>".replace("\n", "<br>")
