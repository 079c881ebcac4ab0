"""Many jobs given to watched processes, and the count of what became of them."""

import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.faults.worker import Outcome, Worker

FAULTS_KEPT = 20
SAY_EVERY_S = 60.0


@dataclass
class Tally:
    """What became of many jobs."""

    kinds: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[Any, Outcome]] = field(default_factory=list)
    """The first of those that should never have been, each with its job."""
    n_faults: int = 0
    slowest_s: float = 0.0
    slowest: Any = None
    """The job that took longest."""
    most_mib: float = 0.0
    seconds: float = 0.0

    @property
    def n(self) -> int:
        """The number of jobs."""
        return self.kinds.total()

    def add(self, job: Any, outcome: Outcome) -> None:
        """Count one."""
        self.kinds[outcome.kind] += 1
        if outcome.seconds > self.slowest_s:
            self.slowest_s, self.slowest = outcome.seconds, job
        self.most_mib = max(self.most_mib, outcome.peak_mib)
        if outcome.is_fault:
            self.n_faults += 1
            if len(self.faults) < FAULTS_KEPT:
                self.faults.append((job, outcome))

    def told(self) -> str:
        """The counts in words: `1,200 refused, 34 equal`."""
        return ", ".join(f"{n:,} {kind}" for kind, n in self.kinds.most_common())


def do_all(work: str, setting: Mapping[str, Any], jobs: Iterable[Any], *, processes: int = 1, name: str = "") -> Tally:
    """Give every job to one of a few workers; for `work` and `setting` see `Worker`."""
    tally, begun, guard = Tally(), time.monotonic(), threading.Lock()
    waiting = iter(jobs)
    said = [begun]

    def serve() -> None:
        with Worker(work, setting) as worker:
            while True:
                with guard:
                    job = next(waiting, _END)
                if job is _END:
                    return
                outcome = worker.do(job)
                with guard:
                    tally.add(job, outcome)
                    if name and time.monotonic() - said[0] > SAY_EVERY_S:
                        said[0] = time.monotonic()
                        print(f"{name}: {tally.told()}; {tally.n_faults} faults", file=sys.stderr, flush=True)

    threads = [threading.Thread(target=serve) for _ in range(max(1, processes))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tally.seconds = time.monotonic() - begun
    return tally


_END = object()


def half_the_processors() -> int:
    """As many processes as leave the computer to whoever works at it."""
    return max(1, (os.cpu_count() or 2) // 2)
