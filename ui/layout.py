"""How the window was left: its size, what is folded, how views share the width; kept as text in the settings."""

import json
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray

from ui.panels.section import foldings, restore_foldings

if TYPE_CHECKING:
    from ui.main_window import MainWindow

log = logging.getLogger(__name__)

VERSION = 1
"""Of the arrangement of bars and docks; another one is not restored."""


def kept_layout(window: "MainWindow") -> str:
    """The layout as text."""
    return json.dumps(
        {
            "geometry": _text(window.saveGeometry()),
            "state": _text(window.saveState(VERSION)),
            "views": window.comparison.layout_state(),
            "folded": foldings(window),
            "matches": window.workspace.display.layers.matches,
            "panels": window.actions_["view.panels"].isChecked(),
            "film_strip": window.film_strip.wanted,
        }
    )


def restore_layout(window: "MainWindow", text: str) -> None:
    """Lay the window out as it was left; what cannot be understood is passed over."""
    window.actions_["view.panels"].setChecked(True)
    window.actions_["visits.film_strip"].setChecked(True)
    if not text:
        return
    try:
        kept = json.loads(text)
        window.restoreGeometry(QByteArray.fromBase64(kept["geometry"].encode()))
        window.restoreState(QByteArray.fromBase64(kept["state"].encode()), VERSION)
        window.comparison.restore_layout(kept["views"])
        restore_foldings(window, kept["folded"])
        window.actions_["view.panels"].setChecked(bool(kept["panels"]))
        window.actions_["visits.film_strip"].setChecked(bool(kept.get("film_strip", True)))
        window.film_strip.set_wanted(window.actions_["visits.film_strip"].isChecked())
        display = window.workspace.display
        layers = replace(display.layers, matches=bool(kept.get("matches", False)))
        window.workspace.set_display(replace(display, layers=layers))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        log.warning("the window's layout could not be restored: %s", error)


def _text(data: QByteArray) -> str:
    return bytes(data.toBase64().data()).decode("ascii")
