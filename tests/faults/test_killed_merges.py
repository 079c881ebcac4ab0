import os

import pytest

from tests.faults.kills import of_merging


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the program is made by forking")
def test_a_killed_merge_is_there_or_not(monkeypatch):
    (found,) = of_merging(3)
    assert (found.value, found.note) == (0, found.note)
