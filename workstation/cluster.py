"""Detection on the computers of a Dask cluster, as an ordinary executor. Needs the package `distributed`.

Images travel to the workers as bytes, checked against what the study knows of them, so that no disk need be shared.
"""

import platform
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from workstation.errors import UserFacingError
from workstation.version import software_version

ANSWERS_WITHIN_S = 15.0
EXTRA = "trichodesk[cluster]"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that answers."""

    executor: Executor
    parallel: int
    """How many images it works on at once: the threads of all workers."""


@contextmanager
def cluster_at(address: str) -> Iterator[Cluster]:
    """Connect to a Dask cluster for as long as it is needed.

    Args:
        address: of the scheduler, such as `tcp://10.0.0.5:8786`.

    Raises:
        UserFacingError: if Dask is not installed here, nothing answers, or the workers cannot do the work as it would
            be done here.
    """
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        raise UserFacingError(
            "Dask is not installed here", remedy=f"Install it with: pip install '{EXTRA}', or leave out --dask."
        ) from error
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TB"}):  # the images are meant
        try:
            client = Client(address, timeout=ANSWERS_WITHIN_S, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:  # also what Dask makes of an address that is none
            raise UserFacingError(
                f"no Dask scheduler answers at {address}",
                remedy="Check the address, and that the scheduler runs and can be reached from here.",
            ) from error
        try:
            _check_workers(client, address)
            executor = client.get_executor(pure=False)  # no result is of any use to another image
            yield Cluster(executor, sum(client.nthreads().values()))
        finally:
            client.close()


def _check_workers(client: Any, address: str) -> None:
    """Refuse workers that are not there or that would work with another program."""
    if not client.nthreads():
        raise UserFacingError(
            f"the Dask cluster at {address} has no workers",
            remedy="Start some, with trichodesk installed where they run.",
        )
    try:
        theirs = client.run(make_ready)
    except Exception as error:
        raise UserFacingError(
            f"the workers of {address} cannot import trichodesk",
            remedy=f"Install trichodesk {software_version()} where they run.",
        ) from error
    ours = make_ready()
    for worker, versions in theirs.items():
        if versions != ours:
            raise UserFacingError(
                f"the worker {worker} has {versions}, and here is {ours}",
                remedy="Install the same versions everywhere: results must not hang on where an image was detected.",
            )


def make_ready() -> str:
    """Have a worker keep to its own thread; gives the versions that it works with."""
    import cv2
    import numpy as np

    cv2.setNumThreads(1)
    python = ".".join(platform.python_version_tuple()[:2])
    return f"trichodesk {software_version()}, Python {python}, OpenCV {cv2.__version__}, NumPy {np.__version__}"
