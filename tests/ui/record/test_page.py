"""The page with the record, and a read shown as it was."""

import csv

import pytest

from ui.messages import MessageKind
from ui.pages import Page
from ui.record.model import CHANGED, WHAT, WHO, WHY
from workstation import edits
from workstation.model.hair import Status
from workstation.model.reading import ReasonFor
from workstation.session import open_study


@pytest.fixture
def worked_path(study_path):
    """Ada's read 3: a width set, submitted, withdrawn, a hair rejected, two deleted. Row 1 created the study."""
    with open_study(study_path, "Ada") as session:
        document = session.document
        document.apply(edits.set_width(session.study.reads[3], [1], 7.5))
        document.apply(edits.submit(session.study.reads[3]))
        document.apply(edits.withdraw_read(session.study.reads[3]))
        document.apply(edits.set_status(session.study.reads[3], [3], Status.REJECTED), reason="a crease")
        document.apply(edits.delete_hairs(session.study.reads[3], [1, 2]), reason="=doubtful")
        session.save()
    return study_path


@pytest.fixture
def shown(window, worked_path, qtbot):
    """The window on the page with the record."""
    window.begin(worked_path)
    qtbot.waitUntil(lambda: window.workspace.session is not None)
    window.actions_["study.record"].trigger()
    page = window.pages.widget_of(Page.RECORD)
    qtbot.waitUntil(lambda: page.model.rowCount() == 6)
    return window


@pytest.fixture
def page(shown):
    """The page itself."""
    return shown.pages.widget_of(Page.RECORD)


def cell(page, line, column):
    return page.model.index(line, column).data()


def test_the_latest_change_stands_first_with_from_to_and_why(page):
    assert [cell(page, line, WHAT) for line in range(6)] == [
        "Delete hairs", "Reject hairs", "Withdraw", "Submit", "Set width", "Create study",
    ]  # fmt: skip
    assert cell(page, 1, CHANGED) == "hair 3, status: unreviewed → rejected"
    assert cell(page, 1, WHY) == "a crease · after submission"
    assert cell(page, 4, CHANGED).startswith("hair 1, width: 90.0 µm → 75.0 µm (set by hand)")
    assert cell(page, 5, WHO) == "Ada"
    assert page.count.text() == "6 rows"


def test_a_row_in_detail(page):
    page.table.setCurrentIndex(page.model.index(1, 0))
    record = page.records.latest
    row = record.rows[4].row
    assert page.detail.title.text() == "Reject hairs"
    assert "Ada, " in page.detail.about.text()
    assert page.detail.why.text() == "Why: a crease\nThe read had been submitted before."
    assert [page.detail.differences.index(0, c).data() for c in range(3)] == [
        "hair 3, status", "unreviewed", "rejected",
    ]  # fmt: skip
    assert page.detail.hash._text == row.sha256
    page.table.setCurrentIndex(page.model.index(5, 0))  # the study was created: of no read
    assert not page.detail.show_then.isEnabled()


def test_filters_narrow_the_rows_and_the_chosen_one_stays(page, qtbot):
    page.table.setCurrentIndex(page.model.index(1, 0))
    page.filters.after.setChecked(True)
    assert [cell(page, line, WHAT) for line in range(page.model.rowCount())] == ["Delete hairs", "Reject hairs"]
    assert page.detail.title.text() == "Reject hairs"
    assert page.count.text() == "2 rows of 6"
    page.filters.search.setText("crease")
    qtbot.waitUntil(lambda: page.model.rowCount() == 1)
    page.filters.clear()
    assert page.model.rowCount() == 6
    page.filters.since.setText("2999-01-01")
    qtbot.waitUntil(lambda: page.model.rowCount() == 0)
    assert page.detail.title.text() == "No row is chosen."


def test_an_edit_comes_into_the_table(shown, page, qtbot):
    shown.workspace.commit(1, lambda read: edits.comment_image(read, "glare"))
    qtbot.waitUntil(lambda: page.model.rowCount() == 7)
    assert cell(page, 0, WHAT) == "Comment on image"


def test_the_head_hash_is_that_of_the_trail(shown, page):
    assert page.head._text == shown.workspace.session.moment.audit_sha256


