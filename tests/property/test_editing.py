"""Whatever is edited, undone, redone, saved and opened again: the read stays valid and every state comes back."""

import contextlib
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from analysis.calibration import Calibration, CalibrationSource
from analysis.matching.match import Level, Ruling
from tests.property.random_edits import EDITS, HEIGHT_PX, WIDTH_PX
from tests.property.random_pair_edits import PAIR_EDITS, PAIR_ID
from tests.workstation.small_study import make_hair, make_read, make_study
from workstation import edits
from workstation.document import Document
from workstation.edits import pairs
from workstation.endpoints import endpoints_of
from workstation.errors import EditRefused
from workstation.history import History
from workstation.image_names import image_names
from workstation.model.field import Field
from workstation.model.pair import Pair
from workstation.model.pair_validity import pair_problems
from workstation.model.read import DETECTOR, ReadState
from workstation.model.screening import read_problems
from workstation.model.study import ImageRecord
from workstation.model.validity import problems
from workstation.session import create_study, open_study
from workstation.storage.verify import Check, verify
from workstation.trial.overview import overview
from workstation.trial.schedule import attendance

IMAGE = ImageRecord(
    1, 1, "vertex", "study.images/1.png", "0" * 64, WIDTH_PX, HEIGHT_PX, Calibration(10.0, CalibrationSource.MANIFEST)
)
LATER = replace(IMAGE, id=2, visit_id=2, path="study.images/2.png")
HAIRS = [
    make_hair(1, 5, [[20, 20], [22, 40], [20, 60]]),
    make_hair(2, 5, [[24, 20], [40, 40]], 3.0),
    make_hair(3, 6, [[100, 100], [130, 100]]),
    make_hair(4, None, [[0, 120], [40, 120]]),
]
READ_ID = 2


def first_study():
    field = Field.whole_image(WIDTH_PX, HEIGHT_PX)
    detected = make_read(HAIRS, id_=1, field=field, reader=DETECTOR, state=ReadState.DETECTED)
    own = make_read(HAIRS, id_=READ_ID, field=field, based_on=1)
    later = make_read(HAIRS[1:], id_=3, image_id=2, field=field)
    pairs = MappingProxyType({PAIR_ID: Pair(PAIR_ID, 1, 2)})
    return make_study([detected, own, later], [IMAGE, LATER], pairs=pairs)


class List:
    """A journal in memory."""

    def __init__(self):
        self.entries = []

    def append(self, entry):
        self.entries.append(entry)


class Editing(RuleBasedStateMachine):
    """Ada at work, with a plain list of states beside the document to compare it with.

    `restarted` is what a subclass makes other: how the document comes back after the program ended.
    """

    @initialize()
    def begin(self):
        self.journal = List()
        self.document = self.started()
        self.states = [self.document.study]
        self.now = 0
        self.ids_seen = self.ids()
        self.pair_ids_seen = self.pair_ids()

    def started(self):
        return Document(first_study(), self.journal, "Ada")

    def restarted(self):
        return Document(self.document.study, self.journal, "Ada", History.replay(self.journal.entries, "Ada"))

    @property
    def read(self):
        return self.document.study.reads[READ_ID]

    def ids(self):
        return {*self.read.hairs, *self.read.units, *(e.id for e in self.read.field.exclusions)}

    @property
    def pair(self):
        return self.document.study.pairs[PAIR_ID]

    def pair_ids(self):
        return {*self.pair.landmarks, *self.pair.decisions}

    def do(self, make_patch):
        before = self.document.study
        try:
            self.document.apply(make_patch())
        except EditRefused:
            assert self.document.study is before
            return
        self.states = [*self.states[: self.now + 1], self.document.study]
        self.now += 1
        came = self.ids() - {*before.reads[READ_ID].hairs, *before.reads[READ_ID].units}
        came -= {e.id for e in before.reads[READ_ID].field.exclusions}
        assert not came & self.ids_seen, "an id was given twice"
        self.ids_seen |= came
        came = self.pair_ids() - {*before.pairs[PAIR_ID].landmarks, *before.pairs[PAIR_ID].decisions}
        assert not came & self.pair_ids_seen, "an id was given twice in a pair"
        self.pair_ids_seen |= came

    @rule(data=st.data(), name=st.sampled_from(sorted(EDITS)))
    def edit(self, data, name):
        self.do(lambda: EDITS[name](data.draw, self.read, self.document.study.images[1]))

    @rule(data=st.data(), name=st.sampled_from(sorted(PAIR_EDITS)))
    def edit_pair(self, data, name):
        self.do(lambda: PAIR_EDITS[name](data.draw, self.document.study))

    @rule(um_per_px=st.sampled_from([None, 0.0, 5.0, 10.0]))
    def calibrate(self, um_per_px):
        self.do(lambda: edits.set_calibration(self.document.study, 1, um_per_px))

    @rule(vellus=st.sampled_from([30.0, 40.0]))
    def cut_off(self, vellus):
        self.do(lambda: edits.set_cutoffs(self.document.study, vellus, 60.0))

    @rule(steps=st.integers(1, 4))
    def undo(self, steps):
        for _ in range(steps):
            assert (self.document.undo() is None) is (self.now == 0)
            self.now = max(self.now - 1, 0)

    @rule(steps=st.integers(1, 4))
    def redo(self, steps):
        for _ in range(steps):
            last = len(self.states) - 1
            assert (self.document.redo() is None) is (self.now == last)
            self.now = min(self.now + 1, last)

    @rule()
    def undo_everything_and_redo_it(self):
        self.undo(self.now + 1)
        self.everything_is_as_expected()
        self.redo(len(self.states))

    @rule()
    def restart(self):
        self.document = self.restarted()

    @invariant()
    def everything_is_as_expected(self):
        expected, found = self.states[self.now], self.document.study
        assert problems(self.read, IMAGE) == []
        assert self.read.same_content(expected.reads[READ_ID])
        assert found.reads[1] == first_study().reads[1]
        assert (found.images, found.cutoffs) == (expected.images, expected.cutoffs)
        assert self.read.next_id > max(self.ids_seen)
        assert pair_problems(found) == []
        assert replace(self.pair, next_id=1) == replace(expected.pairs[PAIR_ID], next_id=1)
        assert self.pair.next_id > max(self.pair_ids_seen, default=0)
        assert found.rules == expected.rules
        assert (self.document.can_undo, self.document.can_redo) == (self.now > 0, self.now < len(self.states) - 1)

    @invariant()
    def what_is_remembered_is_what_follows(self):
        study = self.document.study
        for read in study.reads.values():
            afresh = endpoints_of(study, replace(read))
            assert repr(endpoints_of(study, read)) == repr(afresh)
        anew = replace(study)  # remembers nothing
        assert image_names(study) == image_names(anew)
        assert [study.read_in_use(i) for i in study.images] == [anew.read_in_use(i) for i in anew.images]
        assert overview(study) == overview(anew)
        assert attendance(study) == attendance(anew)
        assert list(read_problems(study)) == []


