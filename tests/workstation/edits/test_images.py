from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.workstation.small_study import make_image, make_study, worked_study
from workstation.document import Document
from workstation.edits import NothingToDo, add_to_study, set_calibration, set_cutoffs
from workstation.errors import EditRefused
from workstation.model.patch import Change, Kind, Patch, apply
from workstation.model.study import Subject, Visit


class NoJournal:
    def append(self, entry):
        pass


def grown(study, *, subject="S02", visit=3, image=2, **more):
    """The study with one more subject, visit and image."""
    return replace(
        study,
        subjects=MappingProxyType({**study.subjects, subject: Subject(subject, "f")}),
        visits=MappingProxyType({**study.visits, visit: Visit(visit, subject, "baseline")}),
        images=MappingProxyType({**study.images, image: make_image(image, visit, **more)}),
    )


def test_the_patch_makes_one_study_the_other_and_nothing_undoes_it():
    before = worked_study()
    after = grown(before)
    patch = add_to_study(before, after)
    assert [(c.kind, c.id, c.key) for c in patch.changes] == [
        (Kind.SUBJECT, 0, "S02"), (Kind.VISIT, 3, 3), (Kind.IMAGE, 2, 2),
    ]  # fmt: skip
    assert apply(before, patch) == after
    assert apply(after, patch.inverse()) == before
    assert not patch.undoable


def test_a_filled_in_blank_is_a_change_too():
    before = make_study()
    after = replace(before, subjects=MappingProxyType({"S01": Subject("S01", "f")}))
    (change,) = add_to_study(before, after).changes
    assert (change.before, change.after) == (Subject("S01"), Subject("S01", "f"))


def test_the_same_study_and_another_study_are_refused():
    study = worked_study()
    with pytest.raises(NothingToDo):
        add_to_study(study, study)
    with pytest.raises(EditRefused, match="belong to another study"):
        add_to_study(study, replace(grown(study), id="b"))


def test_added_images_stand_in_the_way_of_no_undo():
    document = Document(worked_study(), NoJournal(), "Ada")
    document.apply(set_calibration(document.study, 1, 7.0))
    document.apply(set_cutoffs(document.study, 20, 40))
    document.apply(add_to_study(document.study, grown(document.study)))
    assert document.undo_text == "set cut-offs"
    document.undo()
    document.undo()
    assert document.study.images[1].calibration.um_per_px == 10
    assert not document.can_undo
    assert list(document.study.images) == [1, 2]
    document.redo()
    assert document.study.images[1].calibration.um_per_px == 7


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"subject": "S\0"}, "a text of subject data has a character that cannot be stored"),
        ({"visit": 0}, "a visit has the number 0"),
        ({"image": 0}, "image 0 has no valid number, size or checksum"),
        ({"site": "\ud800"}, "a text of image 2 has a character that cannot be stored"),
        ({"notes": MappingProxyType({"operator": "\0"})}, "a text of image 2 has a character"),
    ],
)
def test_what_no_study_may_hold_is_refused(changes, problem):
    document = Document(worked_study(), NoJournal(), "Ada")
    with pytest.raises(EditRefused, match=problem):
        document.apply(add_to_study(document.study, grown(document.study, **changes)))
    assert list(document.study.images) == [1]


def with_records(study, **tables):
    return replace(study, **{name: MappingProxyType(table) for name, table in tables.items()})


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (lambda s: with_records(s, images={}), "image 1 is kept for ever"),
        (lambda s: with_records(s, visits={1: s.visits[1]}), "visit 2 is kept for ever"),
        (lambda s: with_records(s, subjects={}), "subject S01 is kept for ever"),
        (
            lambda s: with_records(s, visits={**s.visits, 3: Visit(3, "S09", "baseline")}),
            "visit 3 is of subject 'S09', who does not exist",
        ),
        (
            lambda s: with_records(s, visits={**s.visits, 3: Visit(3, "S01", "baseline")}),
            "subject 'S01' has two visits called 'baseline'",
        ),
        (
            lambda s: with_records(s, images={**s.images, 2: make_image(2, 9)}),
            "image 2 is of visit 9, which does not exist",
        ),
        (
            lambda s: with_records(s, images={**s.images, 2: replace(make_image(2), path=s.images[1].path)}),
            r"the file study\.images/1\.png is named by two images",
        ),
        (
            lambda s: with_records(s, images={1: replace(s.images[1], sha256="0" * 64)}),
            "the file of image 1 is kept for ever",
        ),
        (
            lambda s: with_records(s, images={1: replace(s.images[1], path="study.images/other.png")}),
            "the file of image 1 is kept for ever",
        ),
        (
            lambda s: with_records(s, images={**s.images, 2: replace(make_image(2), sha256="abc")}),
            "image 2 has no valid number, size or checksum",
        ),
    ],
)
def test_an_edit_never_breaks_what_reads_rest_on(wrong, problem):
    document = Document(worked_study(), NoJournal(), "Ada")
    with pytest.raises(EditRefused, match=problem):
        document.apply(add_to_study(document.study, wrong(document.study)))


def test_a_change_that_carries_something_else_is_a_bug():
    study = worked_study()
    with pytest.raises(ValueError, match="'S01' is not what the patch says it was"):
        apply(study, Patch("x", None, (Change(Kind.SUBJECT, 0, None, Subject("S01")),)))
    with pytest.raises(ValueError, match="carries something else"):
        apply(study, Patch("x", None, (Change(Kind.SUBJECT, 0, Subject("S01"), Subject("S02")),)))
