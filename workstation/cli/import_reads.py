"""`trichodesk import`: reads from files of this and other programs."""

from pathlib import Path
from typing import Annotated

import typer

from workstation.cli.console import AsJson, output, print_json, say
from workstation.cli.studies import StudyPath, open_to_change
from workstation.image_names import image_names
from workstation.read_import import prepare_import


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="import")(import_reads)


def import_reads(
    study: StudyPath,
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE…", help="GeoJSON of this program or of QuPath, or COCO.", readable=False),
    ],
    reader: Annotated[
        str, typer.Option(metavar="NAME", help="Whose reads they will be; else the file's reader, else you.")
    ] = "",
    image: Annotated[
        str, typer.Option(metavar="NAME", help="The image that the file is of, where the file cannot tell.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Bring reads from files into a study, each beside those that its image has. Nothing is overwritten."""
    with open_to_change(study) as session:
        found = prepare_import(session.study, files, user=session.document.user, reader=reader, image=image)
        session.document.apply(found.patch, reason=found.reason)
        session.save()
        names = image_names(session.study)
    for note in found.notes:
        say(f"note: {note}")
    if as_json:
        columns = ({"image": names[r.image_id], "read_id": r.id, "reader": r.reader} for r in found.reads)
        counts = ({"hairs": len(r.hairs), "units": len(r.units)} for r in found.reads)
        print_json([{**row, **counted} for row, counted in zip(columns, counts, strict=True)])
        return
    for read in found.reads:
        text = (
            f"{names[read.image_id]}: read {read.id} of {read.reader}, {len(read.hairs)} hairs, {len(read.units)} units"
        )
        output.print(text, markup=False)
