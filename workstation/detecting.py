"""Detection of many images on any executor: bounded memory, progress over all of them, the first failure stops none."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from multiprocessing import get_context, parent_process
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.detection import Detection, DetectionParameters
from analysis.progress import Cancelled, Report, silent
from workstation.errors import UserFacingError
from workstation.jobs import Job, Jobs

POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class Request:
    """An image to detect in."""

    image_id: int
    name: Path
    """What to call the image in errors."""
    bytes_of: Callable[[], bytes]
    """Reads the file's bytes when its turn comes, checked against the SHA-256 taken at import."""
    um_per_px: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request: a detection, or the error."""

    request: Request
    detection: Detection | None = None
    error: Exception | None = None
    """A `UserFacingError` where the user can mend it, else one of the program."""


def detect_bytes(
    data: bytes,
    name: Path,
    um_per_px: float | None,
    parameters: DetectionParameters,
    max_megapixels: float,
    report: Report = silent,
) -> Detection:
    """Decode an image file's bytes and detect in it.

    Raises:
        UserFacingError: as `workstation.images.load`.
        Cancelled: when `report` raises it.
    """
    # OpenCV and scipy take most of a second to import: commands that detect nothing do without
    from workstation.images import load

    report("reading", 0.0)
    pixels = load(data, max_megapixels=max_megapixels, name=name).pixels
    return detect_pixels(pixels, um_per_px, parameters, report)


def detect_pixels(
    pixels: NDArray[np.uint8], um_per_px: float | None, parameters: DetectionParameters, report: Report = silent
) -> Detection:
    """Detect in an image, or a part of one, that was decoded already, (H, W, 3).

    Raises:
        Cancelled: when `report` raises it.
    """
    from analysis.pipeline import detect

    return detect(pixels, um_per_px, parameters, report)


@contextmanager
def processes(number: int) -> Iterator[Executor]:
    """A pool of processes that leave Ctrl-C to this one, and end with it even if it is killed."""
    with ProcessPoolExecutor(number, mp_context=get_context("spawn"), initializer=_initialise_worker) as executor:
        with _interrupts_held():
            executor.submit(os.getpid)  # the processes start with the first task
        yield executor


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold back Ctrl-C in this thread, and for ever in the processes that it starts; nothing on Windows."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _initialise_worker() -> None:
    import cv2

    from workstation.isolation import warm_up

    warm_up()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A worker waits for tasks for ever, also when whoever gives them was killed."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def detect_all(
    requests: Sequence[Request],
    parameters: DetectionParameters,
    executor: Executor,
    *,
    parallel: int,
    max_megapixels: float,
    report: Report = silent,
) -> Iterator[Outcome]:
    """Detect in all images; each outcome comes as soon as it is there, in whatever order.

    At most twice `parallel` files are in memory. Whoever stops iterating, or an exception in between, cancels what
    still runs.

    Args:
        requests: the images.
        parameters: for all of them.
        executor: any of `concurrent.futures`; work and results are pickled where it needs that. A file's bytes travel
            to it, so that it need not see the same disks.
        parallel: how many images it works on at once.
        max_megapixels: larger images are refused.
        report: told of the progress over all images; may raise `Cancelled`.

    Raises:
        BrokenExecutor: if the executor can do no more work; what came before stands.
    """
    jobs = Jobs(executor)
    under_way: dict[int, Job[Detection]] = {}
    queue = iter(range(len(requests)))
    done = 0
    try:
        while done < len(requests):
            for index in islice(queue, 2 * parallel - len(under_way)):
                begun = _begin(jobs, index, requests[index], parameters, max_megapixels)
                if isinstance(begun, Outcome):
                    done += 1
                    yield begun
                else:
                    under_way[index] = begun
            _report(report, requests, under_way, done)
            wait([job.future for job in under_way.values()], POLL_S, FIRST_COMPLETED)
            for index in [i for i, job in under_way.items() if job.future.done()]:
                done += 1
                yield _outcome(requests[index], under_way.pop(index))
    finally:
        jobs.cancel_all()


def _begin(
    jobs: Jobs, index: int, request: Request, parameters: DetectionParameters, max_megapixels: float
) -> Job[Detection] | Outcome:
    try:
        data = request.bytes_of()
    except UserFacingError as error:
        return Outcome(request, error=error)
    work = partial(detect_bytes, data, request.name, request.um_per_px, parameters, max_megapixels)
    return jobs.submit(index, work)


def _outcome(request: Request, job: Job[Detection]) -> Outcome:
    try:
        return Outcome(request, detection=job.result())
    except Cancelled as error:  # nobody here cancelled it
        raise BrokenExecutor("the executor let go of its work") from error
    except BrokenExecutor:
        raise
    except Exception as error:  # noqa: BLE001 - in this image: the others go on
        return Outcome(request, error=error)


def _report(report: Report, requests: Sequence[Request], under_way: Mapping[int, Job[Detection]], done: int) -> None:
    """The stage of the image that was begun first, and the share of all images."""
    progress = {index: job.progress for index, job in under_way.items()}
    first = min(progress, default=None)
    stage = "" if first is None else f"{requests[first].name.name} {progress[first][0]}".strip()
    share = (done + sum(fraction for _, fraction in progress.values())) / len(requests)
    report(stage, min(share, 1.0))
