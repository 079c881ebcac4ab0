"""Looks through a finished package for what should not be in it: every text, every byte, every name.

It is independent of what made the package: it knows the original study and reads the files as they lie.
"""

import re
import struct
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from workstation.clock import MONTHS
from workstation.file_names import folded, words_of
from workstation.importing.guessing import NOT_A_SUBJECT, SITES
from workstation.model.read import DETECTOR
from workstation.model.study import Study
from workstation.storage.content import content_of
from workstation.storage.reader import image_files, read_content
from workstation.storage.writer import IMAGE_CHUNK_BYTES, write_content
from workstation.weeks import BASELINE_NAMES

SHORT = 3
"""A shorter word, and a number of as many digits or fewer, is looked for as a whole value: chance would find it."""
RAW = 5
"""From so many characters on a word is looked for in the bytes of the study file."""
AT_ONCE = 1 << 20
"""Bytes."""
STUDY_SUFFIXES = (".h5", ".hdf5")
PNG_HEAD = 8
PIXELS_ONLY = frozenset({b"IHDR", b"IDAT", b"IEND"})
_TIME = re.compile(rb"(\d{4}-\d\d-\d\dt\d\d:\d\d:\d\d)(?:\.\d{3})?z")
ORDINARY = frozenset({*SITES, *NOT_A_SUBJECT, *BASELINE_NAMES, "left", "right", "study"})


@dataclass(frozen=True, slots=True)
class Secret:
    """What must not be found."""

    kind: str
    text: str

    @property
    def is_short(self) -> bool:
        """Whether it is too short to be told from chance within a longer text."""
        return len(self.text) < SHORT or (self.text.isdigit() and len(self.text) <= SHORT)


@dataclass(frozen=True, slots=True)
class Finding:
    """A secret that is still there."""

    secret: Secret
    where: str

    def __str__(self) -> str:
        return f"{self.secret.kind} {self.secret.text!r} in {self.where}"


def secrets_of(study: Study, study_path: Path) -> list[Secret]:
    """Every subject code, date, person and source file name of a study, each once, and what its files are known by."""
    found: dict[str, Secret] = {}

    def add(kind: str, *texts: str) -> None:
        for text in texts:
            if text.strip():
                found.setdefault(folded(text.strip()), Secret(kind, text.strip()))

    for subject in study.subjects:
        add("subject", subject)
    add("reader", *(name for name in _named(study) if name != DETECTOR))
    days = [visit.date for visit in study.visits.values()]
    days += [day for event in study.events.values() for day in (event.start_date, event.end_date)]
    for day in days:
        add("date", *(_spellings(day) if day else ()))
    for image in study.images.values():
        for name in (image.source_name, Path(image.path).name):
            stem = Path(name).stem
            add("file name", name, *([] if folded(stem) in ORDINARY else [stem]))
        add("note", *(value for value in image.notes.values() if len(value) > SHORT and not value.isdigit()))
    add("study", study.id)
    add("file name", *([] if study_path.stem.casefold() in ORDINARY else [study_path.name]))
    return list(found.values())


def _named(study: Study) -> Iterator[str]:
    """Everybody whose name a study holds, as often as it does."""
    for read in study.reads.values():
        yield from (read.reader, read.review.decided_by)
    for pair in study.pairs.values():
        yield from (decision.reader for decision in pair.decisions.values())
    for remark in study.remarks.values():
        yield from (remark.author, remark.done_by)
    for package in study.packages.values():
        yield from (package.reader, package.created_by)
    yield from (signature.signer for signature in study.signatures.values())
    yield from study.people


class _Searched:
    """Secrets, made ready to be looked for in many texts."""

    def __init__(self, secrets: Iterable[Secret], since_utc: str) -> None:
        self.all = list(secrets)
        self.long = [secret for secret in self.all if not secret.is_short]
        self._since_utc = since_utc.lower().removesuffix("z").encode()
        self._by_word: dict[str, list[tuple[Secret, str]]] = {}
        for secret in self.all:
            wanted = folded(secret.text)
            self._by_word.setdefault(next(iter(words_of(wanted)), ""), []).append((secret, wanted))

    def maybe_in(self, plain: str) -> Iterator[tuple[Secret, str]]:
        """Those whose first word is one of a text's, each with what to look for; no other can be in it."""
        for word in dict.fromkeys(["", *words_of(plain)]):
            yield from self._by_word.get(word, ())

    def without_own_times(self, lower: bytes) -> bytes:
        """Bytes without the times at which the package itself was made: its day may be that of a visit, too."""
        if not self._since_utc:
            return lower
        return _TIME.sub(lambda told: b"" if told[1] >= self._since_utc else told[0], lower)


def search_package(folder: Path, secrets: Iterable[Secret], *, since_utc: str = "") -> list[Finding]:
    """Every secret that is found in a package, and every part of a PNG file that is more than its pixels.

    Args:
        folder: of the package; all files in it are looked at.
        secrets: what must not be found.
        since_utc: when the making of the package began, ISO 8601 in UTC to the second: such times from then on are its
            own and tell nothing. Empty: there are none.
    """
    listed = _Searched(secrets, since_utc)
    found: list[Finding] = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        found += _in_file(path, path.relative_to(folder).as_posix(), listed)
    return list(dict.fromkeys(found))


