from typing import NamedTuple

from ui.kept import Kept


class Key(NamedTuple):
    image_id: int
    what: str = "pixels"


def kept_of(budget, *numbers):
    kept = Kept(budget)
    for number in numbers:
        kept.put(Key(number), f"image {number}", 10)
    return kept


def held(kept, *numbers):
    return [n for n in numbers if Key(n) in kept]


def test_what_was_not_used_for_longest_goes_first():
    kept = kept_of(30, 1, 2, 3)
    assert kept.get(Key(1)) == "image 1"
    kept.put(Key(4), "image 4", 10)
    assert held(kept, 1, 2, 3, 4) == [1, 3, 4]
    assert kept.get(Key(2)) is None
    assert kept.n_bytes == 30


def test_looking_whether_it_is_there_is_no_use():
    kept = kept_of(20, 1, 2)
    assert Key(1) in kept
    kept.put(Key(3), "image 3", 10)
    assert held(kept, 1, 2, 3) == [2, 3]


def test_what_is_shown_stays_whatever_it_takes():
    kept = kept_of(20)
    kept.pin(frozenset({1, 2}))
    for number in (1, 2, 3):
        kept.put(Key(number), "", 15)
    assert held(kept, 1, 2, 3) == [1, 2, 3]  # 3 was just put there, somebody wants it now
    kept.put(Key(4), "", 15)
    assert held(kept, 1, 2, 3, 4) == [1, 2, 4]
    kept.pin(frozenset())
    assert held(kept, 1, 2, 4) == [4]


def test_a_thing_put_again_counts_once():
    kept = kept_of(100, 1, 1, 1)
    assert kept.n_bytes == 10
    kept.put(Key(1), "larger", 25)
    assert (kept.n_bytes, kept.get(Key(1))) == (25, "larger")


def test_room_is_what_pinned_images_leave():
    kept = kept_of(30, 1, 2)
    assert kept.has_room(30)
    kept.pin(frozenset({1}))
    assert kept.has_room(20)
    assert not kept.has_room(21)


def test_clearing_lets_go_of_everything():
    kept = kept_of(30, 1, 2)
    kept.pin(frozenset({1}))
    kept.clear()
    assert kept.n_bytes == 0
    assert kept.has_room(30)
