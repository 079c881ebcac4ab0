from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from tests.workstation.two_reads import NOW, THIRD, line, two_reads, with_third
from workstation.adjudication.difference import Difference, DifferenceKind
from workstation.adjudication.provenance import From, changed_hairs, origin_of
from workstation.adjudication.third_read import adjudication_of, n_open, source_problems
from workstation.edits import NothingToDo, delete_hairs, put_into_unit, set_status
from workstation.edits.adjudication import begin_third_read, reopen_difference, settle
from workstation.errors import EditRefused
from workstation.model.field import Exclusion, ExclusionCause, Field, FieldShape
from workstation.model.hair import Status, frozen_array
from workstation.model.patch import apply
from workstation.model.read import ReadState, Review
from workstation.model.record_validity import record_problems
from workstation.model.settlement import About, Choice
from workstation.model.validity import problems

ONE, TWO = line(100, 100), line(500, 500)


def made(study, patch):
    """The study after a patch that leaves the third read valid and can be undone."""
    after = apply(study, patch)
    read = after.reads[THIRD]
    assert problems(read, make_image()) == []
    assert record_problems(after) == []
    if study.reads.get(THIRD) is not None:
        undone = apply(after, patch.inverse()).reads[THIRD]
        assert undone.same_content(study.reads[THIRD])
    return after


def third(study):
    return study.reads[THIRD]


def open_of(study):
    return adjudication_of(study, third(study)).open


def settled(study, choice, kind=None):
    """The study with the first open difference, or that of a kind, settled."""
    difference = next(d for d in open_of(study) if kind in (None, d.kind))
    return made(study, settle(study, third(study), difference, choice))


def begun(first, second, **more):
    return with_third(two_reads(first, second, **more))


def lines(study):
    return sorted(hair.root_px.tolist() for hair in third(study).hairs.values())


def grouping(study):
    """The roots' x, unit by unit."""
    units = {}
    for hair in third(study).hairs.values():
        units.setdefault(hair.unit_id, []).append(round(float(hair.root_px[0])))
    return sorted(sorted(xs) for xs in units.values())


def test_a_third_read_begins_with_what_both_have():
    study = begun(
        [make_hair(1, 9, ONE), make_hair(2, 8, TWO)],
        [make_hair(5, 7, line(101, 100)), make_hair(6, 6, line(800, 100))],
    )
    read = third(study)
    assert (read.reader, read.adjudicates, read.review.state) == ("Zoë", (1, 2), ReadState.IN_REVIEW)
    assert lines(study) == [[100, 100]]
    (hair,) = read.hairs.values()
    assert hair.status is Status.ACCEPTED
    assert origin_of(read, hair.id).source is From.AGREED
    assert (origin_of(read, hair.id).first_id, origin_of(read, hair.id).second_id) == (1, 5)
    assert {(d.kind, d.first_ids, d.second_ids) for d in open_of(study)} == {
        (DifferenceKind.ONLY_FIRST, (2,), ()),
        (DifferenceKind.ONLY_SECOND, (), (6,)),
    }
    assert {(s.about, s.choice) for s in read.settlements.values()} == {
        (About.HAIR, Choice.AGREED),
        (About.UNIT, Choice.AGREED),
        (About.FIELD, Choice.AGREED),
    }


def test_reads_that_agree_on_nothing_begin_an_empty_one():
    fields = square(0, 900), square(0, 500)
    study = begun([make_hair(1, 9, ONE)], [make_hair(1, 9, TWO)], fields=fields)
    assert (len(third(study).hairs), len(third(study).settlements), n_open(study, third(study))) == (0, 0, 3)


@pytest.mark.parametrize(
    ("choice", "roots"),
    [
        (Choice.FIRST, [[100, 100]]),
        (Choice.SECOND, []),
        (Choice.BOTH, [[100, 100]]),
        (Choice.NEITHER, []),
        (Choice.EDITED, [[100, 100]]),
    ],
)
def test_a_hair_that_one_has(choice, roots):
    study = settled(begun([make_hair(1, 9, ONE)], []), choice)
    assert lines(study) == roots
    assert open_of(study) == ()
    (settlement,) = (s for s in third(study).settlements.values() if s.about is About.HAIR)
    assert (settlement.choice, settlement.first_ids, settlement.second_ids) == (choice, (1,), ())
    assert settlement.result_ids == tuple(third(study).hairs)


