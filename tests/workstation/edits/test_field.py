import numpy as np
import pytest
import shapely

from tests.workstation.edits.applying import IMAGE, done
from tests.workstation.small_study import make_hair, make_read, make_study
from workstation import edits
from workstation.errors import EditRefused
from workstation.model.field import ExclusionCause, FieldShape
from workstation.model.patch import apply
from workstation.model.validity import problems, problems_after

HOOK = [[900, 100], [1100, 100], [1100, 400], [900, 400], [900, 350], [1050, 350], [1050, 150], [900, 150]]
SQUARE = [[100, 100], [200, 100], [200, 200], [100, 200]]


@pytest.fixture
def read():
    return make_read([make_hair(1, 10, [[100, 100], [100, 140]])])


def area(read):
    return shapely.area(read.field.region())


def box(read, index=0):
    return shapely.Polygon(read.field.exclusions[index].polygon_px).bounds


def test_a_rectangle_is_drawn_from_any_corner(read):
    after = done(read, edits.set_field_rectangle(read, IMAGE, [300, 50], [100, 250]))
    assert after.field.shape is FieldShape.RECTANGLE
    assert (area(after), shapely.Polygon(after.field.polygon_px).bounds) == (40_000, (100, 50, 300, 250))


def test_a_circle_has_the_circles_area(read):
    after = done(read, edits.set_field_circle(read, IMAGE, [500, 500], 300.0))
    assert after.field.shape is FieldShape.CIRCLE
    assert area(after) == pytest.approx(np.pi * 300**2, rel=1e-12)
    assert np.abs(np.hypot(*(after.field.polygon_px - 500).T) - 300).max() < 300 * 4.1e-4


def test_a_field_is_clipped_to_the_image(read):
    after = done(read, edits.set_field_rectangle(read, IMAGE, [-50, -50], [99.5, 2000]))
    assert shapely.Polygon(after.field.polygon_px).bounds == (-0.5, -0.5, 99.5, 999.5)
    quarter = done(read, edits.set_field_circle(read, IMAGE, [-0.5, -0.5], 100.0))
    assert area(quarter) == pytest.approx(np.pi * 100**2 / 4, rel=1e-9)


def test_a_closed_outline_is_the_same_polygon(read):
    drawn = done(read, edits.set_field_polygon(read, IMAGE, [*SQUARE, SQUARE[0]]))
    assert (drawn.field.shape, drawn.field.polygon_px.tolist()) == (FieldShape.POLYGON, SQUARE)
    with pytest.raises(edits.NothingToDo):
        edits.set_field_polygon(drawn, IMAGE, SQUARE)


def test_the_field_goes_back_to_the_whole_image_and_keeps_its_exclusions(read):
    after = done(read, edits.set_field_circle(read, IMAGE, [150, 150], 90.0))
    after = done(after, edits.add_exclusion(after, IMAGE, SQUARE))
    whole = done(after, edits.set_field_image(after, IMAGE))
    assert whole.field.shape is FieldShape.IMAGE
    assert area(whole) == 1_000_000 - 10_000
    with pytest.raises(edits.NothingToDo):
        edits.set_field_image(whole, IMAGE)


@pytest.mark.parametrize(
    ("polygon", "reason"),
    [
        ([[0, 0], [10, 10]], "at least three points"),
        ([[0, 0], [10, 10], [0, 0]], "at least three points"),
        ([[0, 0], [10, 10], [np.nan, 0]], "at least three points"),
        ([[0, 0], [10, 10], [10, 0], [0, 10]], "crosses or touches itself"),
        ([[0, 0], [10, 10], [20, 20]], "crosses or touches itself"),
        ([[2000, 0], [2000, 100], [2100, 100]], "holds nothing of the image"),
        ([[0, 0], [0.5, 0], [0, 0.5]], "holds nothing of the image"),
        (HOOK, "cuts the outline into several parts"),
    ],
)
def test_an_outline_that_encloses_no_region_is_refused(read, polygon, reason):
    with pytest.raises(EditRefused, match=reason):
        edits.set_field_polygon(read, IMAGE, polygon)
    with pytest.raises(EditRefused, match=reason):
        edits.add_exclusion(read, IMAGE, polygon)


@pytest.mark.parametrize("radius", [0.0, -3.0, np.nan])
def test_a_circle_needs_a_radius(read, radius):
    with pytest.raises(EditRefused, match="positive radius"):
        edits.set_field_circle(read, IMAGE, [500, 500], radius)


