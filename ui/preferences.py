"""Changing the program's settings from the window."""

from collections.abc import Callable

from ui.messages import Message
from ui.workspace import Workspace
from workstation.errors import UserFacingError
from workstation.settings import Settings, change_settings


def change(workspace: Workspace, change: Callable[[Settings], Settings]) -> None:
    """Change settings and save them at once; what another window changed meanwhile is kept.

    What cannot be saved is told, and holds until the program ends.
    """
    try:
        settings = change_settings(change, workspace.tell)
    except UserFacingError as error:
        settings = change(workspace.settings)
        workspace.told.emit(Message.of_error(error))
    workspace.set_settings(settings)