@pytest.mark.parametrize(
    ("choice", "widths"),
    [
        (Choice.FIRST, [2]),
        (Choice.SECOND, [8]),
        (Choice.BOTH, [2, 8]),
        (Choice.NEITHER, []),
        (Choice.EDITED, [2]),
    ],
)
def test_a_hair_that_both_have(choice, widths):
    study = settled(begun([make_hair(1, 9, ONE, 2.0)], [make_hair(4, 7, line(101, 100), 8.0)]), choice)
    assert sorted(h.width_px for h in third(study).hairs.values()) == widths
    assert len(third(study).units) == min(len(widths), 2)
    assert n_open(study, third(study)) == 0


def test_where_a_hair_comes_from():
    first = [make_hair(1, 9, ONE, 2.0), make_hair(2, 8, line(800, 800))]
    second = [make_hair(4, 7, ONE, 8.0), make_hair(6, 5, TWO)]
    study = settled(begun(first, second), Choice.BOTH, DifferenceKind.WIDTH)
    study = settled(study, Choice.SECOND, DifferenceKind.ONLY_SECOND)
    study = settled(study, Choice.EDITED, DifferenceKind.ONLY_FIRST)
    origins = [origin_of(third(study), i) for i in sorted(third(study).hairs)]
    assert [(o.source, o.first_id, o.second_id) for o in origins] == [
        (From.FIRST, 1, None),
        (From.SECOND, None, 4),
        (From.SECOND, None, 6),
        (From.EDITED, 2, None),
    ]
    own = make_hair(999, None, line(0, 700))
    drawn = replace(third(study), hairs=MappingProxyType({**third(study).hairs, 999: own}), next_id=1000)
    assert origin_of(drawn, 999).source is From.ADJUDICATOR


def test_what_the_adjudicator_changed_is_told_from_what_was_taken():
    study = settled(begun([make_hair(1, 9, ONE), make_hair(2, 8, TWO)], [make_hair(1, 9, ONE)]), Choice.FIRST)
    assert changed_hairs(study, third(study)) == frozenset()
    agreed = next(i for i in third(study).hairs if origin_of(third(study), i).source is From.AGREED)
    study = made(study, set_status(third(study), [agreed], Status.REJECTED))
    assert changed_hairs(study, third(study)) == {agreed}


def test_a_mind_can_be_changed():
    study = begun([make_hair(1, 9, ONE, 2.0)], [make_hair(1, 9, ONE, 8.0)])
    (difference,) = open_of(study)
    for choice, widths in ((Choice.FIRST, [2]), (Choice.BOTH, [2, 8]), (Choice.NEITHER, []), (Choice.SECOND, [8])):
        study = made(study, settle(study, third(study), difference, choice))
        assert sorted(h.width_px for h in third(study).hairs.values()) == widths
        assert len([s for s in third(study).settlements.values() if s.about is About.HAIR]) == 1
    with pytest.raises(NothingToDo):
        settle(study, third(study), difference, Choice.SECOND)
    study = made(study, reopen_difference(study, third(study), difference))
    assert (len(third(study).hairs), open_of(study)) == (0, (difference,))
    with pytest.raises(NothingToDo):
        reopen_difference(study, third(study), difference)


def test_what_was_edited_stays_when_it_is_settled_by_hand():
    study = settled(begun([make_hair(1, 9, ONE, 2.0)], [make_hair(1, 9, ONE, 8.0)]), Choice.SECOND)
    (difference,) = adjudication_of(study, third(study)).differences
    (hair,) = third(study).hairs
    study = made(study, settle(study, third(study), difference, Choice.EDITED))
    assert list(third(study).hairs) == [hair]
    assert origin_of(third(study), hair).source is From.EDITED


def test_a_hair_of_the_second_joins_its_mates():
    near = [line(x, 100) for x in (100, 130, 160)]
    first = [make_hair(1, 9, near[0]), make_hair(2, 9, near[1]), make_hair(3, 8, TWO)]
    second = [*(make_hair(k, 7, at) for k, at in enumerate(near, 1)), make_hair(4, 6, TWO)]
    study = settled(begun(first, second), Choice.SECOND)
    assert grouping(study) == [[100, 130, 160], [500]]