def test_an_exclusion_is_cut_out_of_the_field(read):
    after = done(read, edits.add_exclusion(read, IMAGE, SQUARE, ExclusionCause.TATTOO))
    assert [(e.id, e.cause) for e in after.field.exclusions] == [(11, ExclusionCause.TATTOO)]
    assert area(after) == 1_000_000 - 10_000
    again = done(after, edits.remove_exclusions(after, [11]))
    assert again.field.exclusions == ()
    later = done(again, edits.add_exclusion(again, IMAGE, SQUARE))
    assert later.field.exclusions[0].id == 12


def test_an_exclusion_is_reshaped_and_renamed(read):
    after = done(read, edits.add_exclusion(read, IMAGE, SQUARE))
    after = done(after, edits.reshape_exclusion(after, IMAGE, 11, [[0, 0], [50, 0], [50, 50], [0, 50]]))
    assert (after.field.exclusions[0].id, area(after)) == (11, 1_000_000 - 2_500)
    after = done(after, edits.set_exclusion_cause(after, 11, ExclusionCause.GLARE))
    assert after.field.exclusions[0].cause is ExclusionCause.GLARE
    with pytest.raises(edits.NothingToDo):
        edits.set_exclusion_cause(after, 11, ExclusionCause.GLARE)


def test_an_exclusion_that_is_not_there_is_refused(read):
    for edit in (
        lambda: edits.remove_exclusions(read, [99]),
        lambda: edits.reshape_exclusion(read, IMAGE, 99, SQUARE),
        lambda: edits.set_exclusion_cause(read, 99, ExclusionCause.GLARE),
    ):
        with pytest.raises(EditRefused, match="no excluded region 99"):
            edit()
    with pytest.raises(EditRefused, match="no excluded region is selected"):
        edits.remove_exclusions(read, [])


def test_a_brush_stroke_is_left_out(read):
    after = done(read, edits.paint_exclusion(read, IMAGE, [[300, 300], [400, 300]], 10.0))
    assert [(e.id, e.cause) for e in after.field.exclusions] == [(11, ExclusionCause.PAINTED)]
    assert area(after) == pytest.approx(1_000_000 - (100 * 20 + np.pi * 100), abs=10)
    dab = done(read, edits.paint_exclusion(read, IMAGE, [[300, 300]], 10.0))
    assert area(dab) == pytest.approx(1_000_000 - np.pi * 100, abs=5)


def test_strokes_that_touch_become_one_region(read):
    after = done(read, edits.paint_exclusion(read, IMAGE, [[300, 300], [400, 300]], 10.0))
    after = done(after, edits.paint_exclusion(after, IMAGE, [[300, 500], [400, 500]], 10.0))
    after = done(after, edits.add_exclusion(after, IMAGE, [[340, 390], [360, 390], [360, 410], [340, 410]]))
    assert [e.id for e in after.field.exclusions] == [11, 12, 13]
    after = done(after, edits.paint_exclusion(after, IMAGE, [[350, 300], [350, 500]], 5.0))
    assert [(e.id, e.cause) for e in after.field.exclusions] == [
        (11, ExclusionCause.PAINTED),
        (13, ExclusionCause.OTHER),
    ]
    assert box(after) == pytest.approx((290, 290, 410, 510), abs=0.2)


def test_a_painted_ring_keeps_its_inside(read):
    angles = np.linspace(0, 2 * np.pi, 60)
    ring = 500 + 100 * np.column_stack([np.cos(angles), np.sin(angles)])
    after = done(read, edits.paint_exclusion(read, IMAGE, ring, 5.0))
    assert [e.id for e in after.field.exclusions] == [11, 12]
    assert shapely.covers(after.field.region(), shapely.Point(500, 500))
    assert not shapely.covers(after.field.region(), shapely.Point(600, 500))
    assert area(after) == pytest.approx(1_000_000 - 2 * np.pi * 100 * 10, rel=1e-3)
    filled = done(after, edits.paint_exclusion(after, IMAGE, [[500, 500]], 97.0))
    assert [e.id for e in filled.field.exclusions] == [11]


def test_specks_that_a_stroke_leaves_uncovered_are_covered_too(read):
    loop = [[300, 300], [321, 300], [321, 320.7], [300, 320.7], [300, 300]]
    after = done(read, edits.paint_exclusion(read, IMAGE, loop, 10.0))
    assert [e.id for e in after.field.exclusions] == [11]
    assert not shapely.covers(after.field.region(), shapely.Point(310.5, 310.35))


