import math
from dataclasses import replace

import numpy as np
import pytest

from tests.workstation.small_study import make_hair, make_read, make_study
from workstation import edits
from workstation.document import Document
from workstation.model.hair import Status
from workstation.model.patch import apply
from workstation.model.read import DETECTOR, ReadState
from workstation.quality.edits_made import EditsMade, detection_of, edits_made

UNTOUCHED = EditsMade(True, 6, 3, 0, 0, 0, 0, 0, 0, field_changed=False)


def hairs():
    places = [(100, 100), (104, 100), (300, 300), (304, 300), (600, 600), (700, 100)]
    units = [11, 11, 12, 12, 13, None]
    return [make_hair(i, u, [[x, y], [x, y + 40]]) for i, ((x, y), u) in enumerate(zip(places, units, strict=True), 1)]


@pytest.fixture
def study():
    detection = make_read(hairs(), id_=1, reader=DETECTOR, state=ReadState.DETECTED)
    study = make_study([detection])
    return apply(study, edits.begin_read(study, 1, 1, "Ada", "2026-03-01T10:00:00Z"))


class Journal:
    def append(self, entry):
        pass


def after(study, *steps):
    document = Document(study, Journal(), "Ada")
    for step in steps:
        document.apply(step(document.study.reads[2]))
    return edits_made(document.study, document.study.reads[2])


IMAGE = make_study().images[1]
LINE = np.array([[800.0, 800.0], [800.0, 840.0]])


def test_a_copy_of_the_detection_is_untouched(study):
    assert edits_made(study, study.reads[2]) == UNTOUCHED


@pytest.mark.parametrize(
    ("step", "changes"),
    [
        (lambda read: edits.delete_hairs(read, [1, 5]), {"removed": 2}),
        (lambda read: edits.set_status(read, [1, 2, 3], Status.REJECTED), {"rejected": 3}),
        (lambda read: edits.set_status(read, [1, 2, 3], Status.ACCEPTED), {}),
        (lambda read: edits.move_vertex(read, 1, 1, [110, 150]), {"moved": 1}),
        (lambda read: edits.set_width(read, [3, 4], 9.0), {"widths_set": 2}),
        (lambda read: edits.put_into_unit(read, [2], 12), {"regrouped": 2}),
        (lambda read: edits.put_into_unit(read, [2], None), {"regrouped": 1}),
        (lambda read: edits.merge_units(read, [11, 13]), {"regrouped": 2}),
        (lambda read: edits.set_field_rectangle(read, IMAGE, [0, 0], [500, 500]), {"field_changed": True}),
        (lambda read: edits.comment_image(read, "blurred"), {}),
    ],
)
def test_each_kind_of_change_is_counted(study, step, changes):
    assert after(study, step) == replace(UNTOUCHED, **changes)


def test_a_hair_that_is_cut_in_two_is_moved_and_one_is_added(study):
    found = after(study, lambda read: edits.split_hair(read, 5, 20.0))
    assert (found.moved, found.added, found.removed, found.hairs_changed) == (1, 1, 0, 2)


def test_what_is_changed_back_is_unchanged(study):
    found = after(
        study,
        lambda read: edits.set_status(read, [1], Status.REJECTED),
        lambda read: edits.set_status(read, [1], Status.UNREVIEWED),
    )
    assert found == UNTOUCHED


def test_shares_are_of_what_was_detected(study):
    found = after(
        study,
        lambda read: edits.delete_hairs(read, [1, 2, 3]),
        lambda read: edits.put_into_unit(read, [4], 13),
    )
    assert (found.percent(found.removed), found.regrouped) == (50.0, 2)
    assert found.regrouped_percent == pytest.approx(200 / 3)


def test_a_blank_start_is_drawn_from_nothing():
    read = make_read(hairs(), id_=1)
    found = edits_made(make_study([read]), read)
    assert (found.from_detection, found.added, found.removed) == (False, 6, 0)
    assert math.isnan(found.percent(found.added))


def test_an_amendment_is_compared_with_the_detection_and_not_with_what_it_amends(study):
    document = Document(study, Journal(), "Ada")
    document.apply(edits.delete_hairs(document.study.reads[2], [1, 5]))
    signed = replace(document.study.reads[2], review=replace(study.reads[2].review, state=ReadState.SIGNED))
    study = replace(document.study, reads={**document.study.reads, 2: signed})
    study = apply(study, edits.amend(study, 2, "Ada"))
    assert detection_of(study, study.reads[3]) is study.reads[1]
    assert edits_made(study, study.reads[3]).removed == 2