def test_a_hair_without_mates_makes_a_unit_that_goes_with_it():
    study = begun([make_hair(1, 9, ONE)], [make_hair(1, 9, ONE), make_hair(2, 8, TWO)])
    study = settled(study, Choice.SECOND)
    assert grouping(study) == [[100], [500]]
    second_hair = next(d for d in adjudication_of(study, third(study)).differences)
    study = made(study, settle(study, third(study), second_hair, Choice.FIRST))
    assert grouping(study) == [[100]]
    assert len(third(study).units) == 1


PLACES = [line(x, 100) for x in (100, 130, 160, 190)]


def by_units(units, places=PLACES, start=1):
    return [make_hair(k, unit, at) for k, (unit, at) in enumerate(zip(units, places, strict=True), start)]


@pytest.mark.parametrize(
    ("choice", "groups"),
    [
        (Choice.FIRST, [[100, 130], [160, 190]]),
        (Choice.SECOND, [[100], [130, 160, 190]]),
        (Choice.EDITED, [[100], [130], [160, 190]]),
    ],
)
def test_units(choice, groups):
    study = begun(by_units((91, 91, 92, 92)), by_units((81, 82, 82, 82)))
    assert grouping(study) == [[100], [130], [160, 190]]  # together where both say so
    study = settled(study, choice)
    assert grouping(study) == groups
    settlement = next(s for s in third(study).settlements.values() if s.about is About.UNIT)
    assert set(settlement.result_ids) == set(third(study).units)
    (difference,) = (d for d in adjudication_of(study, third(study)).differences)
    other = Choice.SECOND if choice is Choice.FIRST else Choice.FIRST
    again = made(study, settle(study, third(study), difference, other))
    assert grouping(again) == ([[100], [130, 160, 190]] if choice is Choice.FIRST else [[100, 130], [160, 190]])


def test_a_hair_that_comes_later_goes_where_the_units_were_settled():
    thin = [make_hair(1, 91, PLACES[0]), make_hair(2, 91, PLACES[1], 2.0), make_hair(3, 92, PLACES[2])]
    thick = [make_hair(1, 81, PLACES[0]), make_hair(2, 82, PLACES[1], 8.0), make_hair(3, 82, PLACES[2])]
    for choice, groups in ((Choice.FIRST, [[100, 130], [160]]), (Choice.SECOND, [[100], [130, 160]])):
        study = settled(begun(thin, thick), choice, DifferenceKind.UNITS)
        study = settled(study, Choice.FIRST, DifferenceKind.WIDTH)
        assert grouping(study) == groups


def test_units_and_fields_cannot_be_both_or_neither():
    study = begun(by_units((91, 91, 92, 92)), by_units((81, 82, 82, 82)))
    for choice in (Choice.BOTH, Choice.NEITHER):
        with pytest.raises(EditRefused, match="units are grouped as one of the two"):
            settle(study, third(study), open_of(study)[0], choice)
    with pytest.raises(EditRefused, match="not for anybody to choose"):
        settle(study, third(study), open_of(study)[0], Choice.AGREED)


def square(low, high, *holes):
    polygon = frozen_array([(low, low), (high, low), (high, high), (low, high)], 2)
    exclusions = tuple(
        Exclusion(70 + k, frozen_array([(x, x), (x + 9, x), (x, x + 9)], 2), ExclusionCause.GLARE)
        for k, x in enumerate(holes)
    )
    return Field(FieldShape.RECTANGLE, polygon, exclusions)


def test_the_field_of_either():
    mine, theirs = square(0, 900, 50), square(0, 700, 50, 90)
    study = begun([make_hair(1, 9, ONE)], [make_hair(1, 9, ONE)], fields=(mine, theirs))
    assert np.array_equal(third(study).field.polygon_px, mine.polygon_px)
    study = settled(study, Choice.SECOND)
    assert np.array_equal(third(study).field.polygon_px, theirs.polygon_px)
    assert len(third(study).field.exclusions) == 2
    (difference,) = adjudication_of(study, third(study)).differences
    study = made(study, settle(study, third(study), difference, Choice.EDITED))
    assert np.array_equal(third(study).field.polygon_px, theirs.polygon_px)
    study = made(study, settle(study, third(study), difference, Choice.FIRST))
    assert np.array_equal(third(study).field.polygon_px, mine.polygon_px)


def refused(match, *reads, ids=(1, 2), reader="Zoë"):
    with pytest.raises(EditRefused, match=match):
        begin_third_read(make_study(reads), *ids, reader, NOW)


