"""The de-identified package from the window."""

import pytest
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QRadioButton

from analysis.progress import silent
from tests.workstation.deidentifying.identified import identified_study, opened
from ui.exporting import ExportChoice, ExportDialog, write_anonymous
from ui.package_choice import PackageChoice


@pytest.fixture
def dialog(qtbot, tmp_path):
    dialog = ExportDialog(tmp_path / "trial-export", stem="trial")
    qtbot.addWidget(dialog)
    dialog.findChild(QRadioButton, "export_anonymous").setChecked(True)
    return dialog


def fault(dialog):
    label = dialog.findChild(QLabel, "export_fault")
    return "" if label.isHidden() else label.text()


def test_a_package_is_asked_for_with_its_key(dialog, tmp_path):
    folder, key = tmp_path / "trial-deidentified", tmp_path / "trial-key.csv"
    assert dialog.choice == ExportChoice(folder, (), package=PackageChoice(key))
    assert dialog._go.isEnabled()
    dialog.findChild(QCheckBox, "package_key").setChecked(False)
    dialog.findChild(QCheckBox, "package_comments").setChecked(True)
    assert dialog.choice.package == PackageChoice(None, keep_comments=True)
    assert not dialog.findChild(QLineEdit, "package_key_file").isEnabled()
    assert any("Look at each image" in label.text() for label in dialog.findChildren(QLabel))


def test_going_back_asks_for_tables_again_and_keeps_a_folder_that_was_typed(dialog, tmp_path):
    folder = dialog.findChild(QLineEdit, "export_folder")
    dialog.findChild(QRadioButton, "export_whole").setChecked(True)
    assert folder.text() == str(tmp_path / "trial-export")
    assert dialog.choice.package is None
    assert dialog.choice.formats
    folder.setText(str(tmp_path / "mine"))
    dialog.findChild(QRadioButton, "export_anonymous").setChecked(True)
    assert folder.text() == str(tmp_path / "mine")


def test_where_it_cannot_go_is_said_before_it_is_made(dialog, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    folder, key = (dialog.findChild(QLineEdit, name) for name in ("export_folder", "package_key_file"))
    folder.setText(str(tmp_path / "full"))
    assert fault(dialog).startswith("The folder of a de-identified package must be empty.")
    assert not dialog._go.isEnabled()
    folder.setText(str(tmp_path / "new"))
    assert fault(dialog) == ""
    assert dialog._go.isEnabled()
    for text, said in (
        (tmp_path / "new" / "key.csv", "The key would lie in the package"),
        (tmp_path / "full" / "x", "There is already a file of this name."),
        (tmp_path / "none" / "key.csv", "The key's folder does not exist."),
        ("", "Name the file of the key."),
    ):
        key.setText(str(text))
        assert fault(dialog).startswith(said)
        assert not dialog._go.isEnabled()
    dialog.findChild(QCheckBox, "package_key").setChecked(False)
    assert dialog._go.isEnabled()


def test_what_was_chosen_is_written_and_what_to_look_at_is_said(tmp_path):
    with opened(identified_study(tmp_path / "source")) as session:
        package = write_anonymous(session, tmp_path / "out", PackageChoice(tmp_path / "key.csv"), silent)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["study.h5", "study.images"]
    assert package.key == tmp_path / "key.csv"
    assert package.sentences[0] == "3 images; text and margins were masked in 3 of them."
    assert package.sentences[1].startswith("Look at each image before you pass it on")
