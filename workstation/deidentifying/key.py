"""What stands for what in a de-identified study: the one place where the original is still told."""

import csv
import io
import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from string import ascii_uppercase
from types import MappingProxyType

from workstation.clock import MONTHS
from workstation.errors import UserFacingError
from workstation.file_names import folded, safe_name, words_of
from workstation.formulas import guarded
from workstation.importing.guessing import SITES
from workstation.model.read import DETECTOR
from workstation.model.study import Study, Visit
from workstation.storage.atomic import explain

PREFIXES = ("P", "Q", "X", "Z", "PX", "QX")
"""Of subject codes; the first is taken whose codes are none of the original's."""
READER_WORDS = ("reader", "rater", "observer")
"""Of readers' codes, likewise."""
OWNER_ONLY = 0o600
_MONTH = "|".join(f"{month}|{month[:3]}" for month in MONTHS)
_DAY = re.compile(
    r"\d{4}[-_./]?\d\d[-_./]?\d\d|\d{1,2}[-_./]\d{1,2}[-_./]\d{2,4}"
    rf"|\d[\W_]*(?:{_MONTH})(?![^\W\d_])|(?<![^\W\d_])(?:{_MONTH})[\W_]*\d",
    re.IGNORECASE,
)
Shuffle = Callable[[list[str]], None]


@dataclass(frozen=True, slots=True)
class Key:
    """Original to code."""

    subjects: Mapping[str, str]
    readers: Mapping[str, str]
    visits: Mapping[int, str]
    """The name of each visit, by its original id."""
    sites: Mapping[str, str]
    images: Mapping[int, str]
    """The file name of each image, by its original id."""


def make_key(study: Study, shuffle: Shuffle) -> Key:
    """Codes for a study's subjects and readers, in an order that `shuffle` makes, and neutral names for the rest.

    Names of visits and sites stay as they are unless they tell a day, a subject's code, a reader or an image's file.
    """
    subjects = _coded(list(study.subjects), _subject_codes(study), shuffle)
    readers = _coded(sorted(_readers(study)), _reader_codes(_readers(study)), shuffle)
    telling = [*study.subjects, *readers, *_stems(study)]
    visits = _visit_names(study, telling)
    sites = _site_names(study, telling)
    return Key(subjects, readers, visits, sites, _image_names(study, subjects, visits, sites))


