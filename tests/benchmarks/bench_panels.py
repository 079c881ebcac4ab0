"""What the panels beside the images cost: for each edit, for a selection, for a drawing of the widths."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from tests.benchmarks.bench_edits import N_HAIRS, big_study
from tests.benchmarks.figure import Figure
from tests.benchmarks.large_study import own_home
from ui import theme
from ui.panels.endpoints_panel import EndpointsPanel
from ui.panels.review_panel import ReviewPanel
from ui.panels.selection_panel import SelectionPanel
from ui.panels.tables import HairTable, UnitTable
from ui.panels.visit_bar import VisitBar
from ui.panels.width_chart import ChartOrder, chart_colours, draw
from ui.workspace import Workspace
from workstation import edits
from workstation.entry import Selection
from workstation.model.hair import Status
from workstation.model.patch import Patch
from workstation.model.read import Read
from workstation.session import Session, create_study, open_study
from workstation.settings import Settings

SECTION = "Panels"
REPEATS = 60
WIDTH_PX, HEIGHT_PX = 344, 2000

Panels = dict[str, EndpointsPanel | ReviewPanel | SelectionPanel | HairTable | VisitBar]
Edit = Callable[[Read, int], Patch]

EDITS: dict[str, Edit] = {
    "accept a hair": lambda read, i: edits.set_status(read, [i], Status.ACCEPTED),
    "reject a hair": lambda read, i: edits.set_status(read, [i], Status.REJECTED),
    "move a vertex": lambda read, i: edits.move_vertex(read, i, 1, read.hairs[i].vertices_px[1] + 0.25),
    "delete a hair": lambda read, i: edits.delete_hairs(read, [i]),
}


def figures() -> list[Figure]:
    """All panels unfolded, one of the two tables in front, over one image of 5,000 hairs."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder, own_home(Path(folder) / "home"):
        path = Path(folder) / "study.h5"
        create_study(path, big_study(), user="Ada")
        with open_study(path, "Ada") as session:
            return [*_measured(session)]


def _measured(session: Session) -> Iterator[Figure]:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.apply_theme(app, "dark")
    workspace = Workspace(Settings(reader="Ada"))
    workspace.set_session(session, [1])
    column = QWidget()
    layout = QVBoxLayout(column)
    kinds = (EndpointsPanel, ReviewPanel, SelectionPanel, HairTable, VisitBar)
    panels = {kind.__name__: kind(workspace) for kind in kinds}
    for panel in panels.values():
        layout.addWidget(panel)
    column.resize(WIDTH_PX, HEIGHT_PX)
    column.show()
    app.processEvents()
    workspace.commit(1, lambda read: edits.comment_image(read, "begun"))
    app.processEvents()
    yield from _edits(workspace, panels, app)
    yield from _selections(workspace, panels, app)
    yield from _chart(workspace)
    column.close()
    units = UnitTable(workspace)
    units.resize(WIDTH_PX, WIDTH_PX)
    units.show()
    yield from _unit_table(workspace, units)
    units.close()


def _edits(workspace: Workspace, panels: Panels, app: QApplication) -> Iterator[Figure]:
    for number, (name, edit) in enumerate(EDITS.items()):
        spent: dict[str, list[float]] = {panel: [] for panel in panels}
        for hair_id in range(1 + number, N_HAIRS, N_HAIRS // REPEATS):
            workspace.commit(1, lambda read, do=edit, i=hair_id: do(read, i), quiet=True)
            for panel, widget in panels.items():
                spent[panel].append(_seconds(widget.refresh_now))
            app.processEvents()
        total = np.sum(list(spent.values()), axis=0)
        most = max(spent, key=lambda panel: float(np.median(spent[panel])))
        share = f"{most} {np.median(spent[most]) * 1e3:.1f} ms"
        without = float(np.median(total - np.array(spent["EndpointsPanel"]))) * 1e3
        yield Figure(
            SECTION, f"{name}: all panels", float(np.median(total)) * 1e3, "ms", "", f"{N_HAIRS:,} hairs; {share}"
        )
        yield Figure(SECTION, f"{name}: all but the endpoints", without, "ms", "< 10 ms")


def _unit_table(workspace: Workspace, units: UnitTable) -> Iterator[Figure]:
    units.refresh_now()
    seconds = []
    for hair_id in range(10, N_HAIRS, N_HAIRS // REPEATS):
        workspace.commit(1, lambda read, i=hair_id: edits.reverse_hairs(read, [i]), quiet=True)
        assert workspace.read(1).columns is not None  # made by whoever asks first, mostly the endpoints
        seconds.append(_seconds(units.refresh_now))
    yield Figure(SECTION, "the table of units, where it is in front", float(np.median(seconds)) * 1e3, "ms")


def _selections(workspace: Workspace, panels: Panels, app: QApplication) -> Iterator[Figure]:
    read = workspace.read(1)
    ids = sorted(read.hairs)
    for name, chosen in (("all hairs", ids), ("every other hair", ids[::2])):
        seconds = []
        for _ in range(5):
            workspace.select(Selection())
            _refresh(panels)
            workspace.select(Selection(read.id, frozenset(chosen)))
            seconds.append(_seconds(lambda: _refresh(panels)))
            app.processEvents()
        yield Figure(SECTION, f"select {name}: all panels", float(np.median(seconds)) * 1e3, "ms", "≤ 50 ms")


def _chart(workspace: Workspace) -> Iterator[Figure]:
    study, read = workspace.study, workspace.read(1)
    visits = (("baseline", study.images[1], read),)
    order = ChartOrder(visits, study.cutoffs, chart_colours(theme.current()), (328, 208), 1.0)
    first = _seconds(lambda: draw(order))
    again = [_seconds(lambda: draw(order)) for _ in range(5)]
    note = f"off the main thread; {first * 1e3:.0f} ms the first time, with the import of matplotlib"
    yield Figure(SECTION, "draw the widths", float(np.median(again)) * 1e3, "ms", "", note)


def _refresh(panels: Panels) -> None:
    for widget in panels.values():
        widget.refresh_now()


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
