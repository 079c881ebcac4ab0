"""The application is made once a process, so each test starts one of its own."""

import os
import subprocess
import sys

import pytest

from workstation.home import HOME_VARIABLE

HEAVY = ("cv2", "scipy", "matplotlib", "shapely", "h5py", "pandas")


@pytest.fixture
def python(request, own_home):
    def python(code, *, fails=False, **environment):
        ended = subprocess.run(
            [sys.executable, "-c", code],
            cwd=request.config.rootpath,
            env={**os.environ, HOME_VARIABLE: str(own_home), "QT_QPA_PLATFORM": "offscreen", **environment},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert fails == (ended.returncode != 0), ended.stderr
        return ended.stdout, ended.stderr

    return python


def test_the_application_has_its_names_and_ends_without_a_trace(python, own_home):
    out, err = python(
        "from ui.application import make_application\n"
        "app = make_application(['trichodesk'])\n"
        "from PySide6.QtGui import QGuiApplication as G\n"
        "print(app.applicationName(), app.organizationName(), G.desktopFileName(),"
        " G.highDpiScaleFactorRoundingPolicy().name)\n"
    )
    assert out.split() == ["trichodesk", "trichodesk", "trichodesk", "PassThrough"]
    assert err == ""
    assert list((own_home / "crashes").iterdir()) == []
    first = (own_home / "trichodesk.log").read_text(encoding="utf-8")
    assert " INFO ui.application: trichodesk 0." in first
    assert first.rstrip().endswith("on offscreen")


def test_what_qt_says_goes_to_the_log_without_names(python, own_home):
    python(
        "from ui.application import make_application\n"
        "app = make_application(['trichodesk'])\n"
        "from PySide6.QtCore import qWarning, qCritical\n"
        "qWarning('no font for \\'Eva Müller\\'')\n"
        "qCritical('broken')\n"
    )
    lines = (own_home / "trichodesk.log").read_text(encoding="utf-8").splitlines()
    assert lines[-2].endswith("WARNING qt.default: no font for …")
    assert lines[-1].endswith("ERROR qt.default: broken")


def test_nothing_heavy_is_imported(python):
    out, _ = python(
        "from ui.application import make_application\n"
        "app = make_application(['trichodesk'])\n"
        "import sys, ui.background, ui.saving, ui.pixels, ui.detection, ui.problems\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    assert out.strip() == "[]"


def test_it_starts_without_a_folder_for_its_log(python, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    out, _ = python(
        "from ui.application import make_application\nprint(bool(make_application(['trichodesk'])))",
        **{HOME_VARIABLE: str(blocked / "home")},
    )
    assert out.strip() == "True"


def test_a_message_that_ends_the_program_is_said_and_noted(python, own_home):
    code = (
        "from ui.application import make_application\n"
        "app = make_application(['trichodesk'])\n"
        "from PySide6.QtCore import qFatal\n"
        "qFatal('out of windows')\n"
    )
    _, err = python(code, fails=True)
    assert err.startswith("trichodesk: ")  # PySide puts words of its own in place of the message
    out, _ = python("from ui.crash import pending_crash_report as p\nprint(p().text)")
    assert "Aborted" in out
    assert "CRITICAL qt.default: " in out
