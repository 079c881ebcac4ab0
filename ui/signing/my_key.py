"""My key: made, shown, handed over, backed up, locked with another passphrase."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.background import Background
from ui.dialogs.sheet import Sheet, paragraph
from ui.messages import Message
from ui.signing.passphrase import NewPassphrase, PassphraseField, Waiting, say
from ui.theme import GRID_PX
from workstation.errors import UserFacingError
from workstation.file_names import safe_name
from workstation.signing import keys
from workstation.signing.keys import SigningKey
from workstation.signing.public_keys import SUFFIX, write_offer

SHEET_PX = 68 * GRID_PX
WHY = (
    "With a key of your own you sign reads so that others can check that it was you. It stays on this computer, locked "
    "with a passphrase that nobody else knows and nobody can reset. The owner of a study enrols its public half."
)
COMPARE = "Read the fingerprint to the study's owner by another way, on the telephone say: then it is surely yours."


class MyKeyDialog(Sheet):
    """See the module.

    Args:
        name: the reader.
        background: makes and unlocks keys.
        folder: where files are offered.
        parent: the window it belongs to.
    """

    def __init__(self, name: str, background: Background, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__("my_key", "My signing key", parent)
        self.setMinimumWidth(SHEET_PX)
        self._name, self._folder = name, folder
        self._key: SigningKey | None = None
        self._page: QWidget = self
        self._waiting = Waiting(background, self._show_busy)
        self._told = paragraph("", "muted")
        self._told.setObjectName("my_key.told")
        self._told.setMinimumHeight(3 * GRID_PX)
        self._none, self._there, self._other = self._page_of_none(), self._page_of_key(), self._page_of_passphrase()
        self._pages = (self._none, self._there, self._other)
        for page in self._pages:
            self.column.addWidget(page)
        self.column.addStretch(1)
        self.column.addWidget(self._waiting)
        self.column.addWidget(self._told)
        self._close = self.add_buttons("", "Close")
        self.refresh()

    @property
    def key(self) -> SigningKey | None:
        """The key of the reader, as it is now."""
        return self._key

    def refresh(self) -> None:
        """Show the key that is there now."""
        damaged: list[str] = []
        try:
            self._key = keys.key_of(self._name, damaged.append)
        except UserFacingError as error:
            damaged.append(Message.of_error(error).text)
        if damaged:
            say(self._told, damaged[0], "danger")
        key = self._key
        if key is None:
            self._show(self._none, self._new.first)
            return
        self._print.setText(key.fingerprint.replace(" ", "\u2002"))
        self._made.setText(f"Key of {key.name}, made on {key.created_utc[:10]}")
        self._show(self._there, self._export)

    def done(self, result: int) -> None:
        """Leave; what is under way is waited for by nobody."""
        self._waiting.drop()
        super().done(result)

    # --- what it is made of ------------------------------------------------------------------------------------

    def _page_of_none(self) -> QWidget:
        self._new = NewPassphrase("my_key.make")
        self._new.changed.connect(self._show_possible)
        self._make = _button("&Make my key", "my_key.make", self._make_key)
        self._restore = _button("&Restore from a backup…", "my_key.restore", self._restore_key)
        title = QLabel(f"{self._name} has no key on this computer")
        title.setProperty("role", "heading")
        return _page(title, paragraph(WHY, "muted"), self._new, _grid((self._make, self._restore)))

    def _page_of_key(self) -> QWidget:
        self._made = QLabel()
        self._made.setProperty("role", "heading")
        self._print = QLabel()
        self._print.setObjectName("my_key.fingerprint")
        self._print.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._print.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._print.setAccessibleName("Fingerprint")
        self._export = _button("&Export public key…", "my_key.export", self._export_key)
        buttons = (
            self._export,
            _button("&Copy fingerprint", "my_key.copy", self._copy),
            _button("Change &passphrase…", "my_key.change", self._begin_change),
            _button("&Back up…", "my_key.back_up", self._back_up),
        )
        return _page(self._made, self._print, paragraph(COMPARE, "muted"), _grid(buttons))

    def _page_of_passphrase(self) -> QWidget:
        self._old = PassphraseField("my_key.old", "&Passphrase so far")
        self._changed = NewPassphrase("my_key.change")
        for part in (self._old, self._changed):
            part.changed.connect(self._show_possible)
        self._keep = _button("&Change passphrase", "my_key.keep", self._change)
        back = _button("&Back", "my_key.back", self.refresh)
        note = paragraph("A backup keeps the passphrase that it was made with.", "muted")
        return _page(self._old, self._changed, note, _grid((self._keep, back)))

    # --- what is done ------------------------------------------------------------------------------------------

    def _make_key(self) -> None:
        name, passphrase = self._name, self._new.text
        self._do(
            "Making the key",
            lambda: keys.make_key(name, passphrase),
            "Your key is made. Next: export its public half for the owner of the study, and keep a backup.",
        )

    def _change(self) -> None:
        key, old, new = self._key, self._old.text, self._changed.text
        assert key is not None
        self._do("Changing the passphrase", lambda: keys.change_passphrase(key, old, new), "The passphrase is changed.")

    def _do(self, what: str, work: Callable[[], SigningKey], then: str) -> None:
        def done(_key: SigningKey) -> None:
            self._forget()
            self.refresh()
            say(self._told, then, "ok")

        say(self._told, f"{what}…")
        self._waiting.do(what, work, done, lambda why: say(self._told, why, "danger"))

    def _export_key(self) -> None:
        key = self._key
        assert key is not None
        path = self._ask_where("Export the public key", f"{safe_name(key.name)}{SUFFIX}")
        if path is not None:
            self._write(lambda: write_offer(path, key.offered), f"Hand {path.name} to the owner of the study.")

    def _back_up(self) -> None:
        key = self._key
        assert key is not None
        path = self._ask_where("Back up the key", f"{safe_name(key.name)} backup{keys.SUFFIX}")
        if path is not None:
            then = f"Keep {path.name} in a safe place: it is locked with your passphrase as it is now."
            self._write(lambda: keys.back_up(key, path), then)

    def _restore_key(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Restore a key", str(self._folder))
        if not chosen:
            return

        try:
            key = keys.restore(Path(chosen))
        except UserFacingError as error:
            say(self._told, Message.of_error(error).text, "danger")
            return
        self.refresh()
        if self._key is None:
            say(self._told, f"It is the key of {key.name}, and you read as {self._name}: the settings say so.", "warn")
        else:
            say(self._told, "The key is back, with the passphrase that it had then.", "ok")

    def _write(self, write: Callable[[], None], then: str) -> None:
        try:
            write()
        except UserFacingError as error:
            say(self._told, Message.of_error(error).text, "danger")
        else:
            say(self._told, then, "ok")

    def _ask_where(self, title: str, name: str) -> Path | None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, title, str(self._folder / name), options=QFileDialog.Option.DontConfirmOverwrite
        )
        if not chosen:
            return None
        self._folder = Path(chosen).parent
        return Path(chosen)

    def _copy(self) -> None:
        if self._key is not None:
            QGuiApplication.clipboard().setText(self._key.fingerprint)
            say(self._told, "Copied.")

    def _begin_change(self) -> None:
        self._forget()
        say(self._told, "")
        self._show(self._other, self._old)

    # --- what is seen ------------------------------------------------------------------------------------------

    def _forget(self) -> None:
        self._old.clear()
        self._new.clear()
        self._changed.clear()

    def _show(self, page: QWidget, first: QWidget) -> None:
        self._page = page
        for other in self._pages:
            other.setVisible(other is page)
        self.column.activate()
        self.resize(SHEET_PX, self.column.totalHeightForWidth(SHEET_PX))
        self._show_possible()
        first.setFocus()

    def _show_busy(self, busy: bool) -> None:
        self._page.setEnabled(not busy)
        if not busy:
            self._show_possible()

    def _show_possible(self) -> None:
        self._make.setEnabled(bool(self._new.text))
        self._keep.setEnabled(bool(self._changed.text) and bool(self._old.text))
        self._make.setDefault(self._page is self._none)
        self._keep.setDefault(self._page is self._other)


def _button(text: str, name: str, does: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(f"{name}.button")
    button.setAutoDefault(False)
    button.clicked.connect(lambda: does())
    return button


def _page(*parts: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2 * GRID_PX)
    for part in parts:
        column.addWidget(part)
    return page


def _grid(buttons: tuple[QPushButton, ...]) -> QWidget:
    """Buttons two by two."""
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setSpacing(GRID_PX)
    for i, button in enumerate(buttons):
        grid.addWidget(button, i // 2, i % 2)
    return holder
