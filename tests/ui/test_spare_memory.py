import sys

import psutil
import pytest

from ui import spare_memory
from ui.spare_memory import give_back


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only the GNU C library keeps what was freed")
def test_what_was_freed_between_living_pieces_goes_back():
    if spare_memory._trim() is None:
        pytest.skip("this C library has no malloc_trim")
    pieces = [bytes(60_000) for _ in range(2_000)]
    living = pieces[::40]
    del pieces
    before = psutil.Process().memory_info().rss
    assert give_back()
    assert psutil.Process().memory_info().rss < before - 20_000_000
    assert len(living) == 50


def test_a_library_that_cannot_is_left_alone(monkeypatch):
    monkeypatch.setattr(spare_memory, "_trim", lambda: None)
    assert not give_back()
