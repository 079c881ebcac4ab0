"""The command line: `main` runs one command and gives its exit status."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Protocol

import typer

from analysis.progress import Cancelled
from workstation.cli import (
    adjudication,
    agreement,
    audit,
    demo,
    detect,
    export,
    import_reads,
    key,
    match,
    measure,
    new,
    package,
    people,
    plan,
    queue,
    read,
    reading,
    record,
    report,
    settings,
    sign,
    stats,
    verify,
)
from workstation.cli.console import Interrupted, output, say
from workstation.cli.studies import is_study
from workstation.errors import UserFacingError
from workstation.log_file import anonymous_trace, log_to_terminal
from workstation.version import software_version

INTERRUPTED = 130


class OpenWindow(Protocol):
    """Opens the window and gives the exit status when it was closed."""

    def __call__(self, study: Path | None, *, detect: bool = False) -> int:
        """Open it on a study or on none; `detect`: also detect where that was not done yet."""


app = typer.Typer(
    name="trichodesk",
    help="Find, correct and measure hairs and follicular units on scalp images.",
    epilog="Without a command the window opens, on a study if one is named: trichodesk [STUDY.h5]",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for module in (
    demo, new, import_reads, detect, match, measure, plan, record, reading, read, queue, package, adjudication,
    agreement, stats, report, export, audit, verify, people, sign, key, settings,
):  # fmt: skip
    module.register(app)


def _print_version(wanted: bool) -> None:
    if wanted:
        output.print(f"trichodesk {software_version()}", markup=False)
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Find, correct and measure hairs and follicular units on scalp images."""


def main(arguments: Sequence[str] | None = None, open_window: OpenWindow | None = None) -> int:
    """Run one command; without one, open the window.

    Args:
        arguments: those of the command line; None: the program's own.
        open_window: opens the window; None where there can be none, as on a computer without a display.

    Returns:
        0 done; 1 a problem that the user can mend, said on standard error; 2 wrong usage; 130 interrupted.
    """
    status, kept = 0, "no file was changed"
    log_to_terminal()
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if not words and open_window is not None:
            return open_window(None)
        if len(words) == 1 and _names_a_study(words[0]):
            return _open_study(Path(words[0]), open_window)
        app(args=words, prog_name="trichodesk", obj=open_window)
    except UserFacingError as error:
        say(f"trichodesk: {error}")
        return 1
    except Interrupted as interrupted:
        status, kept = INTERRUPTED, str(interrupted)
    except (KeyboardInterrupt, Cancelled):
        status = INTERRUPTED
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else 1
    except Exception as error:  # noqa: BLE001 - Python would quote names in it
        say(f"{anonymous_trace(error)}\ntrichodesk: an error inside the program. Please report it with these lines.")
        return 1
    if status == INTERRUPTED:
        say(f"trichodesk: interrupted; {kept}.")
    return status


def _names_a_study(word: str) -> bool:
    commands = {command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands}
    commands |= {group.name for group in app.registered_groups if group.name}
    return word not in commands and not word.startswith("-") and is_study(Path(word))


def _open_study(path: Path, open_window: OpenWindow | None) -> int:
    if not path.is_file():
        raise UserFacingError("there is no such file", file=path, remedy="Check the name.")
    if open_window is None:
        raise UserFacingError(
            "there is no display to open a window on",
            file=path,
            remedy="Use the commands that need none: trichodesk --help lists them.",
        )
    return open_window(path)
