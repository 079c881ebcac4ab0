import math

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from ui.panels.endpoint_table import LABELS, ROWS, EndpointSource
from ui.panels.endpoints_panel import EndpointsPanel, row_label
from workstation import edits
from workstation.model.hair import Status

NAMES = [row.name for row in ROWS]


def cell(panel, name, column, role=Qt.ItemDataRole.DisplayRole):
    return panel.model.index(NAMES.index(name), column).data(role)


def test_all_endpoints_are_listed_with_their_units():
    from analysis.measures import ENDPOINTS

    assert sorted(LABELS) == sorted(row.name for row in ENDPOINTS)
    assert row_label(NAMES.index("hair_density_per_cm2")) == "Hairs\u00a01/cm²"
    assert row_label(NAMES.index("sum_hair_width_mm_per_cm2")) == "Σ width\u00a0mm/cm²"
    assert len({row_label(row) for row in range(len(ROWS))}) == len(ROWS)


def test_values_stand_for_each_visit_with_the_change(workspace, show):
    panel = show(EndpointsPanel(workspace))
    titles = [panel.model.headerData(c, Qt.Orientation.Horizontal) for c in range(3)]
    assert titles == ["baseline", "week 12", "Change"]
    # 3 hairs in 3.2 × 2.4 mm; each 9 px of 10 µm wide
    assert [cell(panel, "hair_density_per_cm2", c) for c in range(3)] == ["39.1", "39.1", "0.0"]
    assert [cell(panel, "mean_hair_width_um", c) for c in range(3)] == ["90.0", "90.0", "0.0"]
    assert [cell(panel, "sum_hair_width_mm_per_cm2", c) for c in range(3)] == ["3.52", "3.52", "0.00"]
    assert [cell(panel, "field_cm2", c) for c in range(3)] == ["0.0768", "0.0768", "—"]


def test_an_edit_shows_at_once_and_undo_takes_it_back(workspace, show, qtbot):
    panel = show(EndpointsPanel(workspace))
    workspace.commit(2, lambda read: edits.set_status(read, [3], Status.REJECTED))
    qtbot.waitUntil(lambda: cell(panel, "hair_count", 1) == "2", timeout=2000)
    assert [cell(panel, "hair_density_per_cm2", c) for c in range(3)] == ["39.1", "26.0", "−13.0"]
    workspace.undo()
    panel.refresh_now()
    assert cell(panel, "hair_density_per_cm2", 2) == "0.0"


def test_what_an_edit_changed_is_marked_for_a_moment(workspace, show, monkeypatch, qtbot):
    panel = show(EndpointsPanel(workspace))
    workspace.commit(1, lambda read: edits.set_width(read, [3], 6.0))
    panel.refresh_now()
    mean, count = NAMES.index("mean_hair_width_um"), NAMES.index("hair_count")
    assert (mean, 0) in panel.model.marked
    assert (mean, 2) in panel.model.marked
    assert (mean, 1) not in panel.model.marked
    assert (count, 0) not in panel.model.marked
    assert panel.model.index(mean, 0).data(Qt.ItemDataRole.FontRole).bold()
    qtbot.waitUntil(lambda: not panel.model.marked, timeout=4000)


def test_showing_other_images_marks_nothing(workspace, show):
    panel = show(EndpointsPanel(workspace))
    workspace.set_shown([2])
    panel.refresh_now()
    assert panel.model.columnCount() == 1
    assert not panel.model.marked


def test_a_gap_says_why(workspace, show):
    panel = show(EndpointsPanel(workspace))
    tip = Qt.ItemDataRole.ToolTipRole
    assert cell(panel, "terminal_vellus_ratio", 0) == "—"
    assert cell(panel, "terminal_vellus_ratio", 0, tip).startswith("Not defined: no vellus hair is counted.")
    assert "no unit has a neighbour nearer than" in cell(panel, "inter_follicular_distance_mm", 0, tip)
    assert cell(panel, "hair_count", 2, tip).startswith("Not defined: it grows with the field.")
    assert cell(panel, "terminal_vellus_ratio", 2, tip).startswith(
        "Not defined: in baseline no vellus hair is counted."
    )


