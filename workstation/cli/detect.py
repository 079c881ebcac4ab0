"""`trichodesk detect`: find hairs and units in a study's images, or in a new study of the images named."""

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from analysis.detection import DetectionParameters, Polarity, Preset
from analysis.progress import Cancelled, Report
from workstation.adopting import adopt, request_of, undetected
from workstation.cli.console import AsJson, Interrupted, print_json, print_table, progress_bar, say, table_of
from workstation.cli.studies import (
    Embed,
    check_new,
    detect_command,
    is_study,
    make_study,
    open_to_change,
    settings,
)
from workstation.detecting import Outcome, Request, detect_all, processes
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
    notes: tuple[str, ...]


def detect(
    inputs: Annotated[
        list[Path],
        typer.Argument(metavar="STUDY.h5 | IMAGE…", help="A study, or images to make a new one of.", readable=False),
    ],
    um_per_px: Annotated[float | None, typer.Option(help="Scale of the images, in µm per pixel.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="STUDY.h5", help="The new study.", readable=False)
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="How many images at once.")] = 1,
    again: Annotated[bool, typer.Option("--again", help="Detect also where that was done already.")] = False,
    polarity: Annotated[Polarity, typer.Option(help="Whether hair is darker or lighter than skin.")] = Polarity.AUTO,
    preset: Annotated[Preset, typer.Option(help="Whether the hair was clipped.")] = Preset.AUTO,
    sensitivity: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Higher finds fainter hairs, and more that are none.")
    ] = 0.5,
    embed: Embed = False,
    as_json: AsJson = False,
) -> None:
    """Find hairs and follicular units; a reader's corrections are never overwritten."""
    study = _study_of(inputs, um_per_px, out, embed)
    parameters = DetectionParameters(polarity=polarity, preset=preset, sensitivity=sensitivity)
    try:
        with open_to_change(study) as session:
            found, failed = detect_in(session, parameters, jobs=jobs, again=again)
    except (KeyboardInterrupt, Cancelled) as stop:
        raise Interrupted(f"what was found so far is kept; go on with: {detect_command(study)}") from stop
    _tell(found, as_json)
    if failed:
        for error in failed:
            say(f"trichodesk: {error}")
        raise typer.Exit(1)


def _study_of(inputs: list[Path], um_per_px: float | None, out: Path | None, embed: bool) -> Path:
    """The study to detect in, made first where images are named."""
    if len(inputs) == 1 and is_study(inputs[0]):
        if out is not None or um_per_px is not None or embed:
            raise typer.BadParameter("--out, --um-per-px and --embed are for images; the study has its own")
        return inputs[0]
    if studies := [path for path in inputs if is_study(path)]:
        raise typer.BadParameter(f"{studies[0]} is a study: name one study alone, or images")
    if out is None:
        raise typer.BadParameter("images need --out STUDY.h5, the study to make of them")
    check_new(out)
    make_study(out, partial(study_from_images, inputs, um_per_px), embed=embed)
    return out


def detect_in(
    session: Session, parameters: DetectionParameters, *, jobs: int = 1, again: bool = False
) -> tuple[list[Found], list[UserFacingError]]:
    """Detect in a study's images and save; what was found before an interruption is kept in the journal.

    Args:
        session: the open study.
        parameters: for all images.
        jobs: how many images at once.
        again: also images that have a detection.

    Returns:
        What was found in each image, and what failed.
    """
    wanted = session.study.images.values() if again else undetected(session.study)
    requests = [request_of(session, record) for record in wanted]
    found: list[Found] = []
    failed: list[UserFacingError] = []
    with progress_bar("detecting") as report, _executor(min(jobs, len(requests))) as executor:
        for outcome in _outcomes(requests, parameters, executor, jobs, report):
            if outcome.error is not None:
                failed.append(outcome.error)
            else:
                found.append(_adopt(session, outcome))
    session.save()
    return found, failed


def _outcomes(
    requests: list[Request], parameters: DetectionParameters, executor: Executor, jobs: int, report: Report
) -> Iterator[Outcome]:
    return detect_all(
        requests,
        parameters,
        executor,
        parallel=jobs,
        max_megapixels=settings().max_megapixels,
        report=report,
    )


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
        notes=notes,
    )


def _executor(jobs: int) -> AbstractContextManager[Executor]:
    """A thread for one job, which shares this process's memory; else processes, which share nothing."""
    return ThreadPoolExecutor(1) if jobs <= 1 else processes(min(jobs, (os.cpu_count() or 1) * 2))


def _tell(found: list[Found], as_json: bool) -> None:
    if as_json:
        print_json([{name: getattr(one, name) for name in Found.__slots__} for one in found])
        return
    if not found:
        say("Every image has a detection already; --again detects anew beside it.")
        return
    rows = [(one.image, str(one.hairs), str(one.units), f"{one.seconds:.1f}", f"{one.um_per_px:.3g}") for one in found]
    print_table(table_of(("image", "hairs", "units", "seconds", "µm/px"), rows))
    for one in found:
        for note in one.notes:
            say(f"{one.image}: {note}")
