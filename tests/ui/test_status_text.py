from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from analysis.calibration import Calibration, CalibrationSource
from tests.workstation.small_study import TEN_UM, make_hair, make_read
from ui.pointing import Target, TargetKind
from ui.saving import SaveState
from ui.status_text import position_text, save_text, target_text, zoom_text
from workstation.errors import UserFacingError
from workstation.model.hair import Origin, Status

LINE = [[10, 10], [20, 20]]
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def told(hair, target=None, calibration=TEN_UM):
    read = make_read([hair])
    target = target or Target(1, TargetKind.HAIR, hair.id)
    return plain(target_text(target, read, calibration, 0.5))


def test_a_position_is_told_in_mm_and_px():
    assert plain(position_text((341.2, 120.68), TEN_UM)) == "3.412, 1.207 mm · 341, 121 px"
    assert plain(position_text((-0.4, 12.0), None)) == "0, 12 px"
    assert plain(position_text((-50.0, 12.0), TEN_UM)) == "−0.500, 0.120 mm · −50, 12 px"


def test_a_hair_is_told_with_its_unit_and_width():
    assert told(make_hair(27, 12, LINE, 6.2)) == "Hair 27 of unit 12 · 62 µm wide"
    assert told(make_hair(27, 12, LINE, 6.25), calibration=None) == "Hair 27 of unit 12 · 6.2 px wide"
    assert told(make_hair(27, 12, LINE, float("nan"))) == "Hair 27 of unit 12 · width not measured"


def test_what_is_special_about_a_hair_is_told():
    assert told(make_hair(2, 1, LINE, 5, confidence=0.31)) == "Hair 2 of unit 1 · 50 µm wide · doubtful, 31 %"
    accepted = make_hair(2, 1, LINE, 5, confidence=0.31, status=Status.ACCEPTED)
    assert told(accepted) == "Hair 2 of unit 1 · 50 µm wide · accepted"
    assert told(make_hair(2, None, LINE, 5)) == "Hair 2 · 50 µm wide · root outside the image"
    added = replace(make_hair(2, 1, LINE, 5), origin=Origin.ADDED, comment="curly")
    assert told(added) == "Hair 2 of unit 1 · 50 µm wide · added by hand · curly"


def test_a_unit_is_told_with_the_hairs_that_count():
    hairs = [make_hair(1, 9, LINE), make_hair(2, 9, LINE), make_hair(3, 9, LINE, status=Status.REJECTED)]
    read = make_read(hairs)
    assert plain(target_text(Target(1, TargetKind.UNIT, 9), read, TEN_UM, 0.5)) == "Unit 9 of 2 hairs"


def test_nothing_is_told_of_what_is_gone():
    read = make_read([make_hair(1, 9, LINE)])
    assert target_text(Target(1, TargetKind.HAIR, 5), read, TEN_UM, 0.5) == ""
    assert target_text(Target(1, TargetKind.UNIT, 5), read, TEN_UM, 0.5) == ""
    assert target_text(Target(1, TargetKind.HAIR, 1), None, TEN_UM, 0.5) == ""
    assert target_text(None, read, TEN_UM, 0.5) == ""


@pytest.mark.parametrize(
    ("state", "text", "icon"),
    [
        (SaveState(last_saved_utc="2026-03-02T14:02:00Z"), "Saved 14:02", "tick"),
        (SaveState(3, last_saved_utc="2026-03-02T14:02:00Z"), "Saved 14:02 · 3 edits since", "save"),
        (SaveState(1), "1 edit not in the file yet", "save"),
        (SaveState(1, saving=True), "Saving …", "save"),
        (SaveState(last_saved_utc="2026-02-27T09:30:00Z"), "Saved 2026-02-27 09:30", "tick"),
        (SaveState(2, error=UserFacingError("the disk is full")), "Not saved: the disk is full", "error"),
        (SaveState(read_only_because="Grace has it open."), "Read only: Grace has it open", "lock"),
    ],
)
def test_the_state_of_saving_is_told(state, text, icon, monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    now = NOW.astimezone(timezone(timedelta(0), "local"))
    said = save_text(state, now)
    assert (plain(said.text), said.icon) == (text, icon)


def test_a_failed_save_says_that_nothing_is_lost():
    tip = plain(save_text(SaveState(2, error=UserFacingError("the disk is full", remedy="Free some space.")), NOW).tip)
    assert "Free some space." in tip
    assert "2 edits not in the study file" in tip
    assert "come back" in tip


def test_times_are_local():
    five_hours_east = timezone(timedelta(hours=5))
    now = datetime(2026, 3, 3, 1, 0, tzinfo=five_hours_east)
    assert save_text(SaveState(last_saved_utc="2026-03-02T19:30:00Z"), now).text == "Saved 00:30"
    assert save_text(SaveState(last_saved_utc="2026-03-02T18:30:00Z"), now).text == "Saved 2026-03-02 23:30"


def test_zoom_is_told_with_the_size_of_a_pixel():
    assert plain(zoom_text(1.0, Calibration(5.3442, CalibrationSource.DEVICE))) == "100 % · 5.34 µm/px"
    assert plain(zoom_text(0.083, TEN_UM)) == "8.3 % · 10.0 µm/px"
    assert plain(zoom_text(12.5, None)) == "1250 % · no scale"