def write_key(path: Path, key: Key, study: Study, new_study_id: str, masked: Mapping[int, int]) -> None:
    """Write the key as a CSV file that its owner alone may read; a file that is there is never replaced.

    Args:
        path: the file.
        key: the key.
        study: the original.
        new_study_id: of the de-identified one.
        masked: how many regions of each image were masked, by its original id.

    Raises:
        UserFacingError: if it cannot be written.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("kind", "original", "code", "subject", "visit", "site", "date", "masked_regions"))
    writer.writerow(("study", study.id, new_study_id))
    writer.writerows(("subject", *map(guarded, pair)) for pair in key.subjects.items())
    writer.writerows(("reader", *map(guarded, pair)) for pair in key.readers.items())
    for id_, image in study.images.items():
        visit = study.visits[image.visit_id]
        told = image.source_name or image.path, key.images[id_], visit.subject, visit.name, image.site, visit.date
        writer.writerow(("image", *map(guarded, told), masked[id_]))
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        try:
            with os.fdopen(opened, "w", encoding="utf-8") as file:
                file.write(text.getvalue())
        except OSError:
            path.unlink(missing_ok=True)
            raise
    except FileExistsError as error:
        raise UserFacingError(
            "there is already a file of this name", file=path, remedy="Choose another name for the key."
        ) from error
    except OSError as error:
        raise explain(error, path) from error


def _coded(originals: list[str], codes: Sequence[str], shuffle: Shuffle) -> Mapping[str, str]:
    shuffle(originals)
    return MappingProxyType(dict(zip(originals, codes, strict=True)))


def _subject_codes(study: Study) -> list[str]:
    width = max(2, len(str(len(study.subjects))))
    taken = {folded(subject) for subject in study.subjects}
    for prefix in PREFIXES:
        codes = [f"{prefix}{i:0{width}}" for i in range(1, len(study.subjects) + 1)]
        if not taken & set(map(folded, codes)):
            return codes
    return [f"subject {i:0{width}} of {len(study.subjects)}" for i in range(1, len(study.subjects) + 1)]


def _reader_codes(readers: Collection[str]) -> list[str]:
    taken = {folded(reader) for reader in readers}
    for word in READER_WORDS:
        codes = [f"{word} {letters_of(i)}" for i in range(len(readers))]
        if not taken & set(map(folded, codes)):
            return codes
    return [f"reader {letters_of(i)} of {len(readers)}" for i in range(len(readers))]


def _readers(study: Study) -> set[str]:
    """Who is named by what stays: whoever made a read or decided on one, or on a match."""
    names = {name for read in study.reads.values() for name in (read.reader, read.review.decided_by)}
    names |= {decision.reader for pair in study.pairs.values() for decision in pair.decisions.values()}
    return names - {DETECTOR, ""}


def letters_of(number: int) -> str:
    """A for 0, B, … Z, AA, AB, …"""
    more, last = divmod(number, len(ascii_uppercase))
    return (letters_of(more - 1) if more else "") + ascii_uppercase[last]


def _stems(study: Study) -> list[str]:
    return [Path(image.source_name or image.path).stem for image in study.images.values()]


def _tells(name: str, telling: Iterable[str]) -> bool:
    """Whether a name holds a day, or the words of what is to be hidden, whatever stands between these.

    Areas of the scalp tell nothing.
    """
    if all(word in (*SITES, "left", "right", "scalp") for word in folded(name).split()):
        return False
    words = _words(name)
    return bool(_DAY.search(name)) or any(told in words for text in telling if (told := _words(text)).strip())


def _words(text: str) -> str:
    """The letters and digits of a text with a space between its words and around them."""
    return f" {' '.join(words_of(text))} "


def _site_names(study: Study, telling: Sequence[str]) -> dict[str, str]:
    there = {image.site for image in study.images.values()} | ({study.plan.control_site} - {""})
    names = {site: site for site in there if not _tells(site, telling)}
    taken = {folded(name) for name in names}
    free = (name for i in count(1) if (name := f"site {i}") not in taken)
    return names | {site: next(free) for site in sorted(there - set(names))}


def _visit_names(study: Study, telling: Sequence[str]) -> dict[int, str]:
    """A name for each visit, unique within its subject."""
    names: dict[int, str] = {}
    by_subject: dict[str, list[Visit]] = {}
    for visit in study.visits.values():
        by_subject.setdefault(visit.subject, []).append(visit)
    for visits in by_subject.values():
        ordered = sorted(visits, key=lambda v: (v.week is None, v.week or 0.0, v.date, v.id))
        kept = {visit.id: visit.name for visit in ordered if not _tells(visit.name, telling)}
        taken = {folded(name) for name in kept.values()}
        for place, visit in enumerate(ordered, start=1):
            in_weeks = [] if visit.week is None else [f"week {visit.week:g}"]
            tried = chain(in_weeks, (f"visit {i}" for i in count(place)))
            names[visit.id] = kept.get(visit.id) or next(name for name in tried if name not in taken)
            taken.add(folded(names[visit.id]))
    return names


def _image_names(
    study: Study, subjects: Mapping[str, str], visits: Mapping[int, str], sites: Mapping[str, str]
) -> dict[int, str]:
    names: dict[int, str] = {}
    taken: set[str] = set()
    for id_, image in study.images.items():
        parts = subjects[study.visits[image.visit_id].subject], visits[image.visit_id], sites[image.site]
        stem = safe_name("_".join("-".join(part.split()) for part in parts)).replace(".", "-")
        number, name = 2, stem
        while folded(name) in taken:
            name, number = f"{stem}_{number}", number + 1
        taken.add(folded(name))
        names[id_] = f"{name}.png"
    return names
