"""Making a work file for a blinded reader: prepared beside its place, searched, noted in the study, only then there.

The study knows of a work file before there is one: a program that is killed in between leaves a package that was never
handed out, never a work file that no study would take back.
"""

import contextlib
import os
import secrets
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from analysis.progress import Report, silent
from workstation.blinding.ordering import groups_of, presentations
from workstation.blinding.pictures import encodings
from workstation.blinding.searching import findings_in, hidden_words
from workstation.blinding.work_file import HandedPicture, handed_sha256, items_of, work_study
from workstation.clock import utc_seconds
from workstation.counting import counted
from workstation.deidentifying.pictures import masked_pixels
from workstation.document import Document
from workstation.endpoints import um_per_px
from workstation.errors import UserFacingError
from workstation.images import load_of
from workstation.model.package import Blinding, Package, Start
from workstation.model.patch import Change, Kind, Patch
from workstation.model.read import DETECTOR, Read
from workstation.model.study import Study
from workstation.model.validity import storable
from workstation.permissions import owners_of
from workstation.session import Session
from workstation.storage.atomic import retrying, sync_folder
from workstation.storage.codec import sha256_hex
from workstation.writing import create_study

STUDY_SUFFIXES = (".h5", ".hdf5")
FINDINGS_SHOWN = 10
LOOK_AT_EACH = "Look at the pictures before you hand it over: what is not found in them cannot be masked."


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be handed to whom."""

    reader: str
    start: Start = Start.DETECTION
    repeats: float = 0.1
    """Share of the subject–site pairs that are shown twice, 0 to 1."""
    image_ids: tuple[int, ...] | None = None
    """In the study; None: all."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A work file that is ready and not handed out yet."""

    package: Package
    path: Path
    """Where it will be."""
    temporary: Path
    """Where it is."""
    masked: Mapping[int, int] = field(default_factory=dict)
    """How many regions were masked, by the study's image; only images that have some."""
    notes: tuple[str, ...] = ()
    """What its maker should know."""

    @property
    def patch(self) -> Patch:
        """The edit by which the study knows of it."""
        return Patch("make package", None, (Change(Kind.PACKAGE, 0, None, self.package),))

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is said of it."""
        items = self.package.items
        n_codes, n_images = len({item.code for item in items}), len({item.image_id for item in items})
        n_again = len({item.code for item in items if item.repeat})
        again = f", {n_again} of them shown a second time" if n_again else ""
        masked = f"Text and margins were masked in {len(self.masked)} of {counted(n_images, 'image')}."
        made = f"{counted(n_codes, 'pair')} with {counted(len(items), 'picture')}{again}."
        return (made, masked, *self.notes, LOOK_AT_EACH)


def prepare_package(
    session: Session, path: Path, order: Order, *, chance: Random | None = None, report: Report = silent
) -> Prepared:
    """Make a work file in a hidden file beside its place, and search it. On any thread; the study is not changed.

    Args:
        session: the open study.
        path: where the work file is to be.
        order: what is to be in it.
        chance: where randomness comes from; None: the system's own, which nobody can foretell.
        report: told of the progress; may cancel.

    Raises:
        UserFacingError: if the user may not, an image is missing or was not detected, something cannot be written, or
            the search finds something. Nothing is then left behind.
        Cancelled: if the report asks for it.
    """
    study, chance = session.study, chance or secrets.SystemRandom()
    image_ids = tuple(study.images) if order.image_ids is None else order.image_ids
    refuse_unlisted(study, session.document.user)
    _refuse(study, path, order, image_ids)
    detections = _detections(study, image_ids) if order.start is Start.DETECTION else {}
    shown = presentations(groups_of(study, image_ids), order.repeats, chance, hidden_words(study))
    data, masked = _pictures(session, [i for one in shown for i in one.image_ids], chance, report)
    now_utc, package_id = utc_seconds(), str(uuid.uuid4())
    pictures = {number: picture for number, (picture, _) in data.items()}
    items = items_of(shown, pictures)
    work = work_study(
        study, items, pictures, detections, Blinding(package_id, order.reader.strip(), order.start), now_utc
    )
    package = Package(
        id=package_id,
        reader=order.reader.strip(),
        created_utc=now_utc,
        created_by=session.document.user,
        start=order.start,
        study_id=work.id,
        handed_sha256=handed_sha256(work),
        items=items,
    )
    temporary = path.with_name(f".{path.stem[:80]}.{uuid.uuid4().hex[:12]}.tmp{path.suffix}")
    with contextlib.ExitStack() as stack:
        stack.callback(temporary.unlink, missing_ok=True)
        report("writing", 0.9)
        create_study(temporary, work, user=DETECTOR, image_files={number: png for number, (_, png) in data.items()})
        report("searching the package", 0.95)
        _refuse_findings(findings_in(temporary, path.name, study, session.path, work), path)
        stack.pop_all()
    return Prepared(package, path, temporary, masked, tuple(_notes(study, order, image_ids)))


def hand_out(document: Document, prepared: Prepared) -> None:
    """Note a prepared work file in the study and put it in its place; in the thread that the document belongs to.

    Raises:
        UserFacingError: if the study cannot be changed, or the file not be put there. No work file is then left.
    """
    try:
        _refuse_place(prepared.path)
        document.apply(prepared.patch)
        retrying(os.replace, prepared.temporary, prepared.path)
        sync_folder(prepared.path.parent)
    except OSError as error:
        raise UserFacingError(
            f"the work file could not be put there ({error.strerror or error})",
            file=prepared.path,
            remedy="Make another one in another place.",
        ) from error
    finally:
        discard(prepared)


def discard(prepared: Prepared) -> None:
    """Remove a prepared work file that is not handed out."""
    prepared.temporary.unlink(missing_ok=True)


def make_package(
    session: Session, path: Path, order: Order, *, chance: Random | None = None, report: Report = silent
) -> Prepared:
    """Make a work file, note it in the study and save that. Arguments and errors as `prepare_package`."""
    prepared = prepare_package(session, path, order, chance=chance, report=report)
    hand_out(session.document, prepared)
    session.save()
    return prepared


def refuse_unlisted(study: Study, user: str) -> None:
    """See that somebody may make and merge work files: an owner where the study names one, else everybody.

    Raises:
        UserFacingError: if not.
    """
    owners = owners_of(study.people)
    if owners and user not in owners:
        raise UserFacingError(
            f"only an owner of the study makes and merges work files, and {user} is none",
            remedy=f"Ask {' or '.join(sorted(owners))}.",
        )


def _refuse(study: Study, path: Path, order: Order, image_ids: Sequence[int]) -> None:
    reader = order.reader.strip()
    if not reader or reader == DETECTOR or not storable(reader):
        raise UserFacingError("a work file needs its reader's name", remedy="Give the name that is in their settings.")
    if not 0 <= order.repeats <= 1:
        raise UserFacingError(
            f"{100 * order.repeats:g} % is no share of pairs to show twice", remedy="Give 0 % to 100 %."
        )
    if study.blinding is not None:
        raise UserFacingError("this is a work file itself", remedy="Make work files from the study.")
    if not image_ids:
        raise UserFacingError("the study has no images to hand out", remedy="Add images first.")
    if missing := [i for i in image_ids if i not in study.images]:
        raise UserFacingError(f"the study has no image {missing[0]}")
    _refuse_place(path)


def _refuse_place(path: Path) -> None:
    if path.suffix.lower() not in STUDY_SUFFIXES:
        raise UserFacingError("the name of a work file ends in .h5", file=path, remedy="Choose such a name.")
    if path.exists():
        raise UserFacingError("there is already a file of this name", file=path, remedy="Choose another name.")
    if not path.absolute().parent.is_dir():
        raise UserFacingError("the folder does not exist", file=path.absolute().parent, remedy="Make it first.")


def _detections(study: Study, image_ids: Sequence[int]) -> dict[int, Read]:
    """The latest detection of each image."""
    found: dict[int, Read] = {}
    for image_id in image_ids:
        reads = [read for read in study.reads_of(image_id) if not read.editable]
        if not reads:
            raise UserFacingError(
                f"nothing was detected yet in image {study.images[image_id].source_name or image_id}",
                remedy="Detect first, or let the reads start blank.",
            )
        found[image_id] = reads[-1]
    return found


def _pictures(
    session: Session, shown: Sequence[int], chance: Random, report: Report
) -> tuple[dict[int, tuple[HandedPicture, bytes]], dict[int, int]]:
    """The pictures by their numbers in the work file, and in how many places each image was masked.

    Args:
        session: the open study.
        shown: the images in the order in which the reader meets them.
        chance: where randomness comes from.
        report: told of the progress.
    """
    home, study = session.path.parent, session.study
    times, found, masked = Counter(shown), {}, {}
    numbers: dict[int, list[int]] = {}
    for number, image_id in enumerate(shown, start=1):
        numbers.setdefault(image_id, []).append(number)
    for done, image_id in enumerate(sorted(times)):
        report("masking and writing pictures", 0.9 * done / len(times))
        record = study.images[image_id]
        pixels = load_of(home, record, embedded=lambda image: session.image_file(image.id)).pixels
        clean, outlines = masked_pixels(pixels, um_per_px(record))
        height, width = clean.shape[:2]
        for number, png in zip(numbers[image_id], encodings(clean, times[image_id], chance), strict=True):
            found[number] = HandedPicture(sha256_hex(png), width, height), png
        if outlines:
            masked[image_id] = len(outlines)
    return {number: found[number] for number in sorted(found)}, masked


def _notes(study: Study, order: Order, image_ids: Sequence[int]) -> list[str]:
    reader, notes = order.reader.strip(), []
    known = {
        read.image_id for read in study.reads.values() if read.editable and read.reader == reader and not read.repeat
    }
    if n := len(known & set(image_ids)):
        notes.append(f"{reader} has a read of {counted(n, 'of these images', 'of these images')} already.")
    if study.people and reader not in study.people:
        notes.append(f"{reader} is not among the people of the study.")
    n_alone = sum(len(group) == 1 for group in groups_of(study, image_ids))
    if n_alone:
        notes.append(f"{counted(n_alone, 'place has', 'places have')} one picture alone, and nothing to compare with.")
    return notes


def _refuse_findings(found: Sequence[str], path: Path) -> None:
    if not found:
        return
    shown = list(found[:FINDINGS_SHOWN])
    if len(found) > FINDINGS_SHOWN:
        shown.append(f"… and {len(found) - FINDINGS_SHOWN} more")
    raise UserFacingError(
        "\n  ".join(["the work file was not kept, for it still held what should not be in it:", *shown]),
        file=path,
        remedy="Choose another name for the file, or change these texts in a copy of the study.",
    )
