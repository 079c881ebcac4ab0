import numpy as np
import pytest
import shapely

from analysis.outlines import outlines_of


def region(mask):
    polygons = [shapely.Polygon(o) for o in outlines_of(mask)]
    assert all(p.is_valid for p in polygons)
    return shapely.union_all(polygons)


def test_a_block_is_outlined_through_its_pixels_centres():
    mask = np.zeros((20, 30), bool)
    mask[5:15, 8:25] = True
    assert region(mask).equals(shapely.box(8, 5, 24, 14))


def test_a_frame_around_the_image_does_not_cover_what_is_inside():
    mask = np.ones((60, 80), bool)
    mask[4:-4, 4:-4] = False
    found = region(mask)
    assert not found.intersects(shapely.box(6, 6, 73, 53))
    assert found.area == pytest.approx(79 * 59 - 73 * 53, abs=12)


def test_a_part_with_many_holes_and_a_hole_within_a_hole():
    mask = np.zeros((80, 80), bool)
    mask[5:75, 5:75] = True
    mask[10:30, 10:30] = False
    mask[40:70, 12:60] = False
    mask[45:65, 20:50] = True
    mask[50:60, 30:40] = False
    found = region(mask)
    for y, x in ((20, 20), (42, 15), (55, 35)):
        assert not found.contains(shapely.Point(x, y))
    for y, x in ((7, 40), (55, 24), (72, 40), (34, 34)):
        assert found.contains(shapely.Point(x, y))


def test_small_parts_and_an_empty_mask():
    mask = np.zeros((40, 40), bool)
    assert outlines_of(mask) == []
    mask[3:6, 3:6] = True
    mask[10:30, 10:30] = True
    assert len(outlines_of(mask)) == 2
    assert len(outlines_of(mask, min_area_px=50)) == 1
