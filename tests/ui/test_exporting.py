"""The export from the window: what is asked, and what is written."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit

from analysis.progress import silent
from tests.workstation.export.states import STATE
from tests.workstation.small_study import worked_study
from ui.exporting import ExportChoice, ExportDialog, earlier_exports, write_export
from workstation.export.manifest import read_entries
from workstation.export.study_files import ExportFormat, export_study
from workstation.session import create_study, open_study

LATER = replace(STATE, revision=15, audit_sha256="c" * 64)


@pytest.fixture
def dialog(qtbot, tmp_path):
    dialog = ExportDialog(tmp_path / "out", LATER)
    qtbot.addWidget(dialog)
    return dialog


def box(dialog, name):
    return dialog.findChild(QCheckBox, f"export_{name}")


def test_every_format_is_offered_and_two_are_chosen(dialog, tmp_path):
    assert dialog.choice == ExportChoice(tmp_path / "out", (ExportFormat.CSV, ExportFormat.GEOJSON), pictures=False)
    for format in ExportFormat:
        box(dialog, format).setChecked(True)
    assert set(dialog.choice.formats) == set(ExportFormat)


def test_without_pyarrow_parquet_cannot_be_chosen(qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr("ui.exporting.parquet_is_there", lambda: False)
    dialog = ExportDialog(tmp_path)
    qtbot.addWidget(dialog)
    assert not box(dialog, "parquet").isEnabled()
    assert "pip install trichodesk[parquet]" in box(dialog, "parquet").toolTip()


def test_what_lies_in_the_folder_already_is_compared_with_the_study(dialog, tmp_path):
    said = dialog.findChild(QLabel, "export_earlier")
    assert said.isHidden()
    export_study(worked_study(), tmp_path / "old", ["csv"], state=STATE)
    export_study(worked_study(), tmp_path / "old", ["geojson"], state=LATER)
    dialog.findChild(QLineEdit, "export_folder").setText(str(tmp_path / "old"))
    dialog.findChild(QLineEdit, "export_folder").editingFinished.emit()
    csv_line, geojson_line = said.text().splitlines()
    assert csv_line.startswith("There already: csv of 3 Feb 2026 ")
    assert csv_line.endswith(", made from an older state (revision 12; the study is at 15).")
    assert geojson_line.endswith(", up to date.")
    assert not said.isHidden()


def test_a_manifest_that_makes_no_sense_is_said(tmp_path):
    (tmp_path / "export.json").write_text("{")
    (said,) = earlier_exports(tmp_path, STATE)
    assert said.startswith("It does not say what was exported here")


def test_what_was_chosen_is_written_with_the_state_it_shows(tmp_path):
    create_study(tmp_path / "trial.h5", worked_study(), user="Ada")
    choice = ExportChoice(tmp_path / "out", (ExportFormat.XLSX, ExportFormat.COCO))
    with open_study(tmp_path / "trial.h5", "Ada") as session:
        files = write_export(session, choice, silent)
    assert [file.name for file in files] == ["trial.xlsx", "annotations.json"]
    assert [entry.format for entry in read_entries(tmp_path / "out")] == ["xlsx", "coco"]


def test_pictures_are_noted_with_their_state(session, tmp_path):
    files = write_export(session, ExportChoice(tmp_path / "out", (), pictures=True), silent)
    (entry,) = read_entries(tmp_path / "out")
    assert entry.format == "pictures"
    assert set(entry.files) == {file.name for file in files}
