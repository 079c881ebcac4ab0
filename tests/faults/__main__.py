"""Kill, damage, fill up and contend: `make faults`, or `python -m tests.faults [PART …]`."""

import sys

from tests.benchmarks.measuring import run
from tests.faults import altering, full_disk, kills, writers

PARTS = {
    "kills": kills.figures,
    "alterations": altering.figures,
    "full disk": full_disk.figures,
    "writers": writers.figures,
}

if __name__ == "__main__":
    sys.exit(run(__doc__ or "", PARTS))
