import numpy as np
import pytest
import shapely

from tests.workstation.small_study import make_hair, make_read
from ui.view.hits import Hits
from workstation.model.field import Exclusion, ExclusionCause, Field, FieldShape
from workstation.model.hair import Status, frozen_array


def random_read(n=60, seed=0):
    random = np.random.default_rng(seed)
    hairs = []
    for i in range(n):
        line = random.uniform(40, 360, 2) + np.cumsum(random.uniform(-12, 12, (random.integers(2, 7), 2)), axis=0)
        hairs.append(make_hair(i + 1, n + 1 + i // 2, line, float(random.uniform(1, 9))))
    return make_read(hairs)


def brute_hair_at(read, point, radius):
    """The same asked of shapely, hair by hair."""
    best = None
    for hair in read.hairs.values():
        to_line = shapely.LineString(hair.vertices_px).distance(shapely.Point(point))
        to_shaft = max(0.0, to_line - hair.width_px / 2)
        if to_shaft <= radius and (best is None or (to_shaft, to_line) < best[:2]):
            best = (to_shaft, to_line, hair.id)
    return None if best is None else best[2]


@pytest.mark.parametrize("seed", range(3))
def test_a_hair_is_found_as_by_asking_each(seed):
    read = random_read(seed=seed)
    hits = Hits.of(read)
    points = np.random.default_rng(seed + 50).uniform(0, 400, (200, 2))
    found = [hits.hair_at(p, 5.0) for p in points]
    assert found == [brute_hair_at(read, p, 5.0) for p in points]
    assert 20 < sum(f is not None for f in found) < 200


def test_hairs_in_a_frame_or_an_outline_are_those_whose_lines_run_through_it():
    read = random_read(seed=4)
    hits = Hits.of(read)
    outline = [(60, 60), (300, 90), (120, 320)]

    def through(region):
        return {h.id for h in read.hairs.values() if shapely.LineString(h.vertices_px).intersects(region)}

    assert hits.hairs_in_rect((100, 80, 250, 200)) == through(shapely.box(100, 80, 250, 200))
    assert hits.hairs_in_rect((250, 200, 100, 80)) == through(shapely.box(100, 80, 250, 200))
    assert hits.hairs_in_polygon(outline) == through(shapely.Polygon(outline))
    assert 0 < len(hits.hairs_in_polygon(outline)) < len(read.hairs)
    bow_tie = [(0, 0), (400, 400), (400, 0), (0, 400)]
    assert hits.hairs_in_polygon(bow_tie) == through(shapely.make_valid(shapely.Polygon(bow_tie)))


def test_where_hairs_cross_the_nearer_line_is_hit_though_both_are_wide():
    read = make_read([make_hair(1, 9, [[0, 50], [100, 50]], 30.0), make_hair(2, 9, [[50, 0], [50, 100]], 30.0)])
    hits = Hits.of(read)
    assert hits.hair_at((56, 51), 3.0) == 1
    assert hits.hair_at((51, 56), 3.0) == 2
    assert hits.hair_at((20, 64), 1.0) == 1
    assert hits.hair_at((20, 70), 3.0) is None


def test_a_vertex_of_a_hair():
    hits = Hits.of(make_read([make_hair(1, 9, [[10, 10], [20, 10], [30, 10]])]))
    assert hits.vertex_at(1, (21, 11), 4.0) == 1
    assert hits.vertex_at(1, (25, 20), 4.0) is None
    assert hits.vertex_at(77, (21, 11), 4.0) is None


def test_a_unit_is_hit_among_its_roots_and_up_to_its_outline():
    hairs = [make_hair(1, 7, [[10, 10], [10, 90]]), make_hair(2, 7, [[50, 10], [50, 90]]),
             make_hair(3, 8, [[100, 10], [100, 90]]),
             make_hair(4, 9, [[75, 10], [75, 90]], status=Status.REJECTED)]  # fmt: skip
    hits = Hits.of(make_read(hairs))
    assert hits.unit_at((30, 12), 4.0) == 7
    assert hits.unit_at((104, 10), 4.0) == 8
    assert hits.unit_at((75, 10), 4.0) is None
    assert hits.unit_at((30, 20), 4.0) is None


def test_the_latest_exclusion_at_a_place():
    squares = [((10, 10), 40), ((30, 30), 40)]
    exclusions = tuple(
        Exclusion(i, frozen_array([(x, y), (x + s, y), (x + s, y + s), (x, y + s)], 2), ExclusionCause.GLARE)
        for i, ((x, y), s) in enumerate(squares, start=5)
    )
    field = Field(FieldShape.IMAGE, Field.whole_image(100, 100).polygon_px, exclusions)
    hits = Hits.of(make_read([], field=field))
    assert [hits.exclusion_at(p) for p in [(15, 15), (40, 40), (90, 90)]] == [5, 6, None]


def test_a_read_without_hairs():
    hits = Hits.of(make_read([]))
    assert hits.hair_at((5, 5), 10.0) is None
    assert hits.unit_at((5, 5), 10.0) is None
    assert hits.hairs_in_rect((0, 0, 100, 100)) == frozenset()


def test_the_same_read_is_worked_out_once():
    read = random_read(5)
    assert Hits.of(read) is Hits.of(read)
    assert Hits.of(random_read(5)) is not Hits.of(read)
