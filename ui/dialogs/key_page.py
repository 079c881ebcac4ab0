"""The page of the settings where keys are changed: search, press the new key, see at once whether it is free."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui import theme
from ui.dialogs.sheet import paragraph
from ui.key_text import key_text, plain_text, portable
from ui.keys import BY_ID, COMMANDS, VIEW_KEYS, clashes, keys_of
from ui.theme import GRID_PX

ID_ROLE = Qt.ItemDataRole.UserRole
Overrides = dict[str, tuple[str, ...]]


class KeyPage(QWidget):
    """All commands and their keys.

    Args:
        overrides: keys that the user set, by command id.
    """

    changed = Signal()

    def __init__(self, overrides: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.setObjectName("settings.keys")
        self._overrides: Overrides = {name: tuple(keys) for name, keys in overrides.items() if name in BY_ID}
        self._filling = self._typing = False
        self._more: tuple[str, ...] = ()
        self._search = QLineEdit(placeholderText="Search: a command or a key", clearButtonEnabled=True)
        self._search.setObjectName("keys.search")
        self._search.setAccessibleName("Search commands")
        self._search.textChanged.connect(self._filter)
        self._table = self._made_table()
        self._first, self._second = _edit("keys.first", "Key"), _edit("keys.second", "Second key")
        self._reset = QPushButton("&Reset")
        self._reset.setObjectName("keys.reset")
        self._reset.setToolTip("Back to the usual keys of this command")
        self._reset_all = QPushButton("Reset &all")
        self._reset_all.setObjectName("keys.reset_all")
        self._clash = paragraph("", "danger")
        self._clash.setObjectName("keys.clash")
        self._take = QPushButton("&Take it from there", flat=True)
        self._take.setObjectName("keys.take")
        self._lay_out()
        self._first.keySequenceChanged.connect(self._on_typed)
        self._second.keySequenceChanged.connect(self._on_typed)
        self._reset.clicked.connect(self._on_reset)
        self._reset_all.clicked.connect(self._on_reset_all)
        self._take.clicked.connect(self._on_take)
        self._fill()
        self.choose(COMMANDS[0].id)

    def overrides(self) -> Overrides:
        """The keys that are not the usual ones, by command id."""
        return dict(self._overrides)

    def problems(self) -> list[str]:
        """Keys that stand for two things, each as a sentence."""
        return [self._problem(key, ids) for key, ids in clashes(self._overrides).items()]

    def choose(self, command_id: str) -> None:
        """Select a command."""
        self._table.setCurrentItem(self._items[command_id])

    def set_keys(self, command_id: str, keys: Sequence[str]) -> None:
        """Give a command other keys; its usual ones again take its override away."""
        wanted = tuple(dict.fromkeys(key for key in keys if key))
        if wanted == BY_ID[command_id].keys:
            self._overrides.pop(command_id, None)
        else:
            self._overrides[command_id] = wanted
        self._show_all()
        self.changed.emit()

    # --- what it is made of ------------------------------------------------------------------------------------

    def _made_table(self) -> QTreeWidget:
        table = QTreeWidget()
        table.setRootIsDecorated(False)
        table.setUniformRowHeights(True)
        table.setAlternatingRowColors(True)
        table.setObjectName("keys.table")
        table.setAccessibleName("Commands and their keys")
        table.setHeaderLabels(["Command", "Menu", "Keys"])
        table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.header().setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        table.header().setStretchLastSection(False)
        table.header().setMinimumSectionSize(12 * GRID_PX)
        table.currentItemChanged.connect(lambda *_: self._show_current())
        return table

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        for text, field in (("&Key", self._first), ("&or", self._second)):
            label = QLabel(text)
            label.setBuddy(field)
            row.addWidget(label)
            row.addWidget(field, 1)
        row.addWidget(self._reset)
        row.addWidget(self._reset_all)
        told = QHBoxLayout()
        told.addWidget(self._clash, 1)
        told.addWidget(self._take)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2 * GRID_PX, 0, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(self._search)
        column.addWidget(self._table, 1)
        column.addLayout(row)
        column.addLayout(told)
        for button in (self._reset, self._reset_all, self._take):
            button.setAutoDefault(False)

    def _fill(self) -> None:
        self._items = {}
        for command in COMMANDS:
            item = QTreeWidgetItem([plain_text(command), str(command.menu), ""])
            item.setData(0, ID_ROLE, command.id)
            item.setToolTip(0, command.tip)
            self._items[command.id] = item
            self._table.addTopLevelItem(item)
        self._show_all()

    # --- what is shown -----------------------------------------------------------------------------------------

    def _show_all(self) -> None:
        clashing = {name for ids in clashes(self._overrides).values() for name in ids}
        colours = theme.current()
        for name, item in self._items.items():
            keys = keys_of(BY_ID[name], self._overrides)
            mark = "⚠ " if name in clashing else ""
            item.setText(2, mark + ", ".join(map(key_text, keys)))
            item.setForeground(2, QColor(colours.danger if name in clashing else colours.text))
            font = item.font(0)
            font.setBold(name in self._overrides)
            item.setFont(2, font)
        self._filter(self._search.text())
        self._show_current()

    def _show_current(self) -> None:
        name = self._current()
        keys = keys_of(BY_ID[name], self._overrides) if name else ()
        if not self._typing:
            self._fill_in(keys)
        self._reset.setEnabled(name in self._overrides)
        self._reset_all.setEnabled(bool(self._overrides))
        self._show_clash(name)

    def _fill_in(self, keys: Sequence[str]) -> None:
        self._filling, self._more = True, tuple(keys[2:])
        for field, key in ((self._first, keys[:1]), (self._second, keys[1:2])):
            field.setKeySequence(QKeySequence(key[0]) if key else QKeySequence())
            field.setEnabled(bool(self._current()))
        self._filling = False

    def _show_clash(self, name: str) -> None:
        clash = self._clash_of(name)
        others = [] if clash is None else [other for other in clash[1] if other != name]
        self._clash.setText("" if clash is None else self._problem(*clash))
        self._take.setVisible(bool(others))

    def _clash_of(self, name: str) -> tuple[str, list[str]] | None:
        """The first key of a command that is something else's too."""
        return next(((key, ids) for key, ids in clashes(self._overrides).items() if name in ids), None)

    def _problem(self, key: str, ids: list[str]) -> str:
        spelt = next(k for k in keys_of(BY_ID[ids[0]], self._overrides) if k.casefold() == key)
        if len(ids) == 1:
            does = next((does for name, does in VIEW_KEYS if name.casefold() == key), "belongs to the image views")
            return f"{key_text(spelt)} is a key of the image views: {does[:1].lower()}{does[1:]}."
        named = " and ".join(f"“{plain_text(BY_ID[i])}”" for i in ids)
        return f"{key_text(spelt)} is the key of {named}."

    def _filter(self, text: str) -> None:
        wanted = text.casefold().split()
        for item in self._items.values():
            words = " ".join(item.text(column) for column in range(3)).casefold()
            item.setHidden(not all(word in words for word in wanted))

    def _current(self) -> str:
        item = self._table.currentItem()
        return "" if item is None else str(item.data(0, ID_ROLE))

    # --- what is done ------------------------------------------------------------------------------------------

    def _on_typed(self) -> None:
        name = self._current()
        if self._filling or not name:
            return
        # the field empties itself before it takes the next key, and must not be filled in meanwhile
        self._typing = True
        self.set_keys(name, [portable(f.keySequence()) for f in (self._first, self._second)] + list(self._more))
        self._typing = False

    def _on_reset(self) -> None:
        if name := self._current():
            self.set_keys(name, BY_ID[name].keys)

    def _on_reset_all(self) -> None:
        self._overrides.clear()
        self._show_all()
        self.changed.emit()

    def _on_take(self) -> None:
        """The command in hand keeps its key, the others lose it."""
        name = self._current()
        clash = self._clash_of(name)
        if clash is None:
            return
        key, ids = clash
        for other in ids:
            if other != name:
                kept = [k for k in keys_of(BY_ID[other], self._overrides) if k.casefold() != key]
                self.set_keys(other, kept)


def _edit(object_name: str, name: str) -> QKeySequenceEdit:
    """Takes one key with its modifiers."""
    edit = QKeySequenceEdit()
    edit.setObjectName(object_name)
    edit.setAccessibleName(name)
    edit.setMaximumSequenceLength(1)
    edit.setClearButtonEnabled(True)
    return edit
