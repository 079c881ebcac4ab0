"""What the program needs of the operating system: shared libraries that Qt loads, a font, and X tools for one test.

Where root runs on a Debian-like system, what is missing is installed; elsewhere the command that does it is named.
Needs the standard library alone.
"""

from __future__ import annotations

import ctypes
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
"""Debian's package of each library without which Qt's modules cannot even be imported."""

X11_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""Debian's package of each further library that a window on an X server needs."""

TEST_PROGRAMS = {"Xvfb": "xvfb", "xdotool": "xdotool", "chromium": "chromium"}
"""Debian's package of each program that the tests on a real X server and in a browser need; else they are skipped."""

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
FONT_SUFFIXES = {".ttf", ".otf", ".ttc", ".pfb"}
FONT_PACKAGE = "fonts-dejavu-core"


def prepare(*, develop: bool) -> list[str]:
    """Install what is missing, or name the command that does, on standard error; nothing but on Linux.

    Returns:
        The libraries still missing without which no module of Qt can be imported.
    """
    if not sys.platform.startswith("linux"):
        return []
    missing = missing_packages(develop=develop)
    if not missing:
        return []
    what, packages = ", ".join(missing), sorted(set(missing.values()))
    if can_install():
        print(f"Missing on this system: {what}.", flush=True)
        install(packages)
        missing = missing_packages(develop=develop)
        what, packages = ", ".join(missing), sorted(set(missing.values()))
    if missing:
        print(f"trichodesk: missing on this system: {what}. {how_to_install(packages)}", file=sys.stderr, flush=True)
    return [name for name in missing if name in QT_LIBRARIES]


def missing_packages(*, develop: bool) -> dict[str, str]:
    """What is missing, by its name, and the Debian package that has it."""
    wanted = {**QT_LIBRARIES, **X11_LIBRARIES}
    missing = {name: package for name, package in wanted.items() if not _loads(name)}
    if not _has_font():
        missing["a font"] = FONT_PACKAGE
    if develop:
        missing |= {name: package for name, package in TEST_PROGRAMS.items() if shutil.which(name) is None}
    return missing


def can_install() -> bool:
    """Whether this process may install packages, and knows how."""
    return shutil.which("apt-get") is not None and hasattr(os, "geteuid") and os.geteuid() == 0


def install(packages: Iterable[str]) -> bool:
    """Install Debian packages, unattended, after saying so; whether that went well."""
    command = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *packages]
    print(f"Installing it: {shlex.join(command)}", flush=True)
    waiting = ["-o", "DPkg::Lock::Timeout=300"]  # another installation on this machine may be under way
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # lists that cannot be fetched may still be good enough to install from
    subprocess.run(["apt-get", *waiting, "update", "--quiet"], env=environment, check=False)
    command[1:1] = waiting
    return subprocess.run(command, env=environment, check=False).returncode == 0


def how_to_install(packages: Iterable[str]) -> str:
    """A sentence with the command that installs Debian packages."""
    command = f"sudo apt-get update && sudo apt-get install {shlex.join(packages)}"
    if shutil.which("apt-get"):
        return f"Install it with: {command}"
    return f"Install it with the system's own package manager; on Debian or Ubuntu: {command}"


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _has_font() -> bool:
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    return any(path.suffix.lower() in FONT_SUFFIXES for folder in folders for path in folder.rglob("*"))