def test_it_says_whose_read_a_column_is_of(workspace, show):
    panel = show(EndpointsPanel(workspace))
    assert panel.findChild(object, "endpoints_reads").text() == (
        "baseline: Ada, in review\nweek 12: detection, untouched\nChange: week 12 less baseline"
    )


def test_only_the_main_endpoints_are_seen_until_more_are_asked_for(workspace, show, qtbot):
    panel = show(EndpointsPanel(workspace))
    hidden = [NAMES[row] for row in range(len(ROWS)) if panel.view.isRowHidden(row)]
    assert "hair_density_per_cm2" not in hidden
    assert "fu_share_1" in hidden
    height = panel.view.height()
    qtbot.mouseClick(panel.findChild(object, "endpoints_more"), Qt.MouseButton.LeftButton)
    assert not any(panel.view.isRowHidden(row) for row in range(len(ROWS)))
    assert panel.view.height() > height + 300


def test_selected_rows_are_copied_for_a_spreadsheet(workspace, show, qtbot):
    panel = show(EndpointsPanel(workspace))
    workspace.commit(2, lambda read: edits.set_status(read, [3], Status.REJECTED))
    panel.refresh_now()
    panel.view.selectRow(NAMES.index("hair_density_per_cm2"))
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().splitlines() == [
        "endpoint\tunit\tbaseline\tweek 12\tChange",
        "read\t\tAda, in review\tAda, in review\tweek 12 less baseline",
        "hair_density_per_cm2\t1/cm²\t39.1\t26.0\t-13.0",
    ]


def test_with_nothing_open_it_says_what_will_stand_there(qapp, show):
    from ui.workspace import Workspace
    from workstation.settings import Settings

    panel = show(EndpointsPanel(Workspace(Settings())))
    assert not panel.view.isVisible()
    assert panel.model.columnCount() == 0


def test_a_hidden_panel_measures_nothing_until_it_is_shown(workspace, show, monkeypatch):
    panel = show(EndpointsPanel(workspace))
    panel.hide()
    monkeypatch.setattr(panel._source, "table", lambda *_: pytest.fail("measured while hidden"))
    workspace.commit(1, lambda read: edits.set_width(read, [3], 6.0))
    panel.refresh_now()
    monkeypatch.undo()
    panel.show()
    panel.refresh_now()
    assert cell(panel, "mean_hair_width_um", 0) == "80.0"


# --- the table itself ---------------------------------------------------------------------------------------------


def table_of(images, reads=()):
    study = make_study(reads, images)
    return EndpointSource().table(study, [(i, study.read_in_use(i)) for i in study.images])


def one_hair(image_id, width_px=5.0):
    return make_read([make_hair(1, 7, [[500, 500], [500, 540]], width_px)], id_=image_id, image_id=image_id)


def test_the_change_is_later_less_earlier_however_the_images_stand():
    images = [make_image(1, 2), make_image(2, 1)]  # week 12 stands left
    table = table_of(images, [one_hair(1, 6.0), one_hair(2, 5.0)])
    change = table.columns[2]
    assert change.about == "week 12 less baseline"
    assert change.text(NAMES.index("mean_hair_width_um")) == "+10.0"


def test_images_of_different_areas_have_no_change():
    table = table_of([make_image(1, 1, site="vertex"), make_image(2, 2, site="front")])
    assert len(table.columns) == 2


