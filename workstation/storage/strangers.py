"""A study file that this computer does not know is first read whole by a worker: what HDF5 makes of a malicious or
damaged file, a crash or a stand-still, ends there.
"""

import os
from pathlib import Path
from typing import BinaryIO

from workstation.errors import UserFacingError
from workstation.isolation import Allowance, Died, How, call, child
from workstation.isolation.task import Allow, Plain
from workstation.storage.known_files import is_known, mark_of, note

TASK = f"{__name__}:read_whole"
MEMORY_BYTES, COPIES_OF_FILE, MOST_MEMORY_BYTES = 1 << 30, 40, 8 << 30
CPU_S, S_PER_MB, MOST_CPU_S = 8.0, 2.0, 120.0
CLOCK_FACTOR, DRIVE_S = 2.0, 30.0
"""A network drive takes its time, which is no fault of the file."""
DEATHS = {
    How.CRASHED: "the file is not read because HDF5 crashes over it",
    How.TOO_LONG: "the file is not read because that takes far longer than a study of its size may",
    How.TOO_MUCH: "the file is not read because that takes more memory than a study of its size may",
    How.FAILED: "the file is not read because the program fails over it",
}


def meet(path: Path) -> None:
    """See that a study file can be read without harm to whoever reads it. A known one costs nothing.

    Raises:
        UserFacingError: if it cannot, or is no study; as `reader.read_study`.
        OSError: if it cannot be looked at.
    """
    if child.inside:
        return
    mark = mark_of(path)
    if is_known(mark):
        return
    allowed = _allowance(path.stat().st_size)
    try:
        call(TASK, {"path": os.path.abspath(path)}, lambda _: None, first=allowed, most=allowed)
    except UserFacingError as error:
        raise UserFacingError(error.what, file=path, remedy=error.remedy) from error
    except Died as death:
        remedy = "Ask whoever sent it for a study saved by trichodesk, or open a backup."
        raise UserFacingError(DEATHS[death.how], file=path, remedy=remedy) from death
    note(mark)


def read_whole(arguments: Plain, _file: BinaryIO, _allow: Allow) -> Plain:
    """In a worker: all that opening a study does with the file."""
    from workstation.storage.audit import first_break
    from workstation.storage.reader import read_study
    from workstation.storage.rewinding import rewind

    file = read_study(Path(arguments["path"]))
    first_break(file.audit_rows, file.state.study_id, file.state.revision, file.state.audit_sha256)
    rewind(file.study, file.audit_rows)
    return {}


def _allowance(n_bytes: int) -> Allowance:
    cpu_s = min(CPU_S + S_PER_MB * n_bytes / 1e6, MOST_CPU_S)
    memory = min(MEMORY_BYTES + COPIES_OF_FILE * n_bytes, MOST_MEMORY_BYTES)
    return Allowance(memory, cpu_s, CLOCK_FACTOR * cpu_s + DRIVE_S)
