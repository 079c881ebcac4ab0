"""`trichodesk new`: a study from a manifest."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from workstation.cli.console import say
from workstation.cli.studies import Embed, StudyPath, check_new, detect_command, make_study
from workstation.counting import counted
from workstation.importing import study_from_manifest
from workstation.manifest import read_manifest


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(new)


def new(
    study: StudyPath,
    manifest: Annotated[
        Path, typer.Argument(metavar="VISITS.csv", help="Which images, of whom, when and where.", readable=False)
    ],
    embed: Embed = False,
) -> None:
    """Make a study from a manifest: subject, visit, site, image and, if known, date, um_per_px, device and more."""
    check_new(study)
    listed = read_manifest(manifest)
    made = make_study(study, partial(study_from_manifest, listed), embed=embed)
    for warning in listed.warnings:
        say(f"note: {warning}")
    without_scale = sum(image.calibration is None for image in made.images.values())
    if without_scale:
        has = "has" if without_scale == 1 else "have"
        say(f"note: {counted(without_scale, 'image')} {has} no scale: results are in pixels, and no density is given.")
    say(f"Next: {detect_command(study)}")
