"""How tables of the window look and are gone about in, unless one says otherwise."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView


def make_plain(view: QTableView, name: str, title: str, row_px: int) -> None:
    """Make it a table of rows: each chosen as a whole, none typed into, all of one height; Tab leaves it.

    Args:
        view: the table.
        name: object name.
        title: accessible name.
        row_px: height of a row.
    """
    view.setObjectName(name)
    view.setAccessibleName(title)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setAlternatingRowColors(True)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.verticalHeader().hide()
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.verticalHeader().setDefaultSectionSize(row_px)
    view.horizontalHeader().setHighlightSections(False)


def set_widths(view: QTableView, widths_px: Sequence[int]) -> None:
    """Give the first columns these widths, which the user may change, and the last one what is left."""
    head = view.horizontalHeader()
    head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    for column, width in enumerate(widths_px):
        head.resizeSection(column, width)
    head.setStretchLastSection(True)
