"""`trichodesk new`: a study from a manifest."""

from pathlib import Path
from typing import Annotated

import typer

from workstation.cli.console import progress_bar, say
from workstation.cli.studies import Embed, StudyPath, refuse_existing, save_new, settings
from workstation.importing import same_pictures, study_from_manifest
from workstation.manifest import read_manifest


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(new)


def new(
    study: StudyPath,
    manifest: Annotated[Path, typer.Argument(metavar="VISITS.csv", help="Which images, of whom, when and where.")],
    embed: Embed = False,
) -> None:
    """Make a study from a manifest: subject, visit, site, image and, if known, date, um_per_px, device and more."""
    refuse_existing(study)
    listed = read_manifest(manifest)
    with progress_bar("new study") as report:
        made = study_from_manifest(
            listed,
            study,
            embed=embed,
            cutoffs=settings().cutoffs,
            max_megapixels=settings().max_megapixels,
            report=report,
        )
    for warning in (*listed.warnings, *same_pictures(made)):
        say(f"note: {warning}")
    save_new(made, study)
    without_scale = sum(image.calibration is None for image in made.images.values())
    if without_scale:
        say(f"note: {without_scale} images have no scale: their results are in pixels, and no density is given.")
