"""Work that goes wrong on purpose, to see that a watched process is watched."""

import os
import signal
import time
from collections.abc import Callable


def making(answer: str) -> Callable[[str], tuple[str, str]]:
    """For `Worker`: does what the job says."""

    def do(job: str) -> tuple[str, str]:
        if job == "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        if job == "hang":
            time.sleep(60)
        if job == "take memory":
            taken = bytearray(b"x") * (80 << 20)
            return answer, str(len(taken))
        if job == "raise":
            raise KeyError("nobody expected this")
        return answer, str(os.getpid())

    return do
