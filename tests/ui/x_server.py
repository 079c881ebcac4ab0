"""A screen of its own for a test: Xvfb, whose picture lies in a file, and xdotool for a hand."""

import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

TOOLS = ("Xvfb", "xdotool")


def missing() -> list[str]:
    """What is not installed."""
    return [tool for tool in TOOLS if shutil.which(tool) is None]


@contextmanager
def x_server(folder: Path, width: int = 1440, height: int = 900) -> Iterator[dict[str, str]]:
    """A running X server whose picture lies in a folder; gives the environment for programs on it."""
    reading, writing = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(writing),
        "-screen",
        "0",
        f"{width}x{height}x24",
        "-nolisten",
        "tcp",
        "-fbdir",
        str(folder),
    ]
    server = subprocess.Popen(command, pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as number:
            display = number.readline().strip()
        if not display:
            raise RuntimeError("Xvfb did not start")
        without = {"WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
        rest = {name: value for name, value in os.environ.items() if name not in without}
        yield {**rest, "DISPLAY": f":{display}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait(10)


def look(folder: Path) -> NDArray[np.uint8]:
    """What is on the screen now, (H, W, 3) RGB: Xvfb keeps it in a file in the X window dump format."""
    data = (folder / "Xvfb_screen0").read_bytes()
    header = struct.unpack(">25I", data[:100])
    header_size, width, height, bytes_per_line, n_colours = header[0], header[4], header[5], header[12], header[19]
    start = header_size + 12 * n_colours
    rows = np.frombuffer(data, np.uint8, height * bytes_per_line, start).reshape(height, bytes_per_line)
    return rows[:, : 4 * width].reshape(height, width, 4)[:, :, 2::-1].copy()


def hand(environment: dict[str, str], *words: str | int) -> None:
    """Have xdotool do something."""
    subprocess.run(["xdotool", *map(str, words)], env=environment, check=True, timeout=20)
