"""Changing the program's settings from the window."""

from typing import Any

from ui.messages import Message
from ui.workspace import Workspace
from workstation.errors import UserFacingError
from workstation.settings import Settings, load_settings, save_settings


def change(workspace: Workspace, **fields: Any) -> None:
    """Change some settings and save them at once; what another window changed meanwhile is kept.

    What cannot be saved is told and holds until the program ends.
    """
    try:
        settings = Settings.model_validate({**load_settings().model_dump(), **fields})
        save_settings(settings)
    except UserFacingError as error:
        settings = Settings.model_validate({**workspace.settings.model_dump(), **fields})
        workspace.told.emit(Message.of_error(error))
    workspace.set_settings(settings)
