"""The signatures on a read: who, in which sense, when, and what it is worth."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.dialogs.sheet import paragraph
from ui.icons import IconLabel
from ui.theme import GRID_PX
from ui.workspace import Workspace
from workstation.model.read import Read
from workstation.signing.checking import Checked, Standing, check_signatures
from workstation.signing.wording import utc_minute

SIGNS: Mapping[Standing, tuple[str, str]] = {
    Standing.VERIFIED: ("tick", "ok"),
    Standing.UNVERIFIED: ("warning", "warn"),
    Standing.TYPED: ("person", "muted"),
    Standing.BROKEN: ("error", "danger"),
}
"""The sign of each standing and its colour."""
NONE_YET = "Nobody has signed this read."
_REMEMBERED = "signatures"


class SignatureRows(QWidget):
    """See the module."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("signatures")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID_PX)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def show_signatures(self, checked: Sequence[Checked]) -> None:
        """Show these."""
        while self._column.count():
            item = self._column.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.deleteLater()
        for one in checked:
            self._column.addWidget(_row(one))
        if not checked:
            self._column.addWidget(paragraph(NONE_YET, "muted"))


def signatures_on(workspace: Workspace, read: Read | None) -> tuple[Checked, ...]:
    """The signatures on a read, checked; they are checked again only when one is added or the people change."""
    session, study = workspace.session, workspace.study
    if session is None or study is None or read is None:
        return ()
    if not any(one.read_id == read.id for one in study.signatures.values()):
        return ()
    rests_on = study.signatures, study.people, study.packages, study.images
    known = read.remembered.get(_REMEMBERED)
    if known is None or any(a is not b for a, b in zip(known[0], rests_on, strict=True)):
        checked = check_signatures(study, session.trail, only=frozenset({read.id}))
        known = read.remembered[_REMEMBERED] = rests_on, checked
    found: tuple[Checked, ...] = known[1]
    return found


def signature_facts(checked: Sequence[Checked]) -> tuple[tuple[str, str], ...]:
    """The same as rows of labels and texts."""
    texts = [f"{one.signature.signer}, “{one.signature.meaning}”: {one.word}" for one in checked]
    return (("Signed", "\n".join(texts)),) if texts else ()


def _row(one: Checked) -> QWidget:
    signature = one.signature
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(GRID_PX)
    grid.setVerticalSpacing(GRID_PX // 4)
    grid.setColumnStretch(1, 1)
    sign, role = SIGNS[one.standing]
    who = QLabel(f"{signature.signer}, “{signature.meaning}”, {utc_minute(signature.signed_utc)}", wordWrap=True)
    who.setTextFormat(Qt.TextFormat.PlainText)
    who.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    standing = paragraph(one.word.capitalize(), role)
    why = paragraph(one.why, "muted")
    why.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    grid.addWidget(IconLabel(sign, role), 0, 0, Qt.AlignmentFlag.AlignTop)
    for row, label in enumerate((who, standing, why)):
        grid.addWidget(label, row, 1)
    holder.setAccessibleName(f"{who.text()}: {one.word}. {one.why}")
    return holder
