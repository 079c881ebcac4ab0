"""The command line: `main` runs one command and gives its exit status."""

from collections.abc import Sequence
from typing import Annotated

import typer

from analysis.progress import Cancelled
from workstation.cli import demo, detect, export, measure, new, settings, verify
from workstation.cli.console import Interrupted, output, say
from workstation.errors import UserFacingError
from workstation.version import software_version

INTERRUPTED = 130

app = typer.Typer(
    name="trichodesk",
    help="Find, correct and measure hairs and follicular units on scalp images.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for module in (demo, new, detect, measure, export, verify, settings):
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 done; 1 a problem that the user can mend, said on standard error; 2 wrong usage; 130 interrupted.
    """
    status, kept = 0, "no file was changed"
    try:
        app(args=None if arguments is None else list(arguments), prog_name="trichodesk")
    except UserFacingError as error:
        say(f"trichodesk: {error}")
        return 1
    except Interrupted as interrupted:
        status, kept = INTERRUPTED, str(interrupted)
    except (KeyboardInterrupt, Cancelled):
        status = INTERRUPTED
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else 1
    if status == INTERRUPTED:
        say(f"trichodesk: interrupted; {kept}.")
    return status
