import numpy as np
import pytest

from tests.workstation.small_study import make_hair, make_read, worked_study
from workstation.model.hair import Origin, Status
from workstation.visit_columns import visit_hairs_of


def test_hairs_that_count_and_have_a_unit_come_in_columns():
    (read,) = worked_study().reads.values()
    columns = visit_hairs_of(read, 10.0)
    assert columns.id.tolist() == [1, 2, 4]
    assert columns.unit.tolist() == [7, 7, 8]
    np.testing.assert_array_equal(columns.width_um, [20.0, 60.0, np.nan])
    assert columns.root_px.tolist() == [[100, 100], [104, 102], [300, 700]]
    # the second bends after 500 µm; its direction is that of its first 200
    assert np.degrees(columns.direction_rad) == pytest.approx([90, np.degrees(np.arctan2(4, 3)), 90])


def test_what_a_reader_judged_or_drew_is_there_for_sure():
    line = [[100, 100], [100, 140]]
    hairs = [
        make_hair(1, 11, line, confidence=0.6),
        make_hair(2, 12, line, confidence=0.6, status=Status.ACCEPTED),
        make_hair(3, 13, line, confidence=0.6, origin=Origin.EDITED),
        make_hair(4, 14, line, confidence=0.6, status=Status.REJECTED),
    ]
    columns = visit_hairs_of(make_read(hairs), 10.0)
    assert dict(zip(columns.id.tolist(), columns.confidence.tolist(), strict=True)) == {1: 0.6, 2: 1.0, 3: 1.0}
