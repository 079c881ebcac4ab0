import pytest

from ui.comparing import Comparing, Mode


@pytest.fixture
def comparing(qapp):
    return Comparing()


def test_it_begins_side_by_side_and_tells_of_another_mode_once(comparing):
    told = []
    comparing.mode_changed.connect(lambda: told.append(comparing.mode))
    assert not comparing.over
    for mode in (Mode.CURTAIN, Mode.CURTAIN, Mode.SIDE_BY_SIDE):
        comparing.set_mode(mode)
    assert told == [Mode.CURTAIN, Mode.SIDE_BY_SIDE]


def test_blinking_takes_turns_until_it_is_held(comparing, qtbot):
    comparing.set_rate(3.0)
    comparing.set_mode(Mode.BLINK)
    assert (comparing.running, comparing.second_on_top) == (True, False)
    seen = []
    comparing.changed.connect(lambda: seen.append(comparing.second_on_top))
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen == [True, False]
    comparing.flip()
    assert (comparing.running, comparing.second_on_top) == (False, True)
    comparing.set_running(True)
    assert comparing.running
    comparing.set_mode(Mode.SIDE_BY_SIDE)
    assert (comparing.running, comparing.second_on_top) == (False, False)


def test_it_never_blinks_faster_than_is_safe_nor_beyond_the_ends(comparing):
    comparing.set_rate(50.0)
    assert comparing.rate == 3.0
    comparing.set_rate(0.0)
    assert comparing.rate == 0.5
    comparing.set_fade(1.2)
    comparing.set_curtain(-3.0)
    assert (comparing.fade, comparing.curtain) == (1.0, 0.0)


def test_keys_step_what_belongs_to_the_mode(comparing):
    comparing.set_mode(Mode.FADE)
    comparing.step(up=True)
    comparing.set_mode(Mode.CURTAIN)
    comparing.step(up=False)
    comparing.set_mode(Mode.BLINK)
    comparing.step(up=True)
    assert comparing.fade == pytest.approx(0.55)
    assert comparing.curtain == pytest.approx(0.45)
    assert comparing.rate == pytest.approx(1.25)
    comparing.set_mode(Mode.SIDE_BY_SIDE)
    comparing.step(up=True)
    assert comparing.rate == pytest.approx(1.25)


def test_it_is_known_which_of_both_is_hidden(comparing):
    assert not comparing.hides(False)
    comparing.set_mode(Mode.BLINK)
    assert not comparing.hides(True)  # its turn comes
    comparing.set_running(False)
    assert (comparing.hides(False), comparing.hides(True)) == (False, True)
    comparing.set_mode(Mode.FADE)
    assert not comparing.hides(True)
    comparing.set_fade(1.0)
    assert (comparing.hides(False), comparing.hides(True)) == (True, False)
    comparing.set_mode(Mode.CURTAIN)
    comparing.set_curtain(1.0)
    assert (comparing.hides(False), comparing.hides(True)) == (False, True)


def test_flipping_shows_the_other_one_alone(comparing):
    comparing.set_mode(Mode.FADE)
    comparing.set_fade(0.4)
    comparing.flip()
    assert (comparing.fade, comparing.second_on_top) == (1.0, True)
    comparing.flip()
    assert (comparing.fade, comparing.second_on_top) == (0.0, False)
    comparing.set_mode(Mode.CURTAIN)
    comparing.set_curtain(0.7)
    comparing.flip()
    assert comparing.curtain == 0.0
    comparing.flip()
    assert comparing.curtain == 1.0
