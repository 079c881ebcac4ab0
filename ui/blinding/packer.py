"""Makes and merges work files: asks, works on a thread with progress and cancel, and tells what came of it."""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QDialog, QWidget

from ui.background import Background
from ui.long_jobs import LongJobs
from ui.messages import Message, MessageKind
from workstation.blinding.checking import Checked
from workstation.blinding.merging import merge_checked
from workstation.blinding.packing import Order, Prepared, discard, hand_out, prepare_package
from workstation.errors import UserFacingError
from workstation.session import Session


class Packer(LongJobs):
    """See the module; arguments as `LongJobs`."""

    def ask(self, parent: QWidget, background: Background) -> None:
        """Ask what is to be handed to whom, and make it."""
        from ui.blinding.package_dialog import PackageDialog

        session = self._workspace.session
        if session is None:
            return
        dialog = PackageDialog(session, background, parent)
        if dialog.exec() == QDialog.DialogCode.Accepted and self._workspace.session is session:
            self.make(session, dialog.path, dialog.order)

    def make(self, session: Session, path: Path, order: Order) -> None:
        """Make a work file, with progress; the outcome is told."""
        self._run(
            "Packaging",
            lambda report: prepare_package(session, path, order, report=report),
            partial(self._hand_out, session),
            stopped="Packaging stopped; nothing was handed out.",
            session=session,
        )

    def ask_to_merge(self, parent: QWidget, background: Background) -> None:
        """Ask for a work file, show what would come in, and bring it in."""
        from ui.blinding.merge_dialog import MergeDialog

        session = self._workspace.session
        if session is None:
            return
        dialog = MergeDialog(session, background, parent)
        if dialog.exec() == QDialog.DialogCode.Accepted and self._workspace.session is session:
            assert dialog.checked is not None
            self.merge(session, dialog.checked)

    def merge(self, session: Session, checked: Checked) -> None:
        """Bring in a checked work file; the outcome is told."""
        try:
            found = merge_checked(session.document, checked)
        except UserFacingError as error:
            self._workspace.told.emit(Message.of_error(error))
            return
        self._workspace.tell(f"{checked.path.name} is merged: {' '.join(found.sentences)}", MessageKind.DONE)

    def let_go(self, made: object) -> None:
        """Remove a work file that nobody wants any more."""
        if isinstance(made, Prepared):
            discard(made)

    def _hand_out(self, session: Session, prepared: Prepared) -> None:
        if self._workspace.session is not session:
            discard(prepared)
            return
        try:
            hand_out(session.document, prepared)
        except UserFacingError as error:
            self._workspace.told.emit(Message.of_error(error))
            return
        text = f"{prepared.path.name} for {prepared.package.reader}: {' '.join(prepared.sentences)}"
        self._workspace.told.emit(Message(text, MessageKind.NOTE, details=str(prepared.path)))