def test_of_three_visits_the_last_is_compared_with_the_first():
    from workstation.model.study import Visit

    visits = [Visit(i, "S01", f"week {6 * i}", 6.0 * i) for i in (1, 2, 3)]
    study = make_study([one_hair(i, 4.0 + i) for i in (1, 2, 3)], [make_image(i, i) for i in (1, 2, 3)], visits)
    table = EndpointSource().table(study, [(i, study.read_in_use(i)) for i in (1, 2, 3)])
    assert [c.title for c in table.columns] == ["week 6", "week 12", "week 18", "Change"]
    assert table.columns[3].text(NAMES.index("mean_hair_width_um")) == "+20.0"


def test_titles_of_visits_yield_before_figures_scroll(qtbot):
    from ui.panels.endpoints_panel import EndpointsModel, _EndpointsView
    from workstation.model.study import Visit

    visits = [Visit(i, "S01", f"a visit with a long name {i}", 6.0 * i) for i in (1, 2, 3)]
    study = make_study([one_hair(i) for i in (1, 2, 3)], [make_image(i, i) for i in (1, 2, 3)], visits)
    model = EndpointsModel()
    view = _EndpointsView(model)
    qtbot.addWidget(view)
    model.show_table(EndpointSource().table(study, [(i, study.read_in_use(i)) for i in (1, 2, 3)]), mark=False)
    view.resize(344, 400)
    view.show()
    view.fit()
    assert view.horizontalScrollBar().maximum() == 0
    rows_px = {name: view.rowHeight(NAMES.index(name)) for name in ("sum_hair_width_mm_per_cm2", "hair_count")}
    assert rows_px["sum_hair_width_mm_per_cm2"] > rows_px["hair_count"]  # only where a unit finds no room beside


def test_without_a_scale_counts_stay_and_the_rest_says_so():
    table = table_of([make_image(calibration=None)], [one_hair(1)])
    (column,) = table.columns
    assert column.text(NAMES.index("hair_count")) == "1"
    assert column.text(NAMES.index("mean_hair_width_px")) == "5.00"
    for name in ("hair_density_per_cm2", "mean_hair_width_um", "vellus_count", "field_cm2"):
        assert math.isnan(column.values[NAMES.index(name)])
        assert column.reasons[NAMES.index(name)] == "the image has no scale"
    (note,) = table.notes
    assert note == "baseline has no scale, so no lengths, areas and densities. Image ▸ Set scale… gives one."


def test_an_image_that_nobody_looked_at_says_so():
    (column,) = table_of([make_image()]).columns
    assert column.about == "nothing detected yet"
    assert set(column.reasons) == {"nothing is detected in this image yet"}


def test_different_cameras_are_warned_of():
    table = table_of([make_image(1, 1, device="A"), make_image(2, 2)], [one_hair(1), one_hair(2)])
    assert table.notes == ("The cameras differ (A and unknown): widths are not comparable.",)


def test_an_edit_measures_its_own_image_alone(monkeypatch):
    study = make_study([one_hair(1), one_hair(2)], [make_image(1, 1), make_image(2, 2)])
    source, measured = EndpointSource(), []
    from ui.panels import endpoint_table

    real = endpoint_table.endpoints_of
    monkeypatch.setattr(endpoint_table, "endpoints_of", lambda s, r: measured.append(r.id) or real(s, r))
    source.table(study, [(1, study.reads[1]), (2, study.reads[2])])
    source.table(study, [(1, study.reads[1]), (2, one_hair(2, 9.0))])
    assert measured == [1, 2, 2]


def test_a_verdict_that_changes_no_number_measures_nothing(workspace, show, monkeypatch):
    panel = show(EndpointsPanel(workspace))
    from ui.panels import endpoint_table

    monkeypatch.setattr(endpoint_table, "endpoints_of", lambda *_: pytest.fail("measured again"))
    workspace.commit(1, lambda read: edits.set_status(read, [3], Status.ACCEPTED))
    workspace.commit(1, lambda read: edits.comment_hairs(read, [3], "grey"))
    panel.refresh_now()
    assert cell(panel, "hair_count", 0) == "3"
