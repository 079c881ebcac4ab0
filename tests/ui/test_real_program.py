"""The installed program on a real X server, by mouse and keyboard, killed in the middle of work."""

import hashlib
import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.ui.x_server import hand, look, missing, x_server
from tests.workstation.small_study import TEN_UM, make_image, make_study
from workstation.home import HOME_VARIABLE
from workstation.model.hair import Origin
from workstation.session import create_study, open_study

SKIN = (236, 188, 168)
WIDTH_PX, HEIGHT_PX = 640, 480
ROOT_PX, TIP_PX = (220.0, 160.0), (420.0, 320.0)
TIMEOUT_S = 60.0
SETTLES_S = 5.0
"""Until the image is prepared for following shafts."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(missing()), reason=f"needs {' and '.join(missing())}"),
]


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The program's own folder, which the test looks into as well."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv(HOME_VARIABLE, str(folder))
    (folder / "settings.json").write_text(json.dumps({"reader": "Ada", "theme": "dark", "autosave_after_s": 3600}))
    return folder


@pytest.fixture
def study(tmp_path):
    """A study of one image with one dark shaft on plain skin, and nothing detected."""
    picture = np.full((HEIGHT_PX, WIDTH_PX, 3), SKIN, np.uint8)
    cv2.line(picture, tuple(map(int, ROOT_PX)), tuple(map(int, TIP_PX)), (40, 30, 25), 7, cv2.LINE_AA)
    data = cv2.imencode(".png", picture[:, :, ::-1])[1].tobytes()
    sha256 = hashlib.sha256(data).hexdigest()
    image = replace(make_image(calibration=TEN_UM), width_px=WIDTH_PX, height_px=HEIGHT_PX, sha256=sha256)
    path = tmp_path / "trial.h5"
    target = tmp_path / image.path
    target.parent.mkdir()
    target.write_bytes(data)
    create_study(path, make_study(images=[image]), user="Ada")
    return path


class Program:
    """The running program and its screen."""

    def __init__(self, study: Path, home: Path, environment: dict[str, str], screen: Path) -> None:
        self.environment = {**environment, HOME_VARIABLE: str(home)}
        self.screen = screen
        command = Path(sys.executable).with_name("trichodesk")
        self.process = subprocess.Popen([command, study], env=self.environment)

    def wait_for(self, what):
        """What `what(screen)` gives as soon as it gives anything."""
        end = time.monotonic() + TIMEOUT_S
        while time.monotonic() < end:
            assert self.process.poll() is None, f"the program ended with status {self.process.returncode}"
            found = what(look(self.screen))
            if found is not None:
                return found
            time.sleep(0.2)
        cv2.imwrite(str(self.screen / "last.png"), look(self.screen)[:, :, ::-1])
        raise AssertionError("what was waited for never came on the screen")

    def take_focus(self):
        """There is no window manager to do it."""
        hand(self.environment, "search", "--sync", "--onlyvisible", "--name", "trichodesk", "windowfocus", "--sync")

    def click(self, at):
        hand(self.environment, "mousemove", round(at[0]), round(at[1]), "sleep", 0.2, "click", 1, "sleep", 0.2)

    def key(self, name):
        hand(self.environment, "key", name, "sleep", 0.3)


def is_skin(screen):
    return (np.abs(screen.astype(int) - SKIN) <= 2).all(axis=2)


def place_of_image(screen):
    """Scale and origin of the image on the screen, from where its skin is; None while it is not there."""
    rows, columns = np.nonzero(is_skin(screen))
    if rows.size < 10_000:
        return None
    left, top = columns.min(), rows.min()
    scale = (columns.max() - left + 1) / WIDTH_PX
    return scale, np.array([left, top])


def test_a_hair_clicked_into_being_survives_a_kill(tmp_path, study, home):
    screen = tmp_path / "screen"
    screen.mkdir()
    with x_server(screen) as environment:
        program = Program(study, home, environment, screen)
        try:
            scale, origin = program.wait_for(place_of_image)
            program.take_focus()
            program.key("d")
            time.sleep(SETTLES_S)
            for point in (ROOT_PX, TIP_PX):
                program.click(origin + (np.array(point) + 0.5) * scale)
            end = time.monotonic() + TIMEOUT_S
            while n_hairs(study) == 0 and time.monotonic() < end:
                time.sleep(0.3)
        finally:
            program.process.kill()
            program.process.wait(10)

        again = Program(study, home, environment, screen)
        try:
            again.wait_for(place_of_image)
            again.take_focus()
            again.key("ctrl+q")
            assert again.process.wait(TIMEOUT_S) == 0
        finally:
            if again.process.poll() is None:
                again.process.kill()
                again.process.wait(10)

    with open_study(study, "Ada", read_only=True) as session:
        assert session.recovered.n_edits == 0  # closing put everything into the file
        [hair] = session.study.read_in_use(1).hairs.values()
    assert hair.origin is Origin.ADDED
    assert np.hypot(*(hair.root_px - ROOT_PX)) < 6
    assert np.hypot(*(hair.tip_px - TIP_PX)) < 6
    assert 6 < hair.width_px < 10  # drawn 7 px thick, and softened at the edges


def n_hairs(study):
    """How many hairs would be there if the program were killed now."""
    with open_study(study, "Ada", read_only=True) as session:
        read = session.study.read_in_use(1)
        return 0 if read is None else len(read.hairs)
