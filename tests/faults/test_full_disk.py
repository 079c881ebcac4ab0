import pytest

from tests.faults.full_disk import on_a_small_disk


def test_on_a_small_file_system_that_fills_up():
    found = on_a_small_disk(step_kib=240)
    if found.value is None:
        pytest.skip(found.note)
    assert (found.value, found.note) == (0, found.note)
    assert "the space ended 0 times in an edit" not in found.note