def test_a_stroke_that_also_touches_the_image_from_outside(read):
    stroke = [(20, -5.5), (40, -5.5), (40, 10)]
    after = done(read, edits.paint_exclusion(read, IMAGE, stroke, 5.0))
    assert box(after) == pytest.approx((35, -0.5, 45, 15), abs=0.2)
    assert done(after, edits.erase_exclusion(after, IMAGE, stroke, 5.5)).field.exclusions == ()


def test_a_place_must_be_two_finite_numbers(read):
    for edit in (
        lambda: edits.set_field_rectangle(read, IMAGE, [1, 2, 3], [40, 50]),
        lambda: edits.set_field_rectangle(read, IMAGE, [1, np.nan], [40, 50]),
        lambda: edits.set_field_circle(read, IMAGE, [np.inf, 2], 5.0),
        lambda: edits.set_field_circle(read, IMAGE, [1, 2, 3], 5.0),
    ):
        with pytest.raises(EditRefused, match="a point is two finite numbers"):
            edit()


def test_a_stroke_over_a_painted_region_is_nothing_to_do(read):
    after = done(read, edits.paint_exclusion(read, IMAGE, [[300, 300], [400, 300]], 10.0))
    with pytest.raises(edits.NothingToDo):
        edits.paint_exclusion(after, IMAGE, [[320, 300], [380, 300]], 9.0)


def test_a_stroke_is_clipped_to_the_image(read):
    after = done(read, edits.paint_exclusion(read, IMAGE, [[0, 500], [-90, 500]], 20.0))
    assert box(after)[0] == -0.5
    with pytest.raises(EditRefused, match="did not touch the image"):
        edits.paint_exclusion(read, IMAGE, [[-90, 500]], 20.0)


@pytest.mark.parametrize(("stroke", "radius"), [([], 5.0), ([[1, 2, 3]], 5.0), ([[1, np.inf]], 5.0), ([[5, 5]], 0.0)])
def test_what_is_no_stroke_is_refused(read, stroke, radius):
    for edit in (edits.paint_exclusion, edits.erase_exclusion):
        with pytest.raises(EditRefused, match=r"brush"):
            edit(read, IMAGE, stroke, radius)


def test_painting_everything_leaves_no_valid_field(read):
    patch = edits.paint_exclusion(read, IMAGE, [[500, 500]], 900.0)
    after = apply(make_study([read], [IMAGE]), patch).reads[1]
    assert problems_after(read, after, patch, IMAGE) == ["the exclusions leave nothing of the field"]
    assert problems(after, IMAGE) == ["the exclusions leave nothing of the field"]


def test_erasing_cuts_a_region_in_two(read):
    after = done(read, edits.add_exclusion(read, IMAGE, [[100, 100], [300, 100], [300, 140], [100, 140]]))
    after = done(after, edits.erase_exclusion(after, IMAGE, [[180, 50], [180, 200]], 10.0))
    assert [(e.id, e.cause) for e in after.field.exclusions] == [(11, ExclusionCause.OTHER), (12, ExclusionCause.OTHER)]
    assert [box(after, i) for i in (0, 1)] == [
        pytest.approx((190, 100, 300, 140), abs=0.2),
        pytest.approx((100, 100, 170, 140), abs=0.2),
    ]


def test_erasing_all_of_a_region_takes_it_away(read):
    after = done(read, edits.paint_exclusion(read, IMAGE, [[300, 300]], 10.0))
    after = done(after, edits.erase_exclusion(after, IMAGE, [[300, 300]], 12.0))
    assert after.field.exclusions == ()


def test_erasing_inside_a_region_makes_a_hole_that_counts(read):
    after = done(read, edits.add_exclusion(read, IMAGE, SQUARE))
    after = done(after, edits.erase_exclusion(after, IMAGE, [[150, 150]], 20.0))
    assert shapely.covers(after.field.region(), shapely.Point(150, 150))
    assert area(after) == pytest.approx(1_000_000 - 10_000 + np.pi * 400, abs=20)


def test_erasing_where_nothing_is_left_out_is_nothing_to_do(read):
    after = done(read, edits.add_exclusion(read, IMAGE, SQUARE))
    with pytest.raises(edits.NothingToDo):
        edits.erase_exclusion(after, IMAGE, [[500, 500]], 20.0)
