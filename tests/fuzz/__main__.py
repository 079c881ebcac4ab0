"""Fuzz images, studies, manifests and JSON: `make fuzz`, or `python -m tests.fuzz [PART …]`."""

import sys
from functools import partial

from tests.benchmarks.measuring import run
from tests.fuzz.fuzzing import figures
from tests.fuzz.target import TARGETS

if __name__ == "__main__":
    sys.exit(run(__doc__ or "", {name: partial(figures, name) for name in TARGETS}))
