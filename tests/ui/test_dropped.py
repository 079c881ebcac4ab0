from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog

from tests.ui.test_main_window import drop
from ui.dialogs.image_rows import guessed_rows
from ui.dialogs.manifest_preview import ManifestDialog
from ui.dialogs.new_study import NewStudyDialog
from ui.dropped import Dropped, sorted_out


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("b.JPG", "a.png", "notes.txt"):
        (folder / name).touch()
    return folder


def test_a_study_goes_before_a_manifest_and_that_before_images(folder):
    study, manifest = folder / "trial.H5", folder / "visits.csv"
    assert sorted_out([folder, manifest, study]) == Dropped(study=study)
    assert sorted_out([folder, manifest]) == Dropped(manifest=manifest)


def test_images_in_a_folder_are_found_in_order_each_once(folder):
    found = sorted_out([folder / "b.JPG", folder])
    assert found == Dropped(images=(folder / "b.JPG", folder / "a.png"))


def test_what_is_neither_is_nothing(folder, tmp_path):
    assert sorted_out([folder / "notes.txt"]) is None
    assert sorted_out([tmp_path / "gone"]) is None
    assert sorted_out([]) is None


def test_a_folder_that_cannot_be_read_holds_no_images(folder, monkeypatch):
    locked = folder.with_name("locked")
    locked.mkdir()
    listed = Path.iterdir

    def iterdir(path):
        if path == locked:
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    assert sorted_out([locked]) is None
    assert sorted_out([locked, folder / "a.png"]) == Dropped(images=(folder / "a.png",))


def test_whoever_drags_does_not_wait_for_an_answer(window, folder, monkeypatch, qtbot):
    told = []
    monkeypatch.setattr(NewStudyDialog, "exec", lambda _: told.append("asked") or QDialog.DialogCode.Rejected)
    drop(window, [folder])
    told.append("dropped")
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == ["dropped", "asked"]


def test_folders_in_folders_are_looked_into_and_tell_whose_images_they_hold(tmp_path):
    for name in ("S02/week 12/vertex/IMG_2.jpg", "S02/baseline/vertex/IMG_1.jpg", "S10/baseline/crown/IMG_1.jpg",
                 "S02/.thumbs/x.jpg", "old.images/1.jpg"):  # fmt: skip
        path = tmp_path / "trial" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = sorted_out([tmp_path / "trial"])
    rows = guessed_rows(found.images)
    assert [(row.subject, row.visit, row.site, row.path.name) for row in rows] == [
        ("S02", "baseline", "vertex", "IMG_1.jpg"),
        ("S02", "week 12", "vertex", "IMG_2.jpg"),
        ("S10", "baseline", "crown", "IMG_1.jpg"),
    ]


def test_a_whole_disk_is_not_looked_through(folder, monkeypatch):
    monkeypatch.setattr("ui.dropped.MOST_SEEN", 2)
    assert sorted_out([folder]) is None


def test_a_table_that_is_dropped_is_shown_before_anything_is_made(window, folder, monkeypatch, qtbot):
    shown = []
    monkeypatch.setattr(ManifestDialog, "exec", lambda dialog: shown.append(dialog.windowTitle()) or 0)
    (folder / "visits.csv").write_text("subject,visit,site,image\nS01,baseline,vertex,a.png\n")
    drop(window, [folder / "visits.csv"])
    qtbot.waitUntil(lambda: shown == ["New study from a table"])


def test_dicom_files_are_images_with_and_without_a_suffix(folder):
    (folder / "c.DCM").touch()
    (folder / "IM0001").write_bytes(bytes(128) + b"DICM")
    (folder / "README").write_text("nothing to see")
    assert sorted_out([folder]).images == tuple(folder / name for name in ("IM0001", "a.png", "b.JPG", "c.DCM"))
