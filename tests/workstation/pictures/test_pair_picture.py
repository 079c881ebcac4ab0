import numpy as np
import shapely

from analysis.matching.match import Level, Match, Matching, Status
from analysis.registration.warp import Warp
from tests.workstation.small_study import make_hair, make_read
from workstation.model.field import Field
from workstation.palette import MATCH_COLOURS
from workstation.pictures.pair_picture import pair_picture

SKIN = (200, 170, 150)
WHOLE = Field.whole_image(400, 300)
SHIFT = Warp(np.array([[1.0, 0, 30], [0, 1.0, 20]]))


def drawn(matches, before, after):
    reads = make_read(before, field=WHOLE), make_read(after, field=WHOLE)
    common = shapely.box(0, 0, 369, 279)
    matching = Matching(tuple(matches), (), common, shapely.box(30, 20, 399, 299), 0.86)
    image = np.full((300, 400, 3), SKIN, np.uint8)
    return pair_picture(image, image, reads, matching, SHIFT, 10.0, long_side_px=400)


def near(part, colour):
    y, x = np.nonzero((np.abs(part.astype(int) - colour) <= 50).all(axis=2))
    return np.column_stack([x, y])


def test_each_status_is_marked_at_the_same_place_in_both_images():
    before = [make_hair(1, 11, [[100, 80], [120, 80]]), make_hair(2, 12, [[200, 180], [220, 180]])]
    after = [make_hair(1, 21, [[130, 100], [150, 100]]), make_hair(2, 22, [[320, 240], [340, 240]])]
    picture = drawn(
        [
            Match(Level.UNIT, 11, 21, Status.KEPT),
            Match(Level.UNIT, 12, None, Status.LOST),
            Match(Level.UNIT, None, 22, Status.NEW),
        ],
        before,
        after,
    )
    left, right = picture[:270, :380], picture[:270, 408:]
    for status, panel, place in [
        (Status.KEPT, left, (100, 80)),
        (Status.KEPT, right, (100, 80)),
        (Status.LOST, left, (200, 180)),
        (Status.NEW, right, (290, 220)),
    ]:
        middle = near(panel, MATCH_COLOURS[status]).mean(axis=0)
        assert np.hypot(*(middle - place)) < 2, (status, middle)
    assert not len(near(right[:, 150:260], MATCH_COLOURS[Status.LOST]))


def test_what_the_followup_does_not_show_is_black():
    picture = drawn([], [make_hair(1, 11, [[100, 80], [120, 80]])], [make_hair(1, 21, [[130, 100], [150, 100]])])
    assert (picture[20:200, 408 + 380 : 408 + 395] == 0).all()
    assert picture.shape[1] == 808
