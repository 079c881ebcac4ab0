"""Handing out and merging from the window."""

import pytest

from tests.workstation.blinding.blinded_trial import OWNER, READER, blinded_trial, handed, worked_in
from ui.blinding.merge_dialog import MergeDialog
from ui.blinding.package_dialog import PackageDialog
from ui.blinding.package_list import PackageList, row_of
from workstation.blinding.packing import Order
from workstation.model.package import Start
from workstation.session import open_study


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return blinded_trial(tmp_path_factory.mktemp("made") / "study")


@pytest.fixture
def trial(tmp_path):
    return blinded_trial(tmp_path / "study")


@pytest.fixture
def dialog(qtbot, made, background):
    with open_study(made, OWNER, read_only=True) as session:
        dialog = PackageDialog(session, background)
        qtbot.addWidget(dialog)
        yield dialog
        dialog.done(0)


def test_what_is_chosen_is_ordered(dialog, made):
    assert not dialog._make.isEnabled()  # for whom?
    dialog.reader.setCurrentText("Dora")
    assert dialog._make.isEnabled()
    assert dialog.path == made.parent / "for Dora.h5"
    assert dialog.order == Order("Dora", Start.DETECTION, 0.1, tuple(range(1, 10)))
    assert dialog.summary.text() == "9 pictures in 4 pairs, 1 of them shown twice: about 11 pictures to read."
    sites = dialog.lists[2].list
    for row in range(sites.count()):
        if sites.item(row).text() != "crown":
            sites.item(row).setCheckState(dialog.lists[2].list.item(0).checkState().Unchecked)
    dialog._starts[1].setChecked(True)
    dialog.repeats.setValue(0)
    assert dialog.order == Order("Dora", Start.BLANK, 0.0, (3, 4, 5))
    assert dialog.summary.text() == "3 pictures in 1 pair."


def test_what_cannot_be_is_said(dialog):
    dialog.reader.setCurrentText("trichodesk")
    assert dialog.fault.text().startswith("This is the name of the detection.")
    dialog.reader.setCurrentText("Dora")
    visits = dialog.lists[1].list
    for row in range(visits.count()):
        visits.item(row).setCheckState(visits.item(0).checkState().Unchecked)
    assert dialog.fault.text() == "No picture is chosen."
    assert not dialog._make.isEnabled()


def test_what_is_masked_is_seen_before(dialog, qtbot):
    qtbot.waitUntil(
        lambda: "masked" in dialog.preview.text.text() or "nothing to mask" in dialog.preview.text.text(),
        timeout=60_000,
    )
    assert dialog.preview.text.text().startswith("1 of 9 · ")
    dialog.preview.after.click()
    assert dialog.preview.text.text().startswith("2 of 9 · ")


def opened(window, path, qtbot):
    window.begin(path)
    qtbot.waitUntil(lambda: window.workspace.session is not None, timeout=60_000)
    return window.workspace.session


def test_a_package_is_made_and_merged(window, trial, tmp_path, qtbot):
    session = opened(window, trial, qtbot)
    heard = []
    window.workspace.told.connect(heard.append)
    work = tmp_path / "bob.h5"
    window.desk.packer.make(session, work, Order(READER, repeats=0, image_ids=(1, 2)))
    qtbot.waitUntil(lambda: not window.desk.packer.busy, timeout=60_000)
    assert heard[-1].text.startswith("bob.h5 for Bob Byrne: 1 pair with 2 pictures.")
    assert len(session.study.packages) == 1
    worked_in(work)
    dialog = MergeDialog(session, window.desk.background, window, work)
    qtbot.waitUntil(lambda: dialog._task is None, timeout=60_000)
    assert dialog._merge.isEnabled()
    assert "every one of 4 edits in it is Bob Byrne's" in dialog.about.text()
    assert dialog.about.text().endswith("2 reads by Bob Byrne.")
    window.desk.packer.merge(session, dialog.checked)
    dialog.done(0)
    assert heard[-1].text == "bob.h5 is merged: 2 reads by Bob Byrne."
    (package,) = session.study.packages.values()
    assert row_of(session.study, package)[-1] == "came back"
    again = MergeDialog(session, window.desk.background, window, work)
    qtbot.waitUntil(lambda: again._task is None, timeout=60_000)
    assert not again._merge.isEnabled()
    assert again.about.text().endswith("Nothing new: all that Bob Byrne submitted came in before.")
    again.done(0)


def test_a_refused_file_is_said_with_the_reason(window, trial, tmp_path, qtbot):
    session = opened(window, trial, qtbot)
    dialog = MergeDialog(session, window.desk.background, window, trial)
    qtbot.waitUntil(lambda: dialog._task is None, timeout=60_000)
    assert dialog.fault.text().startswith("This is no work file of a blinded reader.")
    assert not dialog._merge.isEnabled()
    dialog.done(0)


def test_the_list_says_what_is_out(trial, tmp_path, qtbot):
    handed(trial, tmp_path / "bob.h5", start=Start.BLANK)
    with open_study(trial, OWNER, read_only=True) as session:
        dialog = PackageList(session.study)
    qtbot.addWidget(dialog)
    row = [dialog.model.item(0, column).text() for column in range(dialog.model.columnCount())]
    assert [row[0], row[2], row[3], row[4], row[5], row[7]] == [
        READER, OWNER, "blank", "11", "1 of 5", "handed out",
    ]  # fmt: skip
