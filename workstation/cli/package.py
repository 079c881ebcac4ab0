"""`trichodesk package` and `trichodesk merge`: work files for blinded readers."""

from pathlib import Path
from typing import Annotated

import typer

from workstation.blinding.choosing import Choice, chosen_images
from workstation.blinding.merging import merge_work_file
from workstation.blinding.packing import Order, make_package
from workstation.cli.console import AsJson, output, print_json, progress_bar, say
from workstation.cli.studies import StudyPath, open_to_change
from workstation.errors import UserFacingError
from workstation.model.package import Start

Names = list[str] | None


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(package)
    app.command()(merge)


def package(
    study: StudyPath,
    reader: Annotated[str, typer.Option(metavar="NAME", help="Whom it is for, as in the settings of their program.")],
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="NAME.h5", help="The work file; it is not there yet.", readable=False)
    ],
    start: Annotated[Start, typer.Option(help="What its reads begin with.")] = Start.DETECTION,
    repeats: Annotated[
        str, typer.Option(metavar="PERCENT", help="Share of the subject–site pairs that are shown a second time.")
    ] = "10%",
    subjects: Annotated[
        Names, typer.Option("--subject", "--subjects", metavar="CODE", help="Only these; can be given again.")
    ] = None,
    visits: Annotated[Names, typer.Option("--visit", "--visits", metavar="NAME", help="Only these.")] = None,
    sites: Annotated[Names, typer.Option("--site", "--sites", metavar="NAME", help="Only these.")] = None,
    images: Annotated[
        Names, typer.Option("--image", "--images", metavar="NAME", help="Only these, as the tables call them.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a work file for a blinded reader: coded pairs in random order, without names, dates and other reads.

    `trichodesk merge` brings it back. docs/blinding.md says what is in it.
    """
    choice = Choice(*(tuple(names or ()) for names in (subjects, visits, sites, images)))
    with open_to_change(study) as session:
        order = Order(reader, start, share_of(repeats), chosen_images(session.study, choice))
        with progress_bar("packing") as report:
            made = make_package(session, out, order, report=report)
    for sentence in made.sentences:
        say(sentence)
    if as_json:
        items = made.package.items
        print_json(
            {
                "package": str(out),
                "id": made.package.id,
                "reader": made.package.reader,
                "start": made.package.start.value,
                "pictures": len(items),
                "pairs": len({item.code for item in items}),
                "repeats": len({item.code for item in items if item.repeat}),
                "masked_images": len(made.masked),
                "handed_sha256": made.package.handed_sha256,
            }
        )
        return
    output.print(str(out), markup=False)


def merge(
    study: StudyPath,
    work_file: Annotated[Path, typer.Argument(metavar="NAME.h5", help="The work file.", readable=False)],
    as_json: AsJson = False,
) -> None:
    """Bring a blinded reader's work file back into its study, checked; a second time is harmless."""
    with open_to_change(study) as session:
        found = merge_work_file(session, work_file)
    if as_json:
        back = found.package.returned
        print_json(
            {
                "package": found.package.id,
                "reader": found.package.reader,
                "changed": found.patch is not None,
                "reads": [read.id for read in found.reads],
                "waiting": found.n_waiting,
                "edits": None if back is None else back.revision,
            }
        )
        return
    for sentence in found.sentences:
        output.print(sentence, markup=False)


def share_of(text: str) -> float:
    """`10%` or `10` as a share, 0.1.

    Raises:
        UserFacingError: if it is no number from 0 to 100.
    """
    try:
        percent = float(text.strip().removesuffix("%"))
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= 100:
        raise UserFacingError(f"{text!r} is no share of pairs to show twice", remedy="Give 0% to 100%.")
    return percent / 100
