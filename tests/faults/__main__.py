"""Kill, damage, fill up and contend: `make faults`, or `python -m tests.faults [PART …]`."""

import sys

from tests.benchmarks.measuring import run

PARTS = {
    "kills": "tests.faults.kills",
    "alterations": "tests.faults.altering",
    "full disk": "tests.faults.full_disk",
    "writers": "tests.faults.writers",
}

if __name__ == "__main__":
    sys.exit(run(__doc__ or "", PARTS))
