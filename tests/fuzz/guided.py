"""Files changed as coverage leads: what reaches code that no file reached before is kept and changed further.

Run as `python -m tests.fuzz.guided PART FILES FOLDER`. It needs Atheris (`pip install atheris`), which sees Python
alone: so it is for manifests and JSON, and an extra to the random changes, which need nothing.
"""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from tests.faults.worker import LIMIT_S, MEMORY_MIB

ROOT = Path(__file__).parents[2]
WATCHED = ["workstation"]


def is_possible() -> bool:
    """Whether Atheris is installed."""
    return find_spec("atheris") is not None


def guided(part: str, n_files: int, folder: Path) -> tuple[bool, str]:
    """Whether all went well, and what is to be told of it."""
    (folder / "kept").mkdir()
    command = [sys.executable, "-W", "ignore", "-m", "tests.fuzz.guided", part, str(n_files), str(folder)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    said = ended.stderr.decode(errors="replace")
    covered = [line.split("cov: ")[1].split()[0] for line in said.splitlines() if " cov: " in line]
    n_kept = len(list((folder / "kept").iterdir()))
    told = f"{n_files:,} files led by coverage ({covered[-1] if covered else '?'} places reached, {n_kept} kept)"
    if ended.returncode == 0:
        return True, told
    return False, f"{told}: ended with {ended.returncode}: {said[-300:]}"


def main(part: str, n_files: int, folder: Path) -> None:
    """In a process of its own, which Atheris ends."""
    import atheris

    with atheris.instrument_imports(include=WATCHED):
        from tests.fuzz.target import TARGETS
    target = TARGETS[part]
    seeds = folder / "seeds"
    seeds.mkdir()
    for number, data in enumerate(target.seeds):
        (seeds / str(number)).write_bytes(data)
    opened = target.module.opening(str(folder))
    limits = [f"-runs={n_files}", f"-timeout={LIMIT_S:.0f}", f"-rss_limit_mb={MEMORY_MIB}", "-max_len=20000", "-seed=1"]
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={folder}/", str(folder / "kept"), str(seeds)], opened)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