def search_file(path: Path, name: str, secrets: Iterable[Secret], *, since_utc: str = "") -> list[Finding]:
    """The same in a single file, under the name that it is to have."""
    return list(dict.fromkeys(_in_file(path, name, _Searched(secrets, since_utc))))


def _in_file(path: Path, name: str, listed: _Searched) -> Iterator[Finding]:
    yield from _in_text(name.replace("_", " ").replace("/", " / "), listed, f"the name {name}")
    yield from _in_text(name, listed, f"the name {name}")
    if path.suffix.lower() in STUDY_SUFFIXES:
        yield from _in_study(path, listed, name)
    elif path.suffix == ".png":
        yield from _in_png(path.read_bytes(), listed, name)
    else:
        yield from _in_bytes(path.read_bytes(), listed.long, name)


def _spellings(day: str) -> list[str]:
    when = date.fromisoformat(day)
    forms = ("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y.%m.%d", "%Y:%m:%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y")
    month = MONTHS[when.month - 1]  # strftime would name it in the language of the machine
    day_year = f"{when.day}", f"{when.year}"
    named = [(name, *day_year) for name in (month, month[:3])]
    told = [f"{d} {m} {y}" for m, d, y in named] + [f"{m} {d}, {y}" for m, d, y in named]
    return [when.strftime(form) for form in forms] + told + [f"0{text}" for text in told[:2] if when.day < 10]


def _in_study(path: Path, secrets: _Searched, name: str) -> Iterator[Finding]:
    """In every value of text, and in the bytes of the file, but for the words that are in every study file."""
    content, _ = read_content(path)
    for attribute, value in content.attributes.items():
        if isinstance(value, str):
            yield from _in_text(value, secrets, f"{name}, attribute {attribute}")
    for group, columns in content.groups.items():
        for column, values in columns.items():
            if values.dtype.kind == "S":
                for text in sorted({bytes(value) for value in values.tolist()}):
                    yield from _in_text(text.decode("utf-8", "replace"), secrets, f"{name}, /{group}/{column}")
    usual = _empty_study()
    long = [s for s in secrets.all if len(s.text) >= RAW and folded(s.text).encode() not in usual]
    data = path.read_bytes()
    with image_files(path) as pictures:
        for image_id, read in pictures.items():
            picture = read()
            yield from _in_png(picture, secrets, f"{name}, the picture {image_id}")
            data = _without(data, picture)
    data = secrets.without_own_times(data.lower())
    yield from _in_bytes(data, _maybe_in_bytes(data, long), name)


def _without(data: bytes, picture: bytes) -> bytes:
    """A study file without the bytes of a picture, in which chance would find short words; it lies there in pieces."""
    kept, at = [], 0
    for start in range(0, len(picture), IMAGE_CHUNK_BYTES):
        piece = picture[start : start + IMAGE_CHUNK_BYTES]
        place = data.find(piece, at)
        if place >= 0:
            kept.append(data[at:place])
            at = place + len(piece)
    return b"".join([*kept, data[at:]])


def _empty_study() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.h5"
        write_content(path, content_of(Study("", ""), [], []), {})
        return path.read_bytes().lower()


def _in_png(data: bytes, secrets: _Searched, name: str) -> Iterator[Finding]:
    """In every chunk but the pixels; and any chunk that is more than these is a finding of its own."""
    at = PNG_HEAD
    while at + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        if kind not in PIXELS_ONLY:
            yield Finding(Secret("metadata", kind.decode("latin-1")), name)
            yield from _in_bytes(data[at + 8 : at + 8 + length], secrets.long, name)
        at += 12 + length
        if kind == b"IEND":
            break
    if at != len(data):
        yield Finding(Secret("metadata", "bytes after the picture"), name)


def _in_text(text: str, secrets: _Searched, where: str) -> Iterator[Finding]:
    plain = folded(text)
    if not plain:
        return
    for secret, wanted in secrets.maybe_in(plain):
        if secret.is_short:
            if plain.strip() == wanted:
                yield Finding(secret, where)
        elif wanted in plain and re.search(rf"(?<![^\W_]){re.escape(wanted)}(?![^\W_])", plain):
            yield Finding(secret, where)


def _in_bytes(data: bytes, secrets: list[Secret], where: str) -> Iterator[Finding]:
    lower = data.lower()
    for secret in secrets:
        if any(spelt in lower for spelt in _encoded(secret)):
            yield Finding(secret, where)


def _encoded(secret: Secret) -> list[bytes]:
    return [secret.text.lower().encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")]


def _maybe_in_bytes(data: bytes, secrets: list[Secret]) -> list[Secret]:
    """Those whose first `RAW` bytes are somewhere in the data: to look for each of thousands would take hours."""
    first = [[int.from_bytes(spelt[:RAW], "big") for spelt in _encoded(secret)] for secret in secrets]
    wanted = np.array(first, dtype=np.uint64).reshape(-1, 3)
    there = np.zeros(wanted.shape, dtype=np.bool_)
    values = np.frombuffer(data, dtype=np.uint8)
    for start in range(0, len(values), AT_ONCE):
        part = values[start : start + AT_ONCE + RAW - 1].astype(np.uint64)
        windows = np.zeros(max(0, len(part) - RAW + 1), dtype=np.uint64)
        for k in range(RAW):
            windows = (windows << np.uint64(8)) | part[k : k + len(windows)]
        there |= np.isin(wanted, windows)
    return [secret for secret, found in zip(secrets, there.tolist(), strict=True) if any(found)]
