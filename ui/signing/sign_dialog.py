"""Signing a read: what is signed in plain words, in which sense, and with what."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QLabel, QRadioButton, QScrollArea, QVBoxLayout, QWidget

from ui.background import Background
from ui.dialogs.sheet import Sheet, paragraph
from ui.panels.fact_rows import FactRows
from ui.panels.figures import counted, number
from ui.panels.titles import image_titles
from ui.signing.passphrase import PassphraseField, Waiting, say
from ui.signing.signature_rows import SignatureRows, signatures_on
from ui.theme import GRID_PX
from ui.workspace import Workspace
from workstation.edits.signatures import OWN, meanings_for, why_not
from workstation.endpoints import endpoints_of
from workstation.errors import UserFacingError
from workstation.model.read import Read
from workstation.model.signature import Meaning, Signature
from workstation.model.study import Study
from workstation.session import Moment
from workstation.signing import keys
from workstation.signing.keys import SigningKey
from workstation.signing.signing import signature_by_key, signing_patch, typed_signature
from workstation.signing.wording import consequence

SHEET_PX = 68 * GRID_PX
LIST_PX = 22 * GRID_PX
TYPED = "A &typed name alone"
TYPED_NOTE = "Nothing shows that it was you who typed it, and it is told as that wherever it stands."


class SignDialog(Sheet):
    """See the module.

    Args:
        workspace: whose study.
        background: unlocks the key.
        read: what is signed.
        parent: the window it belongs to.
    """

    def __init__(self, workspace: Workspace, background: Background, read: Read, parent: QWidget | None = None) -> None:
        super().__init__("sign", "Sign", parent)
        self.setMinimumWidth(SHEET_PX)
        self.resize(SHEET_PX, GRID_PX)  # as high as it needs to be once it is shown
        session = workspace.session
        assert session is not None
        self._workspace, self._background, self._read = workspace, background, read
        self._moment: Moment = session.moment
        self._name = session.document.user
        self._key: SigningKey | None = None
        self._waiting = Waiting(background, self._show_busy)
        self._told = paragraph("", "muted")
        self._told.setObjectName("sign.told")
        self._told.setMinimumHeight(3 * GRID_PX)
        facts = FactRows()
        facts.show_rows(read_facts(self._moment.study, read))
        self.column.addWidget(facts)
        self.column.addWidget(self._signatures())
        self._form = QWidget()
        self._meanings = QButtonGroup(self)
        self._means = QButtonGroup(self)
        offered = meanings_for(self._moment.study, read, self._name) if workspace.can_edit else ()
        if offered:
            self._fill_form(offered)
            self.column.addWidget(self._form)
        else:
            self.column.addWidget(paragraph(self._why_not(), "warn"))
        self.column.addStretch(1)
        self.column.addWidget(self._waiting)
        self.column.addWidget(self._told)
        self._sign = self.add_buttons("&Sign" if offered else "", "Cancel" if offered else "Close")
        if offered:
            self.take_key()

    @property
    def meaning(self) -> Meaning:
        """The sense that is chosen."""
        return tuple(Meaning)[self._meanings.checkedId()]

    def take_key(self) -> None:
        """Look for the reader's key, and let it be used if it is there."""
        damaged: list[str] = []
        try:
            self._key = keys.key_of(self._name, damaged.append)
        except UserFacingError as error:
            damaged.append(str(error))
        key = self._key
        self._by_key.setText("With my &key" if key is None else f"With my &key {key.fingerprint[:9]}…")
        self._by_key.setToolTip("" if key is None else key.fingerprint)
        (self._by_key if key is not None else self._typed).setChecked(True)
        self._by_key.setEnabled(key is not None)
        self._no_key.setVisible(key is None)
        if damaged:
            say(self._told, damaged[0], "danger")
        self._show_possible()
        if key is not None:
            self._passphrase.setFocus()

    def accept(self) -> None:
        """Sign; leave when it is done."""
        if self._waiting.going_on:
            return
        try:
            typed = typed_signature(self._moment, self._read.id, self._name, self.meaning)
        except UserFacingError as error:
            say(self._told, str(error), "danger")
            return
        if self._typed.isChecked() or self._key is None:
            self._commit(typed)
            return
        key, passphrase, study = self._key, self._passphrase.text, self._moment.study
        say(self._told, "Signing…")
        self._waiting.do("Signing", lambda: signature_by_key(typed, study, key, passphrase), self._commit, self._failed)

    def done(self, result: int) -> None:
        """Leave; what is under way is waited for by nobody."""
        self._waiting.drop()
        super().done(result)

    # --- what it is made of ------------------------------------------------------------------------------------

    def _signatures(self) -> QWidget:
        rows = SignatureRows()
        checked = signatures_on(self._workspace, self._read)
        rows.show_signatures(checked)
        if len(checked) < 3:
            return rows
        area = QScrollArea(widgetResizable=True)
        area.setWidget(rows)
        area.setFixedHeight(LIST_PX)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        return area

    def _fill_form(self, offered: tuple[Meaning, ...]) -> None:
        column = QVBoxLayout(self._form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(_heading(f"You sign as {self._name}"))
        for place, meaning in enumerate(offered):
            button = QRadioButton(f"&{place + 1}  “{meaning}”" if len(offered) > 1 else f"“{meaning}”")
            button.setObjectName(f"sign.{meaning.name.lower()}")
            self._meanings.addButton(button, tuple(Meaning).index(meaning))
            column.addWidget(button)
        self._meanings.buttons()[0].setChecked(True)
        self._follows = paragraph("", "muted")
        self._follows.setObjectName("sign.follows")
        column.addWidget(self._follows)
        column.addSpacing(GRID_PX)
        self._by_key, self._typed = QRadioButton("With my &key"), QRadioButton(TYPED)
        self._passphrase = PassphraseField("sign.passphrase", "&Passphrase")
        self._no_key = paragraph("You have no key on this computer: Study ▸ My signing key… makes one.", "muted")
        for name, button in (("by_key", self._by_key), ("typed", self._typed)):
            button.setObjectName(f"sign.{name}")
            self._means.addButton(button)
        for part in (self._by_key, self._passphrase, self._no_key, self._typed):
            column.addWidget(part)
        column.addWidget(paragraph(TYPED_NOTE, "muted"))
        self._meanings.idToggled.connect(lambda *_: self._show_possible())
        self._means.idToggled.connect(lambda *_: self._show_possible())
        self._passphrase.changed.connect(self._show_possible)

    def _why_not(self) -> str:
        if not self._workspace.can_edit:
            return "The study is open for reading only."
        study, read = self._moment.study, self._read
        own = read.reader == self._name
        meaning = next(one for one in OWN if (one is Meaning.AUTHORSHIP) == (read.adjudicates is None))
        why = why_not(study, read, meaning if own else Meaning.APPROVAL, self._name)
        return f"{why[:1].upper()}{why[1:]}."

    # --- what is done ------------------------------------------------------------------------------------------

    def _commit(self, signature: Signature) -> None:
        session = self._workspace.session
        if session is None:
            return
        moment = session.moment
        try:
            patch = signing_patch(moment, signature)
        except UserFacingError as error:
            self._failed(str(error))
            return
        if self._workspace.commit_study(lambda _: patch) is not None:
            super().accept()

    def _failed(self, why: str) -> None:
        say(self._told, why, "danger")
        self._passphrase.clear()
        self._passphrase.setFocus()

    # --- what is seen ------------------------------------------------------------------------------------------

    def _show_busy(self, busy: bool) -> None:
        self._form.setEnabled(not busy)
        if busy:
            self._sign.setEnabled(False)
        else:
            self._show_possible()

    def _show_possible(self) -> None:
        by_key = self._by_key.isChecked()
        self._follows.setText(consequence(self.meaning, self._read))
        self._passphrase.setVisible(self._key is not None)
        self._passphrase.setEnabled(by_key)
        self._sign.setEnabled(not self._waiting.going_on and (not by_key or bool(self._passphrase.text)))


def read_facts(study: Study, read: Read) -> tuple[tuple[str, str], ...]:
    """What is signed: the image, the read, what it counts."""
    image = study.images[read.image_id]
    visit = study.visits[image.visit_id]
    values = endpoints_of(study, read)
    title = image_titles(study, [image.id])[image.id]
    hairs = counted(int(values.hair_count), "hair")
    units = counted(int(values.fu_count), "unit")
    area = "" if values.field_cm2 != values.field_cm2 else f" on {number(values.field_cm2, 3)} cm²"
    return (
        ("Image", f"{visit.subject}, {title}" if visit.subject not in title else title),
        ("Read", f"{read.id}, of {read.reader}, {read.review.state}"),
        ("Counted", f"{hairs} in {units}{area}"),
    )


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
