"""`trichodesk match`: register each later visit to its baseline, and match units and hairs."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor, Future, as_completed
from dataclasses import asdict, dataclass
from typing import Annotated

import typer

from analysis.matching.match import Match, Status
from analysis.progress import Cancelled
from analysis.registration.result import Registration, Verdict
from workstation.cli.console import AsJson, Interrupted, print_json, print_table, progress_bar, say, table_of
from workstation.cli.many import KILLED, executor_for
from workstation.cli.studies import StudyPath, open_to_change
from workstation.counting import counted
from workstation.edits.pairs import add_registration
from workstation.errors import UserFacingError
from workstation.image_names import image_names
from workstation.matched_pairs import in_order
from workstation.model.study import Study
from workstation.pairing import matching_of, pair_between, wanted_pairs
from workstation.registering import Request, carry_out, record_of, request_of
from workstation.session import Session


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(match)


@dataclass(frozen=True, slots=True)
class Matched:
    """What became of one pair of images."""

    subject: str
    site: str
    baseline_image: str
    followup_image: str
    verdict: Verdict
    reason: str
    residual_um: float
    overlap: float
    overlap_cm2: float
    units: dict[str, int]
    """Number of kept, lost, new and uncertain ones; empty where the images are not registered."""
    hairs: dict[str, int]


def match(
    study: StudyPath,
    again: Annotated[bool, typer.Option("--again", help="Register anew also what is registered.")] = False,
    jobs: Annotated[int, typer.Option(min=1, help="How many pairs at once.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Register each later visit to the first one and to the one before; match units and hairs.

    Landmarks and what readers decided are kept and obeyed.
    """
    try:
        with open_to_change(study) as session:
            problems = register_in(session, again=again, jobs=jobs)
            found = matched(session.study)
    except (KeyboardInterrupt, Cancelled) as stop:
        raise Interrupted("what was registered so far is kept; the same command goes on") from stop
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        print_matched(found)
    for problem in problems:
        say(f"trichodesk: {problem}")
    if not found and not problems:
        say("No area was seen at two visits, so there is nothing to match.")
    if problems:
        raise typer.Exit(1)


def register_in(session: Session, *, again: bool = False, jobs: int = 1) -> list[UserFacingError]:
    """Register a study's pairs that are not yet, and save; each that is done is in the journal at once.

    Args:
        session: the open study.
        again: also those that are registered.
        jobs: how many at once.

    Returns:
        What could not be registered, and why.

    Raises:
        UserFacingError: if a process was ended from outside; what was registered so far is kept.
    """
    requests, problems = _requests(session.study, again=again)
    with progress_bar("registering") as report, executor_for(min(jobs, max(1, len(requests)))) as executor:
        futures: dict[Future[Registration], Request] = {executor.submit(carry_out, one): one for one in requests}
        try:
            for done, future in enumerate(as_completed(futures)):
                request = futures[future]
                _keep(session, request, future.result())
                report(image_names(session.study)[request.pair.followup_image_id], (done + 1) / len(futures))
        except BrokenExecutor as error:
            raise UserFacingError(KILLED.what, file=session.path, remedy=KILLED.remedy) from error
        finally:
            for future in futures:
                future.cancel()
    session.save()
    return [*problems, *_failures(session.study)]


def _keep(session: Session, request: Request, result: Registration) -> None:
    """Put a registration into the study, unless it failed before in the same way: each `match` tries that again."""
    pair = pair_between(session.study, *request.pair.image_ids)
    before = None if pair is None else pair.registration
    if before is None or before.usable or before.result != result:
        session.document.apply(add_registration(session.study, *request.pair.image_ids, record_of(request, result)))


def _requests(study: Study, *, again: bool) -> tuple[list[Request], list[UserFacingError]]:
    usable = {pair.image_ids for pair in study.pairs.values() if pair.registration and pair.registration.usable}
    requests: list[Request] = []
    problems: dict[str, UserFacingError] = {}
    for pair in wanted_pairs(study):
        if pair.image_ids in usable and not again:
            continue
        try:
            requests.append(request_of(study, pair))
        except UserFacingError as error:
            problems[str(error)] = error
    return requests, list(problems.values())


def _failures(study: Study) -> list[UserFacingError]:
    names = image_names(study)
    return [
        UserFacingError(
            f"{names[pair.followup_image_id]} could not be registered to {names[pair.baseline_image_id]}: "
            f"{pair.registration.because}",
            remedy="Mark the same places in both images in the window, or check that they show one area.",
        )
        for pair in in_order(study, study.pairs.values())
        if pair.registration is not None and not pair.registration.usable
    ]


def matched(study: Study) -> list[Matched]:
    """What became of each pair that was registered, by subject, site and time."""
    names, by_images = image_names(study), {pair.image_ids: pair for pair in study.pairs.values()}
    found: list[Matched] = []
    for ids in (pair.image_ids for pair in wanted_pairs(study)):
        pair = by_images.get(ids)
        if pair is None or pair.registration is None:
            continue
        result, matching = pair.registration.result, matching_of(study, pair)
        found.append(
            Matched(
                subject=study.visit_of(ids[1]).subject,
                site=study.images[ids[1]].site,
                baseline_image=names[ids[0]],
                followup_image=names[ids[1]],
                verdict=result.verdict,
                reason=result.reason,
                residual_um=result.residual_um,
                overlap=result.overlap,
                overlap_cm2=result.overlap_cm2,
                units={} if matching is None else _counts(matching.units),
                hairs={} if matching is None else _counts(matching.hairs),
            )
        )
    return found


def print_matched(found: Sequence[Matched]) -> None:
    """A table for a person, and why a registration is not good."""
    if not found:
        return
    header = ("from", "to", "registered", "residual\nµm", "overlap\n%", "units\nkept", "lost", "new", "uncertain")
    rows = [
        (
            one.baseline_image, one.followup_image, one.verdict.value,
            f"{one.residual_um:.0f}" if one.residual_um == one.residual_um else "–", f"{100 * one.overlap:.0f}",
            *(str(one.units.get(status, "–")) for status in Status),
        )
        for one in found
    ]  # fmt: skip
    print_table(table_of(header, rows, first_left=3))
    for one in found:
        if one.verdict is Verdict.CHECK:
            say(f"{one.followup_image}: to be checked: {one.reason}")
    if n_matched := sum(bool(one.units) for one in found):
        say(f"{counted(n_matched, 'pair')} matched; hairs: trichodesk export STUDY.h5 -o DIR --format csv")


def _counts(matches: Sequence[Match]) -> dict[str, int]:
    counts = Counter(match.status for match in matches)
    return {status.value: counts[status] for status in Status}
