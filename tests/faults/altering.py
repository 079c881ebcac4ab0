"""Study files and journals with one byte changed, or cut short: how often that was refused, harmless, or worse."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.figure import Figure
from tests.faults import altered_journal
from tests.faults.altered_study import Alteration
from tests.faults.scratch import scratch_folder
from tests.faults.tally import Tally, do_all, half_the_processors
from tests.workstation.storage.studies import comment, study
from workstation.session import create_study, open_study

SECTION = "Studies and journals cut or altered in one byte"
STUDY = "tests.faults.altered_study:checking"
JOURNAL = "tests.faults.altered_journal:checking"
SMALL = {"n_hairs": 2, "n_vertices": 2}
LARGE = {"n_hairs": 2000, "n_vertices": 12}
N_RANDOM = 2000
SEED = 20260203


@dataclass(frozen=True)
class Extent:
    """How much is tried."""

    every: bool = True
    """Every position of a small file."""
    n_random: int = N_RANDOM
    whole_notes: bool = True
    """Every position of the notes of how far the edits reach."""
    processes: int = 1


def figures(extent: Extent | None = None) -> list[Figure]:
    """All of it, by default as much as is promised."""
    extent = extent or Extent(processes=half_the_processors())
    found: list[Figure] = []
    with scratch_folder() as folder:
        small, large = saved_study(folder, "small", SMALL), saved_study(folder, "large", LARGE)
        if extent.every:
            found += of_study("every byte of a small study", small, every_byte(small), extent, by_parts=True)
            found += of_study("a small study cut at every length", small, every_cut(small), extent)
        for name, path in (("small", small), ("large", large)):
            jobs = at_random(path.stat().st_size, extent.n_random)
            found += of_study(f"a {name} study, random bytes and cuts", path, jobs, extent)
        for scene in altered_journal.SCENES:
            found += of_journals(scene, folder, extent)
    return found


def of_study(
    name: str, path: Path, jobs: Sequence[Alteration], extent: Extent, *, by_parts: bool = False
) -> list[Figure]:
    """A study file with each of some alterations."""
    setting = {"file": str(path), "folder": str(path.parent), "by_parts": by_parts}
    tally = do_all(STUDY, setting, jobs, processes=extent.processes, name=name)
    return _figures(f"{name} ({path.stat().st_size:,} bytes)", tally)


def of_journals(scene: str, folder: Path, extent: Extent) -> list[Figure]:
    """Each file of a scene's journal: every byte where it is a small one, else random ones."""
    own = folder / scene
    own.mkdir()
    found = []
    for ending, size in altered_journal.sizes(scene, own).items():
        every = (ending == "reach" and extent.whole_notes) or (extent.every and scene != "saved")
        jobs = every_position(size) if every else at_random(size, extent.n_random)
        tally = do_all(
            JOURNAL,
            {"scene": scene, "folder": str(own)},
            [(ending, alteration) for alteration in jobs],
            processes=extent.processes,
            name=f"{scene} {ending}",
        )
        which = "every byte and cut" if every else "random bytes and cuts"
        found += _figures(f"journal of a program {MEANT[scene]}, {which} of .{ending} ({size:,} bytes)", tally)
    return found


MEANT = {"killed": "killed", "closed": "closed", "saved": "killed after a save"}


def saved_study(folder: Path, name: str, size: dict[str, int]) -> Path:
    """A study that was made, edited and saved."""
    path = folder / f"{name}.h5"
    create_study(path, study(**size, study_id=f"altered-{name}"), user="Ada")
    with open_study(path, "Zoë") as session:
        for k in range(3):
            comment(session.document, f"edit {k}")
        session.save()
    return path


def every_byte(path: Path) -> list[Alteration]:
    """Every byte changed to another one, by a seed."""
    rng = random.Random(SEED)
    return [(position, rng.randrange(1, 256)) for position in range(path.stat().st_size)]


def every_cut(path: Path) -> list[Alteration]:
    """Every length."""
    return [(length, 0) for length in range(path.stat().st_size)]


def every_position(size: int) -> list[Alteration]:
    """Every byte changed, then every length."""
    rng = random.Random(SEED)
    return [(p, rng.randrange(1, 256)) for p in range(size)] + [(p, 0) for p in range(size)]


def at_random(size: int, n: int) -> list[Alteration]:
    """Random bytes changed, and for every four of them a random length."""
    rng = random.Random(SEED)
    changed = [(rng.randrange(size), rng.randrange(1, 256)) for _ in range(n)]
    return changed + [(rng.randrange(size), 0) for _ in range(n // 4)]


def _figures(name: str, tally: Tally) -> list[Figure]:
    told = "; ".join([f"{tally.n:,} tried: {tally.told()}", f"slowest {tally.slowest_s:.1f} s", *_worst(tally)])
    return [Figure(SECTION, name, tally.n_faults, "crashed or differed", "0", told)]


def _worst(tally: Tally) -> Iterator[str]:
    if tally.faults:
        job, outcome = tally.faults[0]
        yield f"the first: {job}: {outcome.kind} {outcome.text}"
