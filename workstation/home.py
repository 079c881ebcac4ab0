"""Where the program keeps what belongs to the user and to no study: settings and journals.

The environment variable `TRICHODESK_HOME` names one folder for all of it; without it the platform's own folders serve.
"""

import getpass
import os
from pathlib import Path

import platformdirs

from workstation.errors import UserFacingError

HOME_VARIABLE = "TRICHODESK_HOME"
APPLICATION = "trichodesk"


def config_dir() -> Path:
    """The folder of the settings; made if it is missing.

    Raises:
        UserFacingError: if it cannot be made.
    """
    return _made(_own_home() or Path(platformdirs.user_config_dir(APPLICATION, appauthor=False)))


def data_dir() -> Path:
    """The folder of the journals, on a local disk; made if it is missing.

    Raises:
        UserFacingError: if it cannot be made.
    """
    return _made(_own_home() or Path(platformdirs.user_data_dir(APPLICATION, appauthor=False)))


def account_name() -> str:
    """The name of the user's account; `somebody` where the system gives none, as in some containers."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "somebody"


def _own_home() -> Path | None:
    named = os.environ.get(HOME_VARIABLE, "")
    return Path(named).expanduser().absolute() if named else None


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserFacingError(
            f"the program's own folder cannot be made ({error.strerror or error})",
            file=folder,
            remedy=f"Set {HOME_VARIABLE} to a folder that can be written.",
        ) from error
    return folder
