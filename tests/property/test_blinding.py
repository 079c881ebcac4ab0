"""Whatever study it is: a work file tells nothing of it, and what a reader does in it comes back as it is."""

import contextlib
import itertools
import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random
from types import MappingProxyType

import h5py
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.property.random_edits import EDITS
from tests.workstation.blinding.blinded_trial import OWNER, blinded_trial
from workstation.blinding.merging import merge_work_file
from workstation.blinding.packing import Order, make_package
from workstation.edits import NothingToDo
from workstation.edits.review import submit
from workstation.errors import EditRefused
from workstation.model.package import Start
from workstation.model.study import Subject
from workstation.session import create_study, open_study
from workstation.storage import strangers
from workstation.storage.annotation import annotation_digest
from workstation.storage.reader import read_study
from workstation.storage.verify import verify

FEW = settings(max_examples=3, deadline=None, phases=(Phase.generate,))
words = st.text(st.sampled_from("ABCDEGHKLMNPQRSTWXYZ0123456789-_ éß毛"), min_size=4, max_size=12).map(str.strip)
names = words.filter(lambda text: len(text) >= 4 and not text.isdigit())


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return blinded_trial(tmp_path_factory.mktemp("made") / "study")


@contextlib.contextmanager
def on_their_own():
    """A folder for one example; files are read without a worker, which takes most of the time."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(strangers.child, "inside", True)
        patch.setenv("TRICHODESK_HOME", f"{folder}/home")
        yield Path(folder)


def renamed(path, draw):
    """The study with other codes, names, notes and readers; a file of its own."""
    study = read_study(path).study
    subjects = draw(st.lists(names, min_size=3, max_size=3, unique_by=str.casefold))
    code = dict(zip(sorted(study.subjects), subjects, strict=True))
    visits = {i: replace(v, subject=code[v.subject], name=f"{v.name} {draw(names)}") for i, v in study.visits.items()}
    secret = [*subjects, *(v.name for v in visits.values())]
    images = {}
    for i, image in study.images.items():
        note, device, site = draw(names), draw(names), draw(names)
        secret += [note, device, site]
        images[i] = replace(image, notes=MappingProxyType({"by": note}), device=device, site=site)
    reader = draw(names)
    reads = {i: replace(r, reader=reader) if r.editable else r for i, r in study.reads.items()}
    changed = replace(
        study, subjects={c: Subject(c, grade=draw(names)) for c in subjects}, visits=visits, images=images, reads=reads,
        events={}, id="0d1d9b3e-3f6e-4c3a-9a39-0a6b1f9f2f12",
    )  # fmt: skip
    target = path.with_name("renamed.h5")
    create_study(target, changed, user=OWNER)
    return target, [*secret, reader, *(v.date for v in visits.values())]


def every_text(path):
    """All texts and the raw bytes of a file, read by h5py alone; pictures apart."""
    found = []
    with h5py.File(path) as file:
        found += [str(value) for value in file.attrs.values()]
        for group in file.values():
            if group.name == "/image_files":
                continue
            for column in group.values():
                values = column[:]
                found += [v.decode() for v in values.tolist()] if values.dtype.kind == "S" else []
                found += [values.tobytes().decode("utf-8", "replace")] if values.dtype == "u1" else []
    return "\n".join(found)


@FEW
@given(st.data(), st.sampled_from(Start), st.sampled_from([0.0, 0.3, 1.0]))
def test_whatever_the_study_nothing_of_it_is_in_the_work_file(made, data, start, share):
    with on_their_own() as folder:
        path = shutil.copytree(made.parent, folder / "study") / made.name
        study, secret = renamed(path, data.draw)
        with open_study(study, OWNER) as session:
            make_package(session, folder / "w.h5", Order("Bob", start, share))
        text = every_text(folder / "w.h5")
        for word in filter(None, secret):
            assert word not in text
        assert all(finding.holds for finding in verify(folder / "w.h5"))


def at_random(draw, work, reader, image_ids):
    """Have a reader edit at random what is handed out, undo some of it, and submit it; gives what the reads say."""
    with open_study(work, reader) as session:
        document, said = session.document, {}
        for image_id in image_ids:
            read = document.current_reader_read(image_id)
            for name in draw(st.lists(st.sampled_from(sorted(EDITS)), max_size=6)):
                with contextlib.suppress(EditRefused, NothingToDo):
                    document.apply(EDITS[name](draw, document.study.reads[read.id], document.study.images[image_id]))
            done = document.history.done
            if draw(st.booleans()) and done and done[-1].patch.read_id == read.id:  # not what was done elsewhere
                document.undo()
            with contextlib.suppress(NothingToDo):  # one of the edits at random was that
                document.apply(submit(document.study.reads[read.id]))
            said[image_id] = annotation_digest(document.study.reads[read.id])
        session.save()
    return said


@FEW
@given(st.data(), st.sampled_from(Start))
def test_two_readers_work_comes_back_as_it_is_in_any_order(made, data, start):
    with on_their_own() as folder:
        path = shutil.copytree(made.parent, folder / "study") / made.name
        expected = Counter()
        with open_study(path, OWNER) as session:
            packages = {
                reader: make_package(session, folder / f"{n}.h5", Order(reader, start, 0.3), chance=Random(n)).package
                for n, reader in enumerate(("Bob", "Cyra Wu"))
            }
        for n, (reader, package) in enumerate(packages.items()):
            numbers = data.draw(st.permutations(range(1, len(package.items) + 1)))[:3]
            said = at_random(data.draw, folder / f"{n}.h5", reader, numbers)
            items = {item.package_image_id: item for item in package.items}
            expected.update((reader, items[i].image_id, items[i].repeat, digest) for i, digest in said.items())
        for order in itertools.permutations(range(2)):
            copy = shutil.copytree(path.parent, folder / f"copy {order}") / path.name
            with open_study(copy, OWNER) as session:
                for n in order:
                    merge_work_file(session, folder / f"{n}.h5")
                reads = [read for read in session.study.reads.values() if read.package]
                assert Counter((r.reader, r.image_id, r.repeat, annotation_digest(r)) for r in reads) == expected
                assert {packages[r.reader].id for r in reads} == {r.package for r in reads}
            assert all(finding.holds for finding in verify(copy))
