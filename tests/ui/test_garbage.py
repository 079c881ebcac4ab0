import gc
import threading
import weakref

import pytest

from ui.garbage import MainThreadCollector


@pytest.fixture
def collector(qapp):
    gc.collect()
    collector = MainThreadCollector(interval_ms=10)
    yield collector
    collector.stop()


class Cycle:
    def __init__(self, gone_on):
        self.me = self
        self.ended = weakref.finalize(self, lambda: gone_on.append(threading.current_thread().name))


def allocate_much():
    for _ in range(20_000):
        cell = []
        cell.append(cell)


def test_a_cycle_is_never_collected_on_another_thread(collector, qtbot):
    gone_on = []
    Cycle(gone_on)
    worker = threading.Thread(target=allocate_much, name="worker")
    worker.start()
    worker.join()
    assert gone_on == []
    qtbot.waitUntil(lambda: gone_on == [threading.main_thread().name])


def test_garbage_does_not_pile_up(collector, qtbot):
    allocate_much()
    before = gc.get_count()[0]
    qtbot.waitUntil(lambda: gc.get_count()[0] < before)


def test_little_garbage_is_left_alone(collector):
    gc.collect()
    assert collector.collect_if_due() is None


def test_python_collects_again_once_it_is_stopped(qapp):
    collector = MainThreadCollector()
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled()


def test_what_lives_as_long_as_the_program_is_not_looked_through(collector, qtbot):
    kept = [[] for _ in range(1_000)]
    n = len(gc.get_objects())
    collector.spare_present()
    assert len(gc.get_objects()) < n / 10
    gone_on = []
    Cycle(gone_on)
    gc.collect()
    assert gone_on == ["MainThread"]  # garbage that came since is found
    collector.stop()
    assert len(gc.get_objects()) >= n
    assert len(kept) == 1_000
