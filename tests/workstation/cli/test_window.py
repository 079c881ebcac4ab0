"""What the command line makes of a window that it is given, and what it does without one."""

import json
from pathlib import Path

import pytest

from workstation.errors import UserFacingError
from workstation.session import open_study


class Window:
    """Notes what it was opened on."""

    def __init__(self, status=0):
        self.opened = []
        self.status = status

    def __call__(self, study, *, detect=False):
        self.opened.append((study, detect))
        return self.status


def test_without_a_command_the_window_opens(run):
    window = Window(status=3)
    assert run(open_window=window) == (3, "", "")
    assert window.opened == [(None, False)]


def test_a_study_opens_in_the_window(run, study):
    window = Window()
    assert run(study, open_window=window)[0] == 0
    assert window.opened == [(study, False)]


def test_a_study_is_known_by_its_content_too(run, study):
    odd = study.with_name("study of Ada")
    study.rename(odd)
    window = Window()
    assert run(odd, open_window=window)[0] == 0
    assert window.opened == [(odd, False)]


def test_a_study_that_is_not_there_opens_no_window(run, tmp_path):
    window = Window()
    status, _, err = run(tmp_path / "gone.h5", open_window=window)
    assert (status, window.opened) == (1, [])
    assert "gone.h5: there is no such file" in err


def test_a_study_without_a_display(run, study):
    status, out, err = run(study)
    assert (status, out) == (1, "")
    assert "there is no display to open a window on" in err


def test_commands_and_wrong_usage_open_no_window(run, study):
    window = Window()
    assert run("settings", open_window=window)[0] == 0
    assert run("measure", study, open_window=window)[0] == 0
    assert run("--version", open_window=window)[0] == 0
    assert run("nonsense", open_window=window)[0] == 2
    assert run(study, study, open_window=window)[0] == 2
    assert window.opened == []


def test_no_arguments_and_no_display_give_help(run):
    status, out, err = run()
    assert status == 2
    assert "trichodesk [STUDY.h5]" in " ".join((out + err).split())


def test_an_error_in_opening_is_said(run, study):
    def fail(*_, **__):
        raise UserFacingError("the window cannot be shown", remedy="Look elsewhere.")

    assert run(study, open_window=fail) == (1, "", "trichodesk: the window cannot be shown. Look elsewhere.\n")


def test_the_demo_is_made_once_and_opened_undetected(run, tmp_path):
    window = Window(status=4)
    for _ in range(2):
        assert run("demo", "-o", tmp_path / "d", open_window=window)[0] == 4
    assert window.opened == [(tmp_path / "d" / "study.h5", True)] * 2
    with open_study(window.opened[0][0], "Ada", read_only=True) as session:
        assert (len(session.study.images), len(session.study.reads)) == (2, 0)
    assert sorted(p.name for p in Path(tmp_path / "d").iterdir()) == ["study.h5", "study.images"]


@pytest.mark.slow
def test_a_headless_demo_opens_no_window(run, tmp_path):
    window = Window()
    status, out, _ = run("demo", "--json", "-o", tmp_path / "d", open_window=window)
    assert (status, window.opened) == (0, [])
    assert json.loads(out)["endpoints"][0]["hair_count"] > 0
