"""How quickly a tool's preview follows the hand: from a move of the mouse to the preview worked out.

On a 12-MP image with 2,500 hairs; drawing the views is measured in `bench_view`.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from analysis.synthetic import large_pair
from tests.benchmarks.figure import Figure
from tests.benchmarks.large_study import own_home, write_study
from workstation.session import open_study

SECTION = "Tools"
READER = "Ada"
MOVES = 60
GOAL = "≤ 16 ms"
IMAGE = 1


def figures() -> list[Figure]:
    """Each tool's preview at its most laborious; what is under the mouse; the first move after an edit."""
    with _tools() as (workspace, tools, app):
        read = workspace.read(IMAGE)
        hairs = [hair for hair in read.hairs.values() if len(hair.vertices_px) > 4][:: len(read.hairs) // MOVES][:MOVES]
        rows = [
            _row("hover: what is under the mouse", _hovering(workspace, tools, hairs, "cut")),
            _row("hover in the units tool", _hovering(workspace, tools, hairs, "units")),
            _row("a frame over a quarter of the image", _framing(workspace, tools)),
            _row("an end on its way along the shaft", _dragging(workspace, tools, hairs, "ends", 1)),
            _row("the brush on its way", _dragging(workspace, tools, hairs, "exclude", 0)),
            _row("the field on its way", _dragging(workspace, tools, hairs, "field", 0)),
            _row("a new hair, snapped and its width measured", _dragging(workspace, tools, hairs, "draw", 0)),
            _row("the first hover after an edit", _after_edits(workspace, tools, hairs)),
        ]
        app.processEvents()
        return rows


@contextmanager
def _tools() -> Iterator[tuple[Any, Any, Any]]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from ui.pixels import PixelStore
    from ui.tools import TOOLS
    from ui.tools.host import ToolHost
    from ui.workspace import Workspace
    from workstation.settings import Settings

    app = QApplication.instance() or QApplication([])
    with tempfile.TemporaryDirectory() as folder, own_home(Path(folder) / "home"):
        path = write_study(Path(folder), [large_pair(1)[0]])
        with open_study(path, READER) as session:
            workspace = Workspace(Settings(reader=READER))
            workspace.set_session(session, [IMAGE])
            pixels = PixelStore(workspace)
            tools = ToolHost(workspace, pixels, TOOLS)
            while pixels.evidence(IMAGE) is None:
                app.processEvents()
                time.sleep(0.01)
            try:
                yield workspace, tools, app
            finally:
                tools.cancel()
                workspace.set_session(None)
                pixels.shutdown()


def _at(point_px: np.ndarray) -> Any:
    from ui.tools.tool import Pointer

    x, y = np.asarray(point_px).tolist()
    return Pointer(IMAGE, (x, y), 3.5)


def _moved(tool: Any, point_px: np.ndarray) -> float:
    start = time.perf_counter()
    tool.move(_at(point_px))
    tool._update()
    return time.perf_counter() - start


def _hovering(workspace: Any, tools: Any, hairs: list[Any], name: str) -> list[float]:
    workspace.set_tool(name)
    return [_moved(tools.current, hair.root_px + 1.0) for hair in hairs]


def _framing(workspace: Any, tools: Any) -> list[float]:
    workspace.set_tool("select")
    width, height = workspace.study.images[IMAGE].width_px, workspace.study.images[IMAGE].height_px
    tools.current.press(_at(np.array([10.0, 10.0])))
    ends = np.linspace((width / 3, height / 3), (width / 2, height / 2), MOVES)
    taken = [_moved(tools.current, end) for end in ends]
    tools.cancel()
    return taken


def _dragging(workspace: Any, tools: Any, hairs: list[Any], name: str, begin: int) -> list[float]:
    """From the root, or the tip, of each hair to a place near its tip, or 25 px beyond it."""
    workspace.set_tool(name)
    taken = []
    for hair in hairs:
        outwards = hair.tip_px - hair.vertices_px[-2]
        beyond = hair.tip_px + 25 * outwards / np.hypot(*outwards) * begin
        start = _at(hair.tip_px if begin else hair.root_px)
        tools.current.press(start)
        if name == "draw":
            tools.current.release(start)  # the root; the tip is on its way
        taken.append(_moved(tools.current, beyond))
        tools.cancel()
    return taken


def _after_edits(workspace: Any, tools: Any, hairs: list[Any]) -> list[float]:
    from workstation.edits import move_hairs

    workspace.set_tool("cut")
    taken = []
    for hair in hairs[:20]:
        workspace.commit(IMAGE, lambda read, hair=hair: move_hairs(read, [hair.id], (0.25, 0.25)), quiet=True)
        taken.append(_moved(tools.current, hair.root_px))
    return taken


def _row(name: str, taken: list[float]) -> Figure:
    milliseconds = np.array(taken) * 1e3
    p95, worst = np.percentile(milliseconds, 95), milliseconds.max()
    return Figure(SECTION, name, float(np.median(milliseconds)), "ms", GOAL, f"p95 {p95:.1f}, worst {worst:.1f} ms")
