from pathlib import Path

from tests.workstation.images.dicoms import colours, dicom
from ui.dialogs.image_rows import guessed_rows, with_facts
from ui.dialogs.new_study import NewStudyDialog
from workstation.importing.dicom_facts import Facts
from workstation.settings import Settings

FACTS = Facts("P-07", "2026-03-02", "female", 34.0, "left scalp", "Lens 3")


def test_facts_fill_what_names_leave_open_and_nobody_typed():
    (plain,) = guessed_rows([Path("/d/IM0001")])
    told = with_facts(plain, FACTS)
    assert (told.subject, told.date, told.site) == ("P-07", "2026-03-02", "left scalp")
    (named,) = guessed_rows([Path("/d/S03_week4_crown.dcm")])
    told = with_facts(named, FACTS)
    assert (told.subject, told.visit, told.site, told.date) == ("S03", "week 4", "crown", "2026-03-02")
    typed = plain.with_value("subject", "S09")
    assert with_facts(typed, FACTS).subject == "S09"


def test_the_table_of_a_new_study_is_filled_in_when_the_files_were_looked_at(qtbot, background, tmp_path):
    folder = tmp_path / "camera" / "photos"
    folder.mkdir(parents=True)
    path = folder / "IM0001"
    path.write_bytes(dicom(colours(), PatientID="P-07", StudyDate="20260301", PixelSpacing=["0.005", "0.005"]))
    dialog = NewStudyDialog([path], Settings(), background)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: dialog.model.rows[0].subject == "P-07")
    (row,) = dialog.rows
    assert (row.subject, row.date) == ("P-07", "2026-03-01")
    assert dialog.model.implied_scale(dialog.model.rows[0]) == "5 (file)"
