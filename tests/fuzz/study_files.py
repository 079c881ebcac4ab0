"""Study files as a stranger may have made them: bytes changed anywhere, or columns forged with checksums to match."""

import random
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from tests.fuzz import mutation
from tests.workstation.paired import paired_visits
from tests.workstation.recorded_trial import trial_study
from tests.workstation.storage.forging import resealed
from tests.workstation.storage.studies import comment, study
from workstation.errors import UserFacingError
from workstation.session import create_study, open_study
from workstation.storage import reader, schema
from workstation.storage.content import Content
from workstation.storage.reader import read_content
from workstation.storage.writer import write_content

FORGED_SHARE = 0.5
_VALUES = (0, 1, -1, 2**31 - 1, -(2**31), 2**62, -(2**63), 255, np.nan, np.inf, -np.inf, 1e308, 1e-320, -0.0, 0.5)
_TEXTS = (
    b"",
    b"\xff",
    b"a" * 300,
    b"\x00x",
    b"../../x",
    b"=1+1",
    b"-1",
    b"NaN",
    b"2026-02-30",
    "毛".encode(),
    b"{",
    b"[]",
)


@cache
def seeds() -> tuple[bytes, ...]:
    """Good files: each must be read."""
    with tempfile.TemporaryDirectory() as folder, patch.dict("os.environ", {"TRICHODESK_HOME": f"{folder}/home"}):
        made = []
        for k, one in enumerate((study(2, n_vertices=2, study_id="fuzzed-1"), trial_study(), paired_visits())):
            path = Path(folder) / f"{k}.h5"
            create_study(path, one, user="Ada")
            if k == 0:
                with open_study(path, "Zoë") as session:
                    comment(session.document, "once")
                    session.save()
            made.append(path.read_bytes())
        return tuple(made)


@cache
def contents() -> tuple[Content, ...]:
    """What is in the good files."""
    with tempfile.TemporaryDirectory() as folder:
        path, found = Path(folder) / "a.h5", []
        for data in seeds():
            path.write_bytes(data)
            found.append(read_content(path)[0])
        return tuple(found)


def forged(rng: random.Random) -> Content:
    """A good study's content with one to four columns or attributes changed, and every checksum right."""
    content = rng.choice(contents())
    groups = {name: dict(columns) for name, columns in content.groups.items()}
    attributes: dict[str, Any] = dict(content.attributes)
    for _ in range(rng.randint(1, 4)):
        if rng.random() < 0.15:
            name = rng.choice([n for n in attributes if n not in ("format", "format_version")])
            attributes[name] = _other(rng, attributes[name])
            continue
        table = groups[rng.choice([n for n in groups if groups[n]])]
        name = rng.choice(sorted(table))
        table[name] = _changed(rng, table[name])
        if rng.random() < 0.2:  # a whole row less, or twice
            rows = rng.choices(range(len(table[name])), k=rng.randint(0, 4)) if len(table[name]) else []
            groups_table = {
                c: values[rows] if len(values) > max(rows, default=-1) else values for c, values in table.items()
            }
            table.update(groups_table)
    return resealed(Content(attributes, groups))


def _other(rng: random.Random, value: object) -> object:
    if isinstance(value, str):
        return rng.choice([t.decode("utf-8", "replace") for t in _TEXTS])
    number = rng.choice([v for v in _VALUES if np.isfinite(v)])
    return int(number) if isinstance(value, int) else float(number)


def _changed(rng: random.Random, values: np.ndarray) -> np.ndarray:
    """A column with some of its values, or its length, changed."""
    if not len(values):
        return values
    changed = values.copy()
    at = rng.randrange(len(values))
    if rng.random() < 0.15:
        return changed[:at] if rng.random() < 0.5 else np.concatenate([changed, changed[at:]])
    if values.dtype.kind == "S":
        text = mutation.text(rng, [bytes(values[at])])[:5000] if rng.random() < 0.5 else rng.choice(_TEXTS)
        if len(text) > values.dtype.itemsize:
            changed = changed.astype(f"S{len(text)}")
        changed[at] = text
    elif values.dtype.kind == "f":
        changed[at] = rng.choice(_VALUES)
    else:
        limits = np.iinfo(values.dtype) if values.dtype.kind in "iu" else None
        number = rng.choice([int(v) for v in _VALUES if np.isfinite(v) and abs(v) < 2**63])
        changed[at] = bool(number) if limits is None else min(max(number, limits.min), limits.max)
        if rng.random() < 0.3:
            rng.shuffle(changed)
    return changed


def make(seed: int) -> bytes:
    """The changed file of a seed."""
    rng = random.Random(seed)
    if rng.random() >= FORGED_SHARE:
        return mutation.binary(rng, seeds())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.h5"
        write_content(path, forged(rng), {})
        return path.read_bytes()


def opening(folder: str) -> Callable[[int | bytes], tuple[str, str]]:
    """For `Worker`: opens the file of a seed, or the one given, as the window would, but to look only."""
    scratch = Path(tempfile.mkdtemp(dir=folder)) / "study.h5"
    contents()  # made before the first job, whose time they would take

    def check(job: int | bytes) -> tuple[str, str]:
        rng = random.Random(job) if isinstance(job, int) else random.Random(0)
        try:
            if isinstance(job, int) and rng.random() < FORGED_SHARE:
                scratch.touch()
                return _opened_forged(scratch, forged(rng))
            scratch.write_bytes(make(job) if isinstance(job, int) else job)
            with open_study(scratch, "Zoë", read_only=True) as session:
                return "read", session.read_only_because or ""
        except UserFacingError as error:
            return "refused", error.what

    return check


def _opened_forged(path: Path, content: Content) -> tuple[str, str]:
    """As if a file held the content: writing and reading 250 columns takes thirty times longer than all the rest."""

    def read(of: Path) -> tuple[Content, str]:
        with reader._making_sense(of):
            return Content(content.attributes, reader._known_groups(content, schema.MINOR, of)), ""

    with patch.object(reader, "read_content", read), open_study(path, "Zoë", read_only=True) as session:
        return "read", session.read_only_because or ""
