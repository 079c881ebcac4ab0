import math
from dataclasses import replace
from types import MappingProxyType, SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QShortcut

from tests.workstation.reader_study import blank, study_of, with_reads
from workstation.agreement.comparing import agreement_of
from workstation.edits import set_cutoffs


@pytest.fixture
def panel(show_panel, read_study):
    """The agreement of the trial."""
    return show_panel(read_study)


def texts(view, row):
    model = view.model()
    return [model.index(row, column).data() for column in range(model.columnCount())]


def endpoint_rows(panel):
    return [panel.outcomes.index(row, 0).data() for row in range(panel.outcomes.rowCount())]


def choose(panel, part):
    """Choose the first comparison that has such words."""
    at = next(i for i in range(panel.comparison.count()) if part in panel.comparison.itemText(i))
    panel.comparison.setCurrentIndex(at)
    panel.comparison.activated.emit(at)


def click_on(qtbot, plot, point):
    at = plot.axes().at(plot._x(point), point.difference)
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=QPoint(round(at.x()), round(at.y())))


def test_every_comparison_is_offered_and_the_readers_come_first(panel):
    assert [panel.comparison.itemText(i) for i in range(panel.comparison.count())] == [
        "Ada and Bo · both blank · 8 images of 4 subjects",
        "all readers, twice · both blank · 8 images of 2 subjects",
        "Ada, twice · both blank · 4 images of 2 subjects",
        "Bo, twice · both blank · 4 images of 2 subjects",
    ]
    assert panel.comparison.currentIndex() == 0


def test_the_table_says_what_was_worked_out(panel, read_study):
    found = agreement_of(read_study).comparisons[0].outcomes[1]
    row = texts(panel.table, 1)
    assert row[:2] == ["hairs per cm²", "8"]
    assert row[2] == f"{found.icc.value:.3f} ({found.icc.ci_low:.3f} to {found.icc.ci_high:.3f})"
    assert row[4] == f"−{-found.limits.lower:.1f} to {found.limits.upper:.1f}"
    assert panel.table.currentIndex().row() == 1
    assert panel.note.text().startswith("Mean difference (Bo less Ada): −")


def test_why_a_cell_is_empty_stands_in_its_tip(panel):
    row = endpoint_rows(panel).index("hairs per follicular unit")
    cell = panel.outcomes.index(row, 2)
    assert cell.data() == "–"
    assert "do not differ" in cell.data(Qt.ItemDataRole.ToolTipRole)


def test_repeats_have_their_coefficient(panel):
    choose(panel, "Ada, twice")
    titles = [panel.outcomes.headerData(i, Qt.Orientation.Horizontal) for i in range(panel.outcomes.columnCount())]
    assert "Repeatability (95 % CI)" in titles
    assert "Two readings by one reader differ by less than" in panel.note.text()
    assert panel.images.headerData(2, Qt.Orientation.Horizontal) == "First"


def test_repeats_of_all_readers_say_whose_they_are(panel):
    choose(panel, "all readers, twice")
    assert panel.images.headerData(2, Qt.Orientation.Horizontal) == "Reader"
    assert {texts(panel.pictures, row)[2] for row in range(panel.images.rowCount())} == {"Ada", "Bo"}


def test_the_image_that_agrees_worst_stands_on_top_and_enter_shows_it(panel, qtbot):
    shown = [float(texts(panel.pictures, row)[6]) for row in range(panel.images.rowCount())]
    assert shown == sorted(shown)
    opened = []
    panel.open_image.connect(opened.append)
    panel.pictures.setCurrentIndex(panel.images.index(0, 0))
    panel.pictures.setFocus()
    qtbot.keyClick(panel.pictures, Qt.Key.Key_Return)
    assert opened == [panel._images[0].image_id]


@pytest.mark.parametrize("name", ["plot", "drift"])
def test_a_click_on_a_point_shows_its_image(panel, qtbot, name):
    plot, opened = getattr(panel, name), []
    panel.open_image.connect(opened.append)
    point = max(plot._points(), key=lambda p: p.difference)
    click_on(qtbot, plot, point)
    assert opened == [point.image_id]
    assert panel._chosen_read() == point.first_read
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))  # nothing is there
    assert len(opened) == 1


