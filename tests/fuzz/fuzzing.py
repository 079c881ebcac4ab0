"""Thousands of changed files of each kind, opened by watched processes; some by the program itself, a process each."""

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

from tests.benchmarks.figure import Figure
from tests.faults.scratch import scratch_folder
from tests.faults.tally import Tally, do_all, half_the_processors
from tests.faults.worker import LIMIT_S, MEMORY_MIB, Outcome
from tests.fuzz.guided import guided, is_possible
from tests.fuzz.target import TARGETS, Target
from workstation.errors import UserFacingError
from workstation.images import load
from workstation.images.loading import DEATHS as DEATHS_OF_IMAGES
from workstation.isolation import calling
from workstation.storage.reader import read_study
from workstation.storage.strangers import DEATHS as DEATHS_OF_STUDIES

SECTION = "Fuzzed files"
N_FILES, N_FRESH = 10_000, 500
FIRST_SEED = 1_000_000
"""Apart from those of the tests, which begin at 0."""
FOUND = Path(__file__).with_name("found")


def figures(part: str, n_files: int = N_FILES) -> list[Figure]:
    """One kind of files."""
    target = TARGETS[part]
    with scratch_folder() as folder:
        tally = tried(target, folder, range(FIRST_SEED, FIRST_SEED + n_files), half_the_processors())
        keep_found(target, tally)
        found = [_figure(f"{part}, changed at random", tally, _limits(tally))]
        if part in FRESH:
            fresh = in_fresh_processes(target, folder, range(FIRST_SEED, FIRST_SEED + N_FRESH))
            found.append(_figure(f"{part}, a new process each", fresh, ""))
        if target.guided:
            found.append(by_coverage(target, n_files, folder))
    return found


def by_coverage(target: Target, n_files: int, folder: Path) -> Figure:
    """As many files again, led by coverage, where that can be had."""
    name = f"{target.name}, led by coverage"
    if not is_possible():
        return Figure(SECTION, name, None, "", "0", "Atheris is not installed")
    well, told = guided(target.name, n_files, folder)
    return Figure(SECTION, name, int(not well), "crashes, hangs, over memory", "0", told)


def tried(target: Target, folder: Path, seeds: range, processes: int = 1) -> Tally:
    """What became of the files of some numbers."""
    return do_all(target.work, {"folder": str(folder)}, seeds, processes=processes, name=target.name)


def keep_found(target: Target, tally: Tally) -> None:
    """Put the files that did harm where the tests try them for ever."""
    for seed, _ in tally.faults:
        (FOUND / f"{target.name}-{seed}{target.suffix}").write_bytes(target.make(seed))


def in_fresh_processes(target: Target, folder: Path, seeds: range) -> Tally:
    """Files opened as the program opens those of strangers, with a worker of its own for each.

    A worker that falls is an error that is told: it is counted, and no fault; only what reaches the program is one.
    """
    tally, opened = Tally(), FRESH[target.name](folder)
    for seed in seeds:
        calling._close()
        calling._present = None
        try:
            outcome = Outcome(opened(target.make(seed)))
        except UserFacingError as error:
            contained = error.what in DEATHS
            outcome = Outcome("contained" if contained else "refused", error.what)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told
            outcome = Outcome("bug", f"{type(error).__name__}: {error}")
        tally.add(seed, outcome)
    return tally


DEATHS = frozenset({*DEATHS_OF_IMAGES.values(), *DEATHS_OF_STUDIES.values()})


def _image(folder: Path) -> Callable[[bytes], str]:
    def opened(data: bytes) -> str:
        return "read" if load(data, name=folder / "image").pixels.size else "different"

    return opened


def _study(folder: Path) -> Callable[[bytes], str]:
    path = Path(mkdtemp(dir=folder)) / "study.h5"

    def opened(data: bytes) -> str:
        path.unlink(missing_ok=True)
        path.write_bytes(data)
        read_study(path)
        return "read"

    return opened


FRESH = {"images": _image, "studies": _study}


def _limits(tally: Tally) -> str:
    return f"slowest {tally.slowest_s:.1f} s of {LIMIT_S:.0f}, at most {tally.most_mib:.0f} MiB of {MEMORY_MIB}"


def _figure(name: str, tally: Tally, limits: str) -> Figure:
    first = f"the first: {tally.faults[0]}" if tally.faults else ""
    note = "; ".join(filter(None, [f"{tally.n:,} files: {tally.told()}", limits, first]))
    return Figure(SECTION, name, tally.n_faults, "crashes, hangs, over memory", "0", note)
