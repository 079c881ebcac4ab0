"""The commands of `ui.keys` as actions: menus, tool bars, the context menu and keys all share these."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from ui.blinding.shown import belongs, changes
from ui.icons import set_icon
from ui.keys import BY_ID, COMMANDS, Command, Context, Kind, Needs, keys_of
from ui.workspace import Workspace
from workstation.model.read import ReadState
from workstation.pairing import pairs_among

TOOL = "tool."


class Actions(QObject):
    """One `QAction` for each command.

    Args:
        workspace: decides what is possible now.
        parent: the window, whose keys they are.
        waiting_text: names the edit that is under way, which an undo takes back first; empty where none is.
        sees_images: whether images are seen, so that something can be done to them.
        context: what the verdict keys act on; what is reviewed in the images where it is None.
    """

    def __init__(
        self,
        workspace: Workspace,
        parent: QObject,
        waiting_text: Callable[[], str] = str,
        sees_images: Callable[[], bool] = lambda: True,
        context: Callable[[], Context] | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._waiting_text = waiting_text
        self._sees_images = sees_images
        self._context = context or (lambda: workspace.reviewing)
        self._tools = QActionGroup(self)
        self._actions = {command.id: self._made(command) for command in COMMANDS}
        for changed in (
            workspace.session_changed,
            workspace.shown_changed,
            workspace.active_changed,
            workspace.selection_changed,
            workspace.reviewing_changed,
        ):
            changed.connect(self.refresh)
        workspace.document_changed.connect(lambda _: self.refresh())
        workspace.tool_changed.connect(self._check_tool)
        workspace.settings_changed.connect(self.apply_keys)
        self.apply_keys()
        self._check_tool()
        self.refresh()

    def __getitem__(self, command_id: str) -> QAction:
        return self._actions[command_id]

    def connect_all(self, handlers: Mapping[str, Callable[[], object]]) -> None:
        """Have commands done."""
        for command_id, handler in handlers.items():
            self._actions[command_id].triggered.connect(lambda _checked, do=handler: self._do(do))

    def apply_keys(self) -> None:
        """Take over the keys as the user set them."""
        for command in COMMANDS:
            action = self._actions[command.id]
            keys = keys_of(command, self._workspace.settings.keys)
            action.setShortcuts([QKeySequence(key) for key in keys])
            action.setToolTip(_tip(command, keys))

    def refresh(self) -> None:
        """Grey what is not possible now, and name what would be undone."""
        context = self._context()
        for command in COMMANDS:
            now = command.context.meets(context)
            self._actions[command.id].setEnabled(self._is_there(command) and now and self._possible(command.needs))
        session = self._workspace.session
        document = None if session is None else session.document
        can_edit = self._workspace.can_edit
        for which in ("undo", "redo"):
            text: str = "" if document is None else getattr(document, f"{which}_text")
            text = (which == "undo" and self._waiting_text()) or text
            action = self._actions[f"edit.{which}"]
            action.setText(f"{which.capitalize()} {text}".strip())
            action.setEnabled(bool(text) and can_edit)
        self._check_states()

    def _is_there(self, command: Command) -> bool:
        """Whether there is such a command in the file that is open, a study or a blinded reader's work file."""
        study = self._workspace.study
        there = belongs(command, blinded=study is not None and study.blinding is not None)
        if changes(command) and self._actions[command.id].isVisible() is not there:
            self._actions[command.id].setVisible(there)
        return there

    def _do(self, handler: Callable[[], object]) -> None:
        handler()
        self._check_states()  # a click has set the mark whether or not anything came of it

    def _check_states(self) -> None:
        """Have the marks say how the active image and the selected hairs are."""
        read, ids = self._workspace.active_read, self._workspace.selected_hairs()
        hairs = [] if read is None else [read.hairs[i] for i in ids if i in read.hairs]
        submitted = read is not None and read.review.state is ReadState.SUBMITTED
        self._actions["image.submit"].setChecked(submitted)
        self._actions["image.submit"].setText("Withdraw read" if submitted else BY_ID["image.submit"].text)
        self._actions["hairs.root_visible"].setChecked(bool(hairs) and all(hair.root_visible for hair in hairs))

    def _possible(self, needs: Needs) -> bool:
        workspace = self._workspace
        seen = self._sees_images()
        has_image = seen and workspace.active is not None
        match needs:
            case Needs.NOTHING:
                return True
            case Needs.STUDY:
                return workspace.session is not None
            case Needs.STUDY_EDITING:
                return workspace.can_edit
            case Needs.IMAGE:
                return has_image
            case Needs.EDITING:
                return has_image and workspace.can_edit
            case Needs.HAIRS:
                selection = workspace.selection
                return has_image and workspace.can_edit and bool(selection.hair_ids or selection.unit_ids)
            case Needs.PAIR | Needs.PAIR_EDITING:
                study = workspace.study
                has_pair = seen and study is not None and bool(pairs_among(study, workspace.shown))
                return has_pair and (needs is Needs.PAIR or workspace.can_edit)

    def _made(self, command: Command) -> QAction:
        action = QAction(command.text, self)
        action.setObjectName(command.id)
        if command.icon:
            set_icon(action, command.icon)
        if command.kind is not Kind.COMMAND:
            action.setCheckable(True)
        if command.kind is Kind.TOOL:
            self._tools.addAction(action)
            name = command.id.removeprefix(TOOL)
            action.triggered.connect(lambda _checked, name=name: self._workspace.set_tool(name))
        return action

    def _check_tool(self) -> None:
        self._actions[TOOL + self._workspace.tool].setChecked(True)


def _tip(command: Command, keys: Sequence[str]) -> str:
    """What a command does and its key, as plain text."""
    key = QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
    first = f"{command.text.removesuffix('…')}  ({key})" if key else command.text.removesuffix("…")
    return f"{first}\n{command.tip}" if command.tip else first