def test_what_is_not_adjudicated():
    done = {"state": ReadState.SUBMITTED}
    ada, bo = make_read([], **done), make_read([], id_=2, reader="Bo", **done)
    refused("two reads of one image", ada, ids=(1, 1))
    refused("there is no read 2", ada)
    refused("needs a reader's name", ada, bo, reader=" ")
    refused("read 2 of Bo is in review", ada, make_read([], id_=2, reader="Bo"))
    refused("both reads are by Ada", ada, make_read([], id_=2, **done))
    refused("one of the two reads is your own", ada, bo, reader="Bo")
    refused("is a repeat", ada, make_read([], id_=2, reader="Bo", repeat=1, **done))
    refused("Cy settles these two in read 7", ada, bo, make_read([], id_=7, reader="Cy", adjudicates=(2, 1)))


def changed_second(study, state, hairs=None):
    """The study with Bo's read in another state, or with other hairs."""
    bo = study.reads[2]
    bo = replace(bo, review=Review(state)) if hairs is None else make_read(hairs, id_=2, reader="Bo", state=state)
    return replace(study, reads=MappingProxyType({**study.reads, 2: bo}))


def test_a_read_that_was_returned_is_said_and_nothing_is_settled_meanwhile():
    study = begun([make_hair(1, 9, ONE)], [])
    assert source_problems(study, third(study)) == ()
    returned = changed_second(study, ReadState.RETURNED)
    (said,) = source_problems(returned, third(returned))
    assert said == "Read 2 of Bo was returned to its reader and may change: wait until it is submitted."
    with pytest.raises(EditRefused, match="read 2 of Bo is returned"):
        settle(returned, third(returned), open_of(returned)[0], Choice.FIRST)
    back = changed_second(study, ReadState.SUBMITTED)
    assert source_problems(back, third(back)) == ()


def test_what_came_into_a_read_since_is_open():
    study = settled(begun([make_hair(1, 9, ONE), make_hair(2, 8, TWO)], [make_hair(1, 9, ONE)]), Choice.FIRST)
    assert open_of(study) == ()
    both = [make_hair(1, 9, ONE), make_hair(2, 8, TWO), make_hair(3, 7, line(800, 100))]
    study = changed_second(study, ReadState.SUBMITTED, both)
    assert {(d.kind, d.first_ids, d.second_ids) for d in open_of(study)} == {
        (DifferenceKind.CHANGED, (2,), (2,)),
        (DifferenceKind.ONLY_SECOND, (), (3,)),
    }
    assert "1 of what was settled is open again" in source_problems(study, third(study))[0]
    for _ in range(2):
        study = settled(study, Choice.SECOND)
    assert open_of(study) == ()
    assert lines(study) == [[100, 100], [500, 500], [800, 100]]


def test_what_went_from_both_reads_since_is_open_until_it_is_kept_or_dropped():
    study = settled(begun([], [make_hair(1, 9, ONE)]), Choice.SECOND)
    study = changed_second(study, ReadState.SUBMITTED, [])
    (difference,) = open_of(study)
    assert difference.kind is DifferenceKind.CHANGED
    kept = made(study, settle(study, third(study), difference, Choice.EDITED))
    assert (len(third(kept).hairs), open_of(kept)) == (1, ())
    dropped = made(study, settle(study, third(study), difference, Choice.NEITHER))
    assert (len(third(dropped).hairs), open_of(dropped)) == (0, ())


def test_hairs_and_units_edited_by_hand_do_not_bar_a_choice():
    study = begun(by_units((91, 91, 92, 92)), by_units((81, 82, 82, 82)))
    some = sorted(third(study).hairs)
    study = made(study, put_into_unit(third(study), some[:3], None))
    study = made(study, delete_hairs(third(study), [some[3]]))
    study = settled(study, Choice.SECOND)
    assert grouping(study) == [[100], [130, 160]]


def test_a_read_that_settles_nothing_is_refused():
    study = two_reads([make_hair(1, 9, ONE)], [])
    difference = Difference(DifferenceKind.ONLY_FIRST, About.HAIR, (1,), (), (0, 0), 0)
    with pytest.raises(EditRefused, match="settles no others"):
        settle(study, study.reads[1], difference, Choice.FIRST)
    assert n_open(study, study.reads[1]) == 0
