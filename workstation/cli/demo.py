"""`trichodesk demo`: the bundled study, from two images to endpoints."""

from dataclasses import asdict
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from analysis.detection import DetectionParameters
from workstation.cli.console import AsJson, output, print_json, progress_bar, say
from workstation.cli.detect import detect_in
from workstation.cli.match import matched, print_matched, register_in
from workstation.cli.measure import print_endpoints
from workstation.cli.studies import make_study, open_to_change
from workstation.endpoints import endpoint_rows
from workstation.errors import UserFacingError
from workstation.export.study_files import ExportFormat, export_session
from workstation.images import load_of
from workstation.importing import study_from_manifest
from workstation.manifest import read_manifest
from workstation.model.study import ImageRecord
from workstation.pictures.canvas import Pixels
from workstation.pictures.of_study import write_pictures
from workstation.session import Session

DEFAULT_FOLDER = Path("trichodesk-demo")
STUDY = "study.h5"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(
    context: typer.Context,
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="DIR", help="The folder to write into; made if need be.", readable=False),
    ] = DEFAULT_FOLDER,
    headless: Annotated[bool, typer.Option("--headless", help="Open no window.")] = False,
    as_json: AsJson = False,
) -> None:
    """Open the bundled pair: one scalp area at baseline and after 12 weeks of treatment.

    With --headless or --json, and where there is no display: detect, match, measure and save it. A study that is in the
    folder already is kept, corrections included, and measured anew.
    """
    study = out / STUDY
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserFacingError(
            f"the folder cannot be made ({error.strerror})", file=out, remedy="Choose another with --out."
        ) from error
    if not study.exists():
        _make(study)
    if context.obj is not None and not (headless or as_json):
        raise typer.Exit(context.obj(study, detect=True))
    with open_to_change(study) as session:
        detect_in(session, DetectionParameters())
        problems = register_in(session)
        found = matched(session.study)
        rows = endpoint_rows(session.study)
        with progress_bar("drawing") as report:
            files = [study, *write_pictures(session.study, partial(_pixels, session), out, report)]
        files += export_session(session, out, (ExportFormat.CSV, ExportFormat.GEOJSON))
    if as_json:
        pairs = [asdict(one) for one in found]
        print_json({"files": [str(path) for path in files], "endpoints": rows, "pairs": pairs})
        return
    print_endpoints(rows)
    print_matched(found)
    for problem in problems:
        say(f"trichodesk: {problem}")
    say("Written:")
    for path in files:
        output.print(str(path), markup=False)


def _make(study: Path) -> None:
    """The study of the bundled images."""
    with resources.as_file(resources.files("resources") / "demo") as folder:
        manifest = read_manifest(folder / "visits.csv")
        make_study(study, partial(study_from_manifest, manifest))


def _pixels(session: Session, record: ImageRecord) -> Pixels:
    return load_of(session.path.parent, record, embedded=lambda image: session.image_file(image.id)).pixels
