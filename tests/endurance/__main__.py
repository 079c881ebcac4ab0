"""Eight hours of review, accelerated: `make endurance`, or `python -m tests.endurance`."""

import sys

from tests.benchmarks.measuring import run
from tests.endurance import reviewing

if __name__ == "__main__":
    sys.exit(run(__doc__ or "", {"endurance": reviewing.figures}))
