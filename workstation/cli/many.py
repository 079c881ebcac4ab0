"""Detection of many images for a command: on this computer or on a cluster, whatever becomes of single ones."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from analysis.detection import DetectionParameters
from analysis.progress import Report
from workstation.cli.console import say
from workstation.cluster import cluster_at
from workstation.detecting import Outcome, Request, detect_all, processes
from workstation.errors import UserFacingError
from workstation.log_file import anonymous_trace

KILLED = UserFacingError(
    "the process that worked on it was ended from outside, most often because the computer's memory was used up",
    remedy="Close other programs, or take fewer --jobs.",
)


def outcomes(
    requests: Sequence[Request],
    parameters: DetectionParameters,
    max_megapixels: float,
    report: Report,
    *,
    jobs: int | None = None,
    dask: str | None = None,
) -> Iterator[Outcome]:
    """What becomes of each image, as soon as that is known.

    Args:
        requests: the images.
        parameters: for all of them.
        max_megapixels: larger images are refused.
        report: told of the progress.
        jobs: how many images at once; None: one, or all that a cluster can.
        dask: the address of a Dask scheduler; None: on this computer.

    Raises:
        UserFacingError: if there is no such cluster, or it went away.
    """
    if not requests:
        return
    detect = partial(detect_all, parameters=parameters, max_megapixels=max_megapixels, report=report)
    if dask is None:
        yield from _here(requests, detect, min(jobs or 1, len(requests)))
        return
    with cluster_at(dask) as cluster:
        try:
            yield from detect(requests, executor=cluster.executor, parallel=jobs or cluster.parallel)
        except BrokenExecutor as error:
            raise UserFacingError(
                f"the Dask cluster at {dask} went away",
                remedy="What was found so far is kept; the same command goes on from there.",
            ) from error


def _here(requests: Sequence[Request], detect: "partial[Iterator[Outcome]]", jobs: int) -> Iterator[Outcome]:
    """On this computer. Where a process is killed, what was not done yet is tried again one by one."""
    left = {request.image_id: request for request in requests}
    try:
        with executor_for(jobs) as executor:
            for outcome in detect(requests, executor=executor, parallel=jobs):
                del left[outcome.request.image_id]
                yield outcome
        return
    except BrokenExecutor:
        say("A process was ended from outside; the images that are left are tried one by one.")
    for request in left.values():
        try:
            with processes(1) as executor:
                yield from detect((request,), executor=executor, parallel=1)
        except BrokenExecutor:
            yield Outcome(request, error=KILLED)


def executor_for(jobs: int) -> AbstractContextManager[Executor]:
    """A thread for one job, which shares this process's memory; else processes, which share nothing."""
    return ThreadPoolExecutor(1) if jobs <= 1 else processes(min(jobs, (os.cpu_count() or 1) * 2))


def told(error: Exception, name: Path) -> UserFacingError:
    """An error in one image as the user is told of it; of one of the program's own, how it came about is printed."""
    if isinstance(error, UserFacingError):
        return error if error.file is not None else UserFacingError(error.what, file=name, remedy=error.remedy)
    say(anonymous_trace(error))
    return UserFacingError(
        f"nothing could be detected in it because of an error inside the program ({type(error).__name__})",
        file=name,
        remedy="Please report it with the lines above.",
    )
