"""`trichodesk detect`: find hairs and units in a study's images, or in a new study of the images named."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.detection import RANGES, DetectionParameters, Polarity, Preset, Source, parameters_fault
from analysis.progress import Cancelled
from workstation.adopting import adopt, request_of, undetected
from workstation.cli.console import AsJson, Interrupted, print_json, print_table, progress_bar, say, table_of
from workstation.cli.many import outcomes, told
from workstation.cli.studies import (
    Embed,
    check_new,
    detect_command,
    is_study,
    make_study,
    open_to_change,
    settings,
    was_made_of,
)
from workstation.counting import counted
from workstation.describing import USUAL
from workstation.detecting import Outcome
from workstation.errors import UserFacingError
from workstation.importing import study_from_images
from workstation.session import Session


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(detect)


@dataclass(frozen=True, slots=True)
class Found:
    """What detection found in one image."""

    image: str
    hairs: int
    units: int
    seconds: float
    um_per_px: float
    preset: Preset
    polarity: Polarity
    notes: tuple[str, ...]


def _in(name: str, text: str) -> Any:
    """An option for one of the numbers that a user may set."""
    least, most = RANGES[name]
    return typer.Option(min=least, max=most, help=text)


def detect(
    inputs: Annotated[
        list[Path],
        typer.Argument(metavar="STUDY.h5 | IMAGE…", help="A study, or images to make a new one of.", readable=False),
    ],
    um_per_px: Annotated[float | None, typer.Option(help="Scale of the images, in µm per pixel.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="STUDY.h5", help="The new study.", readable=False)
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="How many images at once.", show_default="1; on a cluster, all it can")
    ] = None,
    dask: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Detect on the Dask cluster of this scheduler.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Detect also where that was done already.")] = False,
    polarity: Annotated[Polarity, typer.Option(help="Whether hair is darker or lighter than skin.")] = USUAL.polarity,
    preset: Annotated[Preset, typer.Option(help="Whether the hair was clipped.")] = USUAL.preset,
    sensitivity: Annotated[
        float, _in("sensitivity", "Higher finds fainter hairs, and more that are none.")
    ] = USUAL.sensitivity,
    min_width_um: Annotated[float, _in("min_width_um", "Thinner hairs are left out.")] = USUAL.min_width_um,
    max_width_um: Annotated[float, _in("max_width_um", "Thicker ones are left out.")] = USUAL.max_width_um,
    min_length_um: Annotated[float, _in("min_length_um", "Shorter ones are left out.")] = USUAL.min_length_um,
    max_length_um: Annotated[float, _in("max_length_um", "Longer ones are left out.")] = USUAL.max_length_um,
    unit_distance_um: Annotated[
        float, _in("unit_distance_um", "Roots nearer to each other share a unit.")
    ] = USUAL.unit_distance_um,
    source: Annotated[Source, typer.Option(help="What finds hair: the network, or filters alone.")] = USUAL.source,
    embed: Embed = False,
    as_json: AsJson = False,
) -> None:
    """Find hairs and follicular units; a reader's corrections are never overwritten.

    After an interruption the same command goes on where it was.
    """
    parameters = DetectionParameters(
        polarity=polarity,
        preset=preset,
        min_width_um=min_width_um,
        max_width_um=max_width_um,
        min_length_um=min_length_um,
        sensitivity=sensitivity,
        unit_distance_um=unit_distance_um,
        max_length_um=max_length_um,
        source=source,
    )
    if fault := parameters_fault(parameters):
        raise typer.BadParameter(fault)
    study = _study_of(inputs, um_per_px, out, embed)
    try:
        with open_to_change(study) as session:
            found, failed = detect_in(session, parameters, jobs=jobs, dask=dask, again=again)
    except (KeyboardInterrupt, Cancelled) as stop:
        raise Interrupted(f"what was found so far is kept; go on with: {detect_command(study)}") from stop
    _tell(found, as_json, any_failed=bool(failed))
    if failed:
        for error in failed:
            say(f"trichodesk: {error}")
        n_all = len(found) + len(failed)
        say(f"{len(failed)} of {counted(n_all, 'image')} failed; the same command tries them again.")
        raise typer.Exit(1)


def _study_of(inputs: list[Path], um_per_px: float | None, out: Path | None, embed: bool) -> Path:
    """The study to detect in, made first where images are named, unless that was done already."""
    if len(inputs) == 1 and is_study(inputs[0]):
        if out is not None or um_per_px is not None or embed:
            raise typer.BadParameter("--out, --um-per-px and --embed are for images; the study has its own")
        return inputs[0]
    if studies := [path for path in inputs if is_study(path)]:
        raise typer.BadParameter(f"{studies[0]} is a study: name one study alone, or images")
    if out is None:
        raise typer.BadParameter("images need --out STUDY.h5, the study to make of them")
    if not was_made_of(out, inputs, um_per_px, embed=embed):
        check_new(out)
        make_study(out, partial(study_from_images, inputs, um_per_px), embed=embed)
    return out


def detect_in(
    session: Session,
    parameters: DetectionParameters,
    *,
    jobs: int | None = None,
    dask: str | None = None,
    again: bool = False,
) -> tuple[list[Found], list[UserFacingError]]:
    """Detect in a study's images and save; what was found before an interruption is kept in the journal.

    Args:
        session: the open study.
        parameters: for all images.
        jobs: how many images at once; None: one, or all that a cluster can.
        dask: the address of a Dask scheduler; None: on this computer.
        again: also images that have a detection.

    Returns:
        What was found in each image, and what failed, in the order of the images.
    """
    wanted = session.study.images.values() if again else undetected(session.study)
    requests = [request_of(session, record) for record in wanted]
    found: dict[int, Found] = {}
    failed: dict[int, UserFacingError] = {}
    with progress_bar("detecting") as report:
        for outcome in outcomes(requests, parameters, settings().max_megapixels, report, jobs=jobs, dask=dask):
            image_id = outcome.request.image_id
            if outcome.error is not None:
                failed[image_id] = told(outcome.error, outcome.request.name)
            else:
                found[image_id] = _adopt(session, outcome)
    session.save()
    return [found[i] for i in sorted(found)], [failed[i] for i in sorted(failed)]


def _adopt(session: Session, outcome: Outcome) -> Found:
    read = adopt(session.document, outcome)
    assert read.detection is not None
    notes = read.detection.notes
    if not read.hairs:
        notes = (*notes, "no hair was found; check the scale and --polarity, or raise --sensitivity")
    return Found(
        image=outcome.request.name.name,
        hairs=len(read.hairs),
        units=len(read.units),
        seconds=read.detection.seconds,
        um_per_px=read.detection.um_per_px,
        preset=read.detection.parameters.preset,
        polarity=read.detection.parameters.polarity,
        notes=notes,
    )


def _tell(found: list[Found], as_json: bool, *, any_failed: bool) -> None:
    if as_json:
        print_json([{name: getattr(one, name) for name in Found.__slots__} for one in found])
        return
    if not found and not any_failed:
        say("Every image has a detection already; --again detects anew beside it.")
        return
    rows = [
        (
            one.image,
            f"{one.preset}, {one.polarity}",
            f"{one.hairs}",
            f"{one.units}",
            f"{one.seconds:.1f}",
            f"{one.um_per_px:.3g}",
        )
        for one in found
    ]
    if rows:
        print_table(table_of(("image", "looked for", "hairs", "units", "seconds", "µm/px"), rows, first_left=2))
    for one in found:
        for note in one.notes:
            say(f"{one.image}: {note}")