class EditingFiles(Editing):
    """The same with a real study file and its journal: saved or not, everything comes back."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.home = os.environ.get("TRICHODESK_HOME")
        os.environ["TRICHODESK_HOME"] = str(self.folder / "home")
        self.path = self.folder / "study.h5"
        self.session = None

    def teardown(self):
        if self.session is not None:
            self.session.close()
        if self.home is None:
            del os.environ["TRICHODESK_HOME"]
        else:
            os.environ["TRICHODESK_HOME"] = self.home
        shutil.rmtree(self.folder)

    def started(self):
        create_study(self.path, first_study(), user="Ada")
        return self.opened()

    def opened(self):
        self.session = open_study(self.path, "Ada")
        assert self.session.read_only_because is None
        assert self.session.recovered.notices == ()
        return self.session.document

    def restarted(self):
        n_unsaved, next_ids = self.session.n_unsaved, (self.read.next_id, self.pair.next_id)
        self.session.close()
        document = self.opened()
        assert self.session.recovered.n_edits == n_unsaved
        study = document.study
        assert (study.reads[READ_ID].next_id, study.pairs[PAIR_ID].next_id) == next_ids
        return document

    @rule()
    def save(self):
        self.session.save()
        assert self.session.n_unsaved == 0

    @precondition(lambda self: self.session is not None)
    @rule()
    def save_and_restart(self):
        self.save()
        self.restart()
        faults = [finding for finding in verify(self.path) if not finding.holds]
        assert {finding.check for finding in faults} <= {Check.IMAGES}  # of them there are no files


class TestEditing(Editing.TestCase):
    settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


class TestEditingFiles(EditingFiles.TestCase):
    settings = settings(max_examples=6, stateful_step_count=20, deadline=None)


PREPARATIONS = (
    lambda read: edits.set_field_rectangle(read, IMAGE, [0, 0], [190, 140]),
    lambda read: edits.add_exclusion(read, IMAGE, [[5, 5], [60, 5], [60, 60]]),
    lambda read: edits.set_width(read, [1, 2, 3, 4], 9.5),
    lambda read: edits.split_hair(read, 1, 20.0),
)
"""What there must be to take back, join or include again."""


@pytest.mark.parametrize("name", sorted(EDITS))
def test_every_random_edit_is_possible_sometimes(name):
    """Of an edit that is always refused, the machines would prove nothing."""
    document = Document(first_study(), List(), "Ada")
    for prepare in (*PREPARATIONS, edits.submit) if name == "withdraw" else PREPARATIONS:
        document.apply(prepare(document.study.reads[READ_ID]))
    read = document.study.reads[READ_ID]
    done = []

    @settings(max_examples=60, deadline=None, phases=[Phase.generate], database=None, derandomize=True)
    @given(st.data())
    def attempt(data):
        with contextlib.suppress(EditRefused):
            done.append(document.apply(EDITS[name](data.draw, read, IMAGE)))
            document.undo()

    attempt()
    assert done


@pytest.mark.parametrize("name", sorted(PAIR_EDITS))
def test_every_random_edit_of_a_pair_is_possible_sometimes(name):
    document = Document(first_study(), List(), "Ada")
    document.apply(pairs.place_landmark(document.study, PAIR_ID, (5, 5), (6, 6)))
    document.apply(pairs.decide(document.study, PAIR_ID, Ruling(Level.HAIR, 2, 2), "Ada", READ_ID, 3))
    done = []

    @settings(max_examples=60, deadline=None, phases=[Phase.generate], database=None, derandomize=True)
    @given(st.data())
    def attempt(data):
        with contextlib.suppress(EditRefused):
            done.append(document.apply(PAIR_EDITS[name](data.draw, document.study)))
            document.undo()

    attempt()
    assert done