def test_an_image_that_two_readers_were_shown_twice_has_two_points(panel, qtbot):
    choose(panel, "all readers, twice")
    first, second = [point for point in panel.plot._points() if point.image_id == 1]
    click_on(qtbot, panel.plot, second)
    assert panel.plot._chosen == panel.drift._chosen == second.first_read != first.first_read
    assert texts(panel.pictures, panel.pictures.currentIndex().row())[2] == "Bo"


def test_a_point_tells_whose_it_is(panel):
    point = panel.plot._points()[0]
    told = panel.plot._told(point).splitlines()
    assert told[0] == "S01-0.png · S01"
    assert told[1] == f"Ada: {point.first:.1f}"
    assert told[3].startswith("Difference: ")


def test_the_plot_reaches_from_the_lower_to_the_upper_limit(panel, read_study):
    limits = agreement_of(read_study).comparisons[0].outcomes[1].limits
    ticks = panel.plot.axes().ticks
    assert ticks[0] <= limits.lower_low
    assert limits.upper_high <= ticks[-1]


def test_drift_over_days_or_in_the_order_of_reading(panel):
    assert panel.drift.axes().weeks[-1] >= max(point.place for point in panel.drift._points())
    panel.over.setCurrentIndex(1)
    panel.over.activated.emit(1)
    assert panel.drift._x(panel.drift._points()[0]) == panel.drift._points()[0].day
    assert "day" in panel.drift.accessibleName()


def test_facts_of_hairs_and_units(panel):
    shown = {name.text(): value.text() for name, value in panel.facts._cells}
    assert shown["Hairs, F1"].startswith("0.9")
    assert shown["Width difference"].endswith("µm")
    assert panel.facts.minimumSizeHint().width() < 400


def test_of_three_readers_at_once_there_is_no_difference_to_draw(show_panel, read_study):
    third = [
        replace(read, id=1000 + read.id, reader="Cy", package="")
        for read in read_study.reads.values()
        if read.reader == "Ada" and not read.repeat
    ]
    panel = show_panel(with_reads(read_study, *third))
    choose(panel, "all 3 readers")
    assert panel.plot.axes() is None
    assert "one ICC" in panel.plot.empty_text()
    assert panel.images.rowCount() == 0
    assert not panel.facts.isVisible()
    assert texts(panel.table, 0)[0] == "hairs"


def test_a_table_is_copied_whole(panel):
    panel.table.findChild(QShortcut).activated.emit()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("Endpoint\tn\tICC(2,1)")
    assert len(lines) == 1 + panel.outcomes.rowCount()


def test_without_a_second_reader_it_says_so(show_panel):
    panel = show_panel(study_of([blank(1, 1, 5, "Ada")], 1))
    assert panel.empty.isVisible()
    assert not panel.table.isVisible()
    assert "No image has finished reads by two readers" in panel.empty.text()


def test_an_edit_that_it_rests_on_is_followed_and_no_other(panel, qtbot):
    workspace, agreement = panel._workspace, panel.agreements.latest
    row = endpoint_rows(panel).index("vellus hairs")
    before = texts(panel.table, row)
    workspace.commit_study(lambda study: set_cutoffs(study, 40.0, 60.0))
    qtbot.waitUntil(lambda: panel.agreements.latest is not agreement and not panel.agreements.pending, timeout=10_000)
    panel.refresh_now()
    assert texts(panel.table, row) != before
    assert panel.comparison.currentIndex() == 0


def test_strokes_in_an_unfinished_read_start_no_work(show_panel, read_study, qtbot):
    from workstation.model.read import ReadState, Review

    unfinished = replace(blank(900, 1, 8, "Cy"), review=Review(ReadState.IN_REVIEW))
    panel = show_panel(with_reads(read_study, unfinished))
    study = panel._workspace.study
    changed = replace(study.reads[900], next_id=study.reads[900].next_id + 1)
    other = replace(study, reads=MappingProxyType({**study.reads, 900: changed}))
    asked = panel.agreements._asked
    panel.agreements._workspace = SimpleNamespace(session=SimpleNamespace(study=other))
    panel.agreements.ask()
    assert panel.agreements._asked is asked
    assert not panel.agreements.pending
    assert not math.isnan(panel.plot._points()[0].difference)
