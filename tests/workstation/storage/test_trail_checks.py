"""What a trail tells of merged work files and of the reads' states, forged in one thing at a time."""

from dataclasses import asdict, replace
from types import MappingProxyType

import pytest

from tests.property.test_trial_edits import Trail
from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from workstation import edits
from workstation.document import Document
from workstation.edits.reads import begin_read
from workstation.entry import Action, Entry
from workstation.model.package import Package, Returned, Start
from workstation.model.patch import Change, Kind, Patch
from workstation.model.read import DETECTOR, ReadState, Review
from workstation.storage.audit import row_of, row_of_text
from workstation.storage.codec import canonical
from workstation.storage.creation import creation_row
from workstation.storage.trail_checks import begins_with_creation, package_problems, state_problems

NOW = "2026-02-03T10:00:00Z"


def returned(change_rows=lambda rows: rows, **changes):
    """A study with a work file that came back: its creation by the program, Bo's read and a comment."""
    work = make_study([], [make_image(4)])
    work = replace(work, id="7d1d9b3e-3f6e-4c3a-9a39-0a6b1f9f2f77")
    inside = Trail(work)
    first = creation_row(work, DETECTOR, NOW)
    inside.rows, inside._head = [first], first.sha256
    document = Document(work, inside, "Bo")
    document._history = replace(document.history, last_seq=1)
    document.apply(begin_read(work, None, 4, "Bo", NOW))
    document.apply(edits.comment_image(document.study.reads[1], "sharp"))
    rows = change_rows(inside.rows)
    texts = tuple(canonical(asdict(row)) for row in rows)
    back = replace(Returned(NOW, len(inside.rows), inside.rows[-1].sha256, texts), **changes)
    package = Package("P1", "Bo", NOW, "Ada", Start.BLANK, work.id, "0" * 64, (), back)
    return replace(make_study([], [make_image()]), packages=MappingProxyType({"P1": package}))


def test_a_trail_that_came_back_whole_holds():
    assert list(package_problems(returned())) == []


@pytest.mark.parametrize(
    ("forged", "said"),
    [
        (lambda: returned(lambda rows: [*rows[:2], replace(rows[2], reason="x")]), "audit row 3 ("),
        (lambda: returned(lambda rows: rows[:2]), "has 2 rows instead of 3"),
        (lambda: returned(lambda rows: [rows[0], rows[2]]), "audit row 3 stands where row 2 should"),
        (lambda: returned(head_sha256="0" * 64), "ends with another row"),
        (lambda: returned(rows=("{}", "[]")), "cannot be read"),
    ],
)
def test_a_forged_trail_of_a_work_file_is_found(forged, said):
    (problem,) = package_problems(forged())
    assert problem.startswith("the work file of Bo: ")
    assert said in problem


def test_a_row_by_somebody_else_is_found():
    package = returned().packages["P1"]
    *first, last = package.returned.rows
    other = replace(row_of_text(last), user="Eve")
    other = replace(other, sha256=other.expected_sha256())  # the chain is made to hold
    study = returned(rows=(*first, canonical(asdict(other))), head_sha256=other.sha256)
    assert list(package_problems(study)) == ["the work file of Bo: its audit row 3 is by Eve"]


# --- states ------------------------------------------------------------------------------------------------------


def accepted(by, then=()):
    """Ada's read, submitted by her and accepted by somebody; then more."""
    read = make_read([make_hair(1, 7, [(100, 100), (160, 180)])])
    study = make_study([read], [make_image()])
    rows = []
    reviews = [Review(ReadState.SUBMITTED, n_submitted=1), Review(ReadState.ACCEPTED, n_submitted=1, decided_by=by)]
    now = read.review
    for user, review in zip(["Ada", by], reviews, strict=True):
        change = Change(Kind.REVIEW, 0, now, review)
        rows.append(row_of(Entry(len(rows) + 1, NOW, user, Action.DO, Patch("decide", 1, (change,))), "")[0])
        now = review
    for review_or_hair in then:
        kind = Kind.REVIEW if isinstance(review_or_hair, Review) else Kind.HAIR
        before = now if kind is Kind.REVIEW else read.hairs[1]
        change = Change(kind, 0 if kind is Kind.REVIEW else 1, before, review_or_hair)
        rows.append(row_of(Entry(len(rows) + 1, NOW, by, Action.DO, Patch("edit", 1, (change,))), "")[0])
        now = review_or_hair if kind is Kind.REVIEW else now
    return replace(study, reads=MappingProxyType({1: replace(read, review=now)})), rows


SIGNED = Review(ReadState.SIGNED, n_submitted=1, decided_by="Cy")


def test_somebody_elses_acceptance_and_signature_hold():
    assert list(state_problems(*accepted("Cy"))) == []
    assert list(state_problems(*accepted("Cy", [SIGNED]))) == []


def test_an_own_read_accepted_is_found_by_the_row():
    (problem,) = state_problems(*accepted("Ada"))
    assert problem == "read 1 was accepted by Ada, who made it (audit row 2)"


def test_an_own_read_accepted_without_a_row_is_found():
    study, _ = accepted("Ada")
    assert list(state_problems(study, [])) == ["read 1 is accepted by Ada, who made it"]


def test_a_signed_read_that_was_changed_is_found():
    moved = make_hair(1, 7, [(100, 100), (160, 190)])
    (problem,) = state_problems(*accepted("Cy", [SIGNED, moved]))
    assert problem == "read 1 was signed in audit row 3 and changed in row 4"


def test_a_state_of_before_is_no_acceptance():
    """Up to format 1.3 a reader could call an own read adjudicated."""
    study, rows = accepted("Ada")
    old = [replace(row, changes=row.changes.replace('"accepted"', '"adjudicated"')) for row in rows]
    plain = replace(study.reads[1], review=Review(ReadState.ACCEPTED))
    assert list(state_problems(replace(study, reads=MappingProxyType({1: plain})), old)) == []


def test_a_trail_begins_with_the_creation_or_is_older():
    study = make_study([], [make_image()])
    assert begins_with_creation([creation_row(study, "Ada", NOW)])
    assert not begins_with_creation([])
    assert not begins_with_creation(accepted("Cy")[1])
