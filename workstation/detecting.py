"""Detection of many images on any executor: bounded memory, progress over all of them, the first failure stops none."""

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from multiprocessing import get_context, parent_process
from pathlib import Path

from analysis.detection import Detection, DetectionParameters
from analysis.progress import Report, silent
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
    """What became of a request: a detection, or the error that the user can mend."""

    request: Request
    detection: Detection | None = None
    error: UserFacingError | None = None


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
    from analysis.pipeline import detect
    from workstation.images import load

    report("reading", 0.0)
    pixels = load(data, max_megapixels=max_megapixels, name=name).pixels
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
    """Detect in all images; outcomes come in the order of the requests, however many are worked on at once.

    At most twice `parallel` files are in memory. Whoever stops iterating, or an exception in between, cancels what
    still runs.
    """
    jobs = Jobs(executor)
    under_way: deque[tuple[Request, Job[Detection] | UserFacingError]] = deque()
    queue = iter(requests)
    try:
        for done in range(len(requests)):
            for request in islice(queue, 2 * parallel - len(under_way)):
                under_way.append((request, _begin(jobs, request, parameters, max_megapixels)))
            request, job = under_way[0]
            while isinstance(job, Job) and not job.future.done():
                _report(report, under_way, done, len(requests))
                wait([job.future], POLL_S)
            under_way.popleft()
            yield _outcome(request, job)
    finally:
        jobs.cancel_all()


def _begin(
    jobs: Jobs, request: Request, parameters: DetectionParameters, max_megapixels: float
) -> Job[Detection] | UserFacingError:
    try:
        data = request.bytes_of()
    except UserFacingError as error:
        return error
    work = partial(detect_bytes, data, request.name, request.um_per_px, parameters, max_megapixels)
    return jobs.submit(request.image_id, work)


def _outcome(request: Request, job: Job[Detection] | UserFacingError) -> Outcome:
    if isinstance(job, UserFacingError):
        return Outcome(request, error=job)
    try:
        return Outcome(request, detection=job.result())
    except UserFacingError as error:
        return Outcome(request, error=error)


def _report(
    report: Report, under_way: Iterable[tuple[Request, Job[Detection] | UserFacingError]], done: int, total: int
) -> None:
    """The stage of the image that is next to be done, and the share of all images."""
    progress = [job.progress if isinstance(job, Job) else ("", 1.0) for _, job in under_way]
    name = next(request.name.name for request, _ in under_way)
    share = (done + sum(fraction for _, fraction in progress)) / total
    report(f"{name} {progress[0][0]}".strip(), min(share, 1.0))
