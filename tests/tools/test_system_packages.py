import importlib.util
import os
import re
import stat
import sys
from pathlib import Path

import pytest
import system_packages
from system_packages import QT_LIBRARIES, X11_LIBRARIES, how_to_install, install, missing_packages, prepare

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux alone needs these packages")

ALWAYS_THERE = {"libc.so.6", "libm.so.6", "libgcc_s.so.1", "libstdc++.so.6"}
MODULES = ("QtGui.abi3.so", "QtWidgets.abi3.so", "QtTest.abi3.so", "QtSvg.abi3.so")
WINDOWLESS = (*MODULES, *(f"Qt/lib/libQt6{name}.so.6" for name in ("Core", "Gui", "Widgets", "Test", "Svg", "DBus")))
WITH_X11 = ("Qt/lib/libQt6XcbQpa.so.6", "Qt/plugins/platforms/libqxcb.so")
APT_GET = """#!/bin/sh
echo "$DEBIAN_FRONTEND $*" >> {log}
exit {status}
"""


def needed(*files):
    """The system's libraries that are named in files of the Qt wheel."""
    spec = importlib.util.find_spec("PySide6")
    folder = Path(spec.submodule_search_locations[0])
    named = [re.findall(rb"\0(lib[\w+.-]+\.so\.\d+)(?=\0)", (folder / file).read_bytes()) for file in files]
    names = {name.decode() for found in named for name in found}
    return {name for name in names if not name.startswith(("libQt6", "libicu", "libpyside", "libshiboken"))}


@pytest.fixture
def system(tmp_path, monkeypatch):
    """A Debian-like system with all libraries, a font and an apt-get that only takes notes; gives what it lacks."""
    lacking = set()
    monkeypatch.setattr(system_packages, "_loads", lambda library: library not in lacking)
    font = tmp_path / "fonts" / "a" / "sans.TTF"
    font.parent.mkdir(parents=True)
    font.touch()
    monkeypatch.setattr(system_packages, "FONT_FOLDERS", (str(tmp_path / "none"), str(tmp_path / "fonts")))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    for program in ("apt-get", *system_packages.TEST_PROGRAMS):
        put_program(tmp_path, program)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return lacking


def put_program(tmp_path, name, status=0):
    program = tmp_path / "bin" / name
    program.parent.mkdir(exist_ok=True)
    program.write_text(APT_GET.format(log=tmp_path / "log", status=status))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def calls(tmp_path):
    log = tmp_path / "log"
    return log.read_text().splitlines() if log.exists() else []


def test_every_library_that_the_qt_wheel_needs_is_known():
    assert needed(*WINDOWLESS) - ALWAYS_THERE == set(QT_LIBRARIES)
    assert needed(*WITH_X11) - ALWAYS_THERE - set(QT_LIBRARIES) == set(X11_LIBRARIES)


def test_where_all_is_there_nothing_is_done(system, tmp_path, capfd):
    assert prepare(develop=True) == []
    assert capfd.readouterr() == ("", "")
    assert calls(tmp_path) == []


def test_root_gets_it_installed_unattended_and_is_told_before(system, tmp_path, capfd):
    system |= {"libEGL.so.1", "libgthread-2.0.so.0", "libglib-2.0.so.0"}
    assert prepare(develop=False) == ["libEGL.so.1", "libglib-2.0.so.0", "libgthread-2.0.so.0"]  # installs nothing
    update, installation = calls(tmp_path)
    assert update == "noninteractive -o DPkg::Lock::Timeout=300 update --quiet"
    assert installation == (
        "noninteractive -o DPkg::Lock::Timeout=300 install --yes --quiet --no-install-recommends libegl1 libglib2.0-0"
    )
    out, err = capfd.readouterr()
    assert out.splitlines() == [
        "Missing on this system: libEGL.so.1, libglib-2.0.so.0, libgthread-2.0.so.0.",
        "Installing it: apt-get install --yes --quiet --no-install-recommends libegl1 libglib2.0-0",
    ]
    assert "sudo apt-get update && sudo apt-get install libegl1 libglib2.0-0" in err


def test_who_is_not_root_is_told_the_command(system, tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    system.add("libxcb-cursor.so.0")
    assert prepare(develop=False) == []  # programs without a window run all the same
    assert calls(tmp_path) == []
    assert capfd.readouterr().err == (
        "trichodesk: missing on this system: libxcb-cursor.so.0. "
        "Install it with: sudo apt-get update && sudo apt-get install libxcb-cursor0\n"
    )


def test_another_system_is_told_which_packages_debian_calls_so(system, tmp_path):
    (tmp_path / "bin" / "apt-get").unlink()
    assert how_to_install(["libgl1"]) == (
        "Install it with the system's own package manager; on Debian or Ubuntu: "
        "sudo apt-get update && sudo apt-get install libgl1"
    )


def test_programs_for_tests_are_wanted_by_developers_alone(system, tmp_path):
    (tmp_path / "bin" / "Xvfb").unlink()
    assert missing_packages(develop=False) == {}
    assert missing_packages(develop=True) == {"Xvfb": "xvfb"}


def test_a_system_without_a_font_needs_one(system, tmp_path):
    (tmp_path / "fonts" / "a" / "sans.TTF").rename(tmp_path / "fonts" / "a" / "fonts.dir")
    assert missing_packages(develop=False) == {"a font": "fonts-dejavu-core"}


def test_a_failed_installation_is_noticed(system, tmp_path):
    put_program(tmp_path, "apt-get", status=100)
    assert not install(["libgl1"])
    assert len(calls(tmp_path)) == 2
