"""`trichodesk settings`: what is set for the program as a whole, and the reader's name."""

from typing import Annotated

import typer
from pydantic import ValidationError

from workstation.cli.console import AsJson, output, print_json
from workstation.cli.studies import settings as current
from workstation.cli.studies import user_name
from workstation.errors import UserFacingError
from workstation.settings import save_settings, settings_file


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(settings)


def settings(
    reader: Annotated[
        str | None, typer.Option(metavar="NAME", help="Set the name that corrections are made under.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print the settings and the file that holds them; every value can be changed in that file."""
    chosen = current()
    if reader is not None:
        try:
            chosen = chosen.changed(reader=reader.strip())
        except ValidationError as error:
            raise UserFacingError("the reader's name is too long", remedy="At most 200 characters.") from error
        save_settings(chosen)
    values = chosen.model_dump(mode="json")
    if as_json:
        print_json({"file": str(settings_file()), **values})
        return
    output.print(f"file: {settings_file()}", markup=False)
    for name, value in values.items():
        shown = f"(not set: {user_name()})" if name == "reader" and not value else value
        output.print(f"{name}: {shown}", markup=False)
