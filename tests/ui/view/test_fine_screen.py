"""On a screen of two device pixels per logical pixel: in a process of its own, for Qt asks for that once."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PROGRAM = """
import sys
from pathlib import Path
import numpy as np
from PySide6.QtWidgets import QApplication
from tests.ui.small_session import READER, make_small_study
from ui.background import Background
from ui.pixels import PixelStore
from ui.tools import TOOLS
from ui.tools.host import ToolHost
from ui.view.comparison import ComparisonView
from ui.view.layers import Display, Layers
from ui.workspace import Workspace
from workstation.session import open_study
from workstation.settings import Settings

app = QApplication([])
with open_study(make_small_study(Path(sys.argv[1])), READER) as session:
    workspace = Workspace(Settings(reader=READER))
    pixels, background = PixelStore(workspace), Background()
    views = ComparisonView(workspace, pixels, ToolHost(workspace, pixels, TOOLS), background)
    views.resize(401, 301)
    workspace.set_session(session, (1,))
    workspace.set_display(Display(layers=Layers(visible=False)))
    views.show()
    view = views.view_of(1)
    while not view.ready:
        app.processEvents()
    assert view.devicePixelRatioF() == 2.0
    view.one_to_one()
    view.settle_now()
    assert view.viewport.scale == 0.5, view.viewport
    grabbed = view.grab().toImage()
    assert (grabbed.width(), grabbed.height()) == (2 * view.width(), 2 * view.height())
    seen = np.frombuffer(grabbed.constBits(), np.uint8).reshape(grabbed.height(), -1, 4)[:, :, 2::-1]
    left, top = np.round(2 * view.viewport.to_view((-0.5, -0.5))).astype(int)
    image = pixels.pixels(1)
    assert (seen[top : top + 240, left : left + 320] == image).all(), "not the image's own pixels"
    workspace.set_display(Display())
    with_overlay = np.frombuffer(view.grab().toImage().constBits(), np.uint8).reshape(seen.shape[0], -1, 4)[:, :, 2::-1]
    x, y = np.round(2 * view.viewport.to_view((60, 60))).astype(int)
    ring = (with_overlay != seen).any(axis=2)[y - 20 : y + 21, x - 20 : x + 21]
    assert ring.any() and not ring[20, 20 - 14 : 20 - 12].any()
    workspace.set_session(None)
    pixels.shutdown()
    background.shutdown()
print("fine")
"""


def test_an_image_pixel_is_a_device_pixel_at_one_to_one(tmp_path, own_home):
    environment = os.environ | {"QT_SCALE_FACTOR": "2", "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "study")], capture_output=True, text=True,
        env=environment, cwd=ROOT, timeout=120, check=False,
    )  # fmt: skip
    assert done.stdout == "fine\n", done.stderr