def test_what_is_shown_is_written_as_csv(page, shown, tmp_path, qtbot):
    page.filters.after.setChecked(True)
    told = []
    shown.workspace.told.connect(told.append)
    page.write(tmp_path / "record.csv")
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].kind is MessageKind.DONE
    with (tmp_path / "record.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["operation"] for row in rows] == ["reject hairs", "delete hairs"]
    assert rows[1]["reason"] == "'=doubtful"


def go_back(window, page, line, qtbot):
    page.table.setCurrentIndex(page.model.index(line, 0))
    page.detail.show_then.click()
    qtbot.waitUntil(lambda: 1 in window.workspace.past)


def test_a_read_is_shown_as_it_was_and_stepped_through(shown, page, qtbot):
    now = shown.workspace.study.reads[3]
    go_back(shown, page, 4, qtbot)  # after the width was set
    workspace, bar = shown.workspace, shown.past_bar
    assert shown.pages.page is Page.IMAGES
    assert workspace.active == 1
    assert bar.isVisible()
    assert "set width" in bar.text
    assert sorted(workspace.read(1).hairs) == [1, 2, 3, 4]
    assert workspace.read(1).hairs[3].status is Status.UNREVIEWED
    pane = shown.comparison.current_view.parentWidget()
    assert "not the read of today" in pane.header.text
    bar.later.click()
    bar.later.click()
    bar.later.click()
    assert workspace.read(1).hairs[3].status is Status.REJECTED
    bar.later.click()
    assert sorted(workspace.read(1).hairs) == [3, 4]
    assert not bar.later.isEnabled()
    shown.actions_["image.change_before"].trigger()
    assert sorted(workspace.read(1).hairs) == [1, 2, 3, 4]
    while bar.earlier.isEnabled():
        bar.earlier.click()
    assert "when the study was created" in bar.text
    assert workspace.read(1).hairs[1].width_px == 9.0
    bar.back.click()
    assert workspace.read(1) is now
    assert not bar.isVisible()
    assert "not the read of today" not in pane.header.text


def test_nothing_is_corrected_in_the_past(shown, page, qtbot):
    go_back(shown, page, 4, qtbot)
    told = []
    shown.workspace.told.connect(told.append)
    n = shown.workspace.session.document.history.last_seq
    assert shown.workspace.commit(1, lambda read: edits.set_width(read, [1], 8.0)) is None
    assert shown.workspace.session.document.history.last_seq == n
    assert told[0].text.startswith("You look at a read as it was, ")
    shown.workspace.undo()  # that is about today's read, which is shown then
    assert shown.workspace.past == {}


def test_a_time_is_gone_to(shown, page, qtbot):
    go_back(shown, page, 0, qtbot)
    shown.past_bar.on.setText("2001-01-01")
    shown.past_bar.on.returnPressed.emit()
    assert "when the study was created" in shown.past_bar.text
    told = []
    shown.workspace.told.connect(told.append)
    shown.past_bar.on.setText("yesterday")
    shown.past_bar.on.returnPressed.emit()
    assert "“yesterday” is no time" in told[0].text


def test_another_image_ends_it(shown, page, qtbot):
    go_back(shown, page, 4, qtbot)
    shown.workspace.set_shown([2])
    assert shown.workspace.past == {}
    assert not shown.past_bar.isVisible()


def test_as_it_was_from_the_image(shown, qtbot):
    shown.show_images([1])
    shown.actions_["image.as_it_was"].trigger()
    qtbot.waitUntil(lambda: 1 in shown.workspace.past)
    assert sorted(shown.workspace.read(1).hairs) == [1, 2, 3, 4]  # before the two were deleted
    shown.actions_["image.as_it_was"].trigger()
    assert shown.workspace.past == {}


def test_rules_that_ask_for_reasons_are_in_the_table(shown, page, qtbot):
    shown.workspace.commit_study(lambda study: edits.set_reading_rules(study, 10.0, ReasonFor.ALWAYS))
    qtbot.waitUntil(lambda: page.model.rowCount() == 7)
    assert "reason asked for: never → every change" in cell(page, 0, CHANGED)
