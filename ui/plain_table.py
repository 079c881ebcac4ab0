"""How tables of the window look and are gone about in, unless one says otherwise."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QGuiApplication
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


def copy_rows(model: QAbstractItemModel, rows: Iterable[int]) -> None:
    """Put rows on the clipboard as they are shown, below their titles, for a spreadsheet."""
    columns = range(model.columnCount())
    titles = [str(model.headerData(c, Qt.Orientation.Horizontal)).replace("\n", " ") for c in columns]
    lines = [titles, *([str(model.index(row, c).data()) for c in columns] for row in rows)]
    QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines) + "\n")
