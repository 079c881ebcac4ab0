"""Where a command gets a passphrase: from a file or the environment, for scripts, else typed without being shown."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from workstation.cli.console import say
from workstation.errors import UserFacingError
from workstation.signing.public_keys import read_small
from workstation.signing.sealing import check_passphrase

VARIABLE = "TRICHODESK_PASSPHRASE"
NEW_VARIABLE = "TRICHODESK_NEW_PASSPHRASE"
_OTHERS = 0o077

PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        metavar="FILE",
        help=f"Read the passphrase from a file, for scripts; or set {VARIABLE}.",
        readable=False,
    ),
]
NewPassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--new-passphrase-file",
        metavar="FILE",
        help=f"Read the new passphrase from a file, for scripts; or set {NEW_VARIABLE}.",
        readable=False,
    ),
]


def known_passphrase(name: str, file: Path | None) -> str:
    """The passphrase of a reader's key.

    Raises:
        UserFacingError: if it cannot be read, or there is no terminal to type it at.
    """
    given = _given(file, VARIABLE)
    return _typed(f"Passphrase of {name}", "--passphrase-file") if given is None else given


def new_passphrase(name: str, file: Path | None, *, variable: str = VARIABLE) -> str:
    """A passphrase for a reader's key, typed twice where it is typed.

    Raises:
        UserFacingError: if it is too short, cannot be read, was typed in two ways, or cannot be typed.
    """
    given = _given(file, variable)
    if given is not None:
        check_passphrase(given)
        return given
    option = "--passphrase-file" if variable == VARIABLE else "--new-passphrase-file"
    typed = _typed(f"New passphrase for {name}", option)
    check_passphrase(typed)
    if _typed("Once more", option) != typed:
        raise UserFacingError("the passphrase was typed in two ways", remedy="Run the command again.")
    return typed


def _given(file: Path | None, variable: str) -> str | None:
    if file is None:
        return os.environ.get(variable)
    try:
        text = read_small(file, "the passphrase").decode("utf-8")
    except UnicodeDecodeError as error:
        raise UserFacingError("the passphrase is no text in UTF-8", file=file, remedy="Write it anew.") from error
    if os.name == "posix" and file.stat().st_mode & _OTHERS:
        say(f"note: others may read {file}. Shut them out: chmod 600.")
    return text.removesuffix("\n").removesuffix("\r")


def _typed(prompt: str, option: str) -> str:
    if not sys.stdin.isatty():
        raise UserFacingError(
            "there is no terminal to type the passphrase at", remedy=f"Give it in a file: {option} FILE."
        )
    typed: str = typer.prompt(prompt, hide_input=True, err=True, default="", show_default=False)
    return typed
