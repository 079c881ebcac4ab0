import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QLineEdit, QPushButton, QSpinBox

from analysis.detection import DetectionParameters, Polarity
from ui import theme
from ui.dialogs.settings import SettingsDialog
from workstation.model.study import ChangeRules, WidthCutoffs
from workstation.settings import Settings


@pytest.fixture
def shown(qtbot, qapp):
    theme.apply_theme(qapp, "dark")

    def show(study_cutoffs=None, study_rules=None, **settings):
        wanted = Settings(**{"theme": "dark", **settings})
        dialog = SettingsDialog(wanted, study_cutoffs, study_rules=study_rules)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return show


def keep(dialog):
    return dialog.findChild(QPushButton, "dialog.settings.keep")


def fault(dialog):
    return dialog.findChild(QLabel, "settings.fault")


def test_nothing_is_changed_by_looking(shown):
    dialog = shown(reader="Ada", study_cutoffs=WidthCutoffs(25, 55), keys={"hairs.accept": ("Y",)}, doubtful_below=0.35)
    assert dialog.changes() == {}
    assert dialog.study_cutoffs() is None
    assert keep(dialog).isEnabled()


def test_the_rules_of_change_of_the_open_study(shown):
    dialog = shown(study_rules=ChangeRules(0.505, 12.34))
    assert dialog.study_rules() is None  # what is shown rounded was not touched
    dialog.findChild(QSpinBox, "settings.overlap").setValue(60)
    assert dialog.study_rules() == ChangeRules(0.6, 12.34)
    dialog.findChild(QDoubleSpinBox, "settings.width_error").setValue(20)
    assert dialog.study_rules() == ChangeRules(0.6, 20.0)


def test_without_an_open_study_there_are_no_rules_to_set(shown):
    dialog = shown()
    assert dialog.findChild(QSpinBox, "settings.overlap") is None
    assert dialog.study_rules() is None


def test_what_was_changed_is_given_and_valid(shown):
    dialog = shown()
    dialog.findChild(QLineEdit, "settings.reader").setText(" Grace ")
    dialog.findChild(QDoubleSpinBox, "settings.vellus").setValue(40)
    dialog.findChild(QDoubleSpinBox, "settings.terminal").setValue(40)
    dialog.findChild(QSpinBox, "settings.doubtful").setValue(35)
    dialog.findChild(QDoubleSpinBox, "settings.megapixels").setValue(50)
    dialog.findChild(QDoubleSpinBox, "settings.autosave").setValue(60)
    dialog.findChild(QSpinBox, "settings.backups").setValue(0)
    assert dialog.changes() == {
        "reader": "Grace",
        "vellus_below_um": 40.0,
        "terminal_from_um": 40.0,
        "doubtful_below": 0.35,
        "max_megapixels": 50.0,
        "autosave_after_s": 60.0,
        "backups_kept": 0,
    }
    assert Settings().changed(**dialog.changes()).reader == "Grace"


def test_cutoffs_of_the_open_study_are_apart_from_those_of_new_ones(shown):
    dialog = shown(study_cutoffs=WidthCutoffs(25, 55))
    dialog.findChild(QDoubleSpinBox, "settings.study_terminal").setValue(60)
    assert dialog.changes() == {}
    assert dialog.study_cutoffs() == WidthCutoffs(25, 60)
    assert shown().findChild(QDoubleSpinBox, "settings.study_terminal") is None


@pytest.mark.parametrize("which", ["terminal", "study_terminal"])
def test_cutoffs_that_contradict_each_other_cannot_be_kept(shown, which):
    dialog = shown(study_cutoffs=WidthCutoffs())
    field = dialog.findChild(QDoubleSpinBox, f"settings.{which}")
    field.setValue(10)
    assert fault(dialog).text() == "Terminal cannot begin below the end of vellus."
    assert field.property("faulty") is True
    assert not keep(dialog).isEnabled()
    field.setValue(70)
    assert keep(dialog).isEnabled()
    assert fault(dialog).isHidden()


def test_what_detection_looks_for_is_kept_as_a_whole(shown):
    dialog = shown(detection=DetectionParameters(min_width_um=15.27))
    dialog.findChild(QDoubleSpinBox, "settings.detect.max_width_um").setValue(90)
    box = dialog.findChild(QComboBox, "settings.detect.polarity")
    box.setCurrentIndex(box.findData(Polarity.LIGHT))
    wanted = DetectionParameters(Polarity.LIGHT, min_width_um=15.27, max_width_um=90.0)
    assert dialog.changes() == {"detection": wanted}
    assert dialog.changes()["detection"].polarity is Polarity.LIGHT
    assert Settings().changed(**dialog.changes()).detection == wanted
    dialog.findChild(QPushButton, "settings.detect.restore").click()
    assert dialog.changes() == {"detection": DetectionParameters()}


def test_what_detection_cannot_look_for_cannot_be_kept(shown):
    dialog = shown()
    dialog.findChild(QDoubleSpinBox, "settings.detect.max_length_um").setValue(100)
    assert fault(dialog).text() == "The least length must be below the greatest."
    assert not keep(dialog).isEnabled()
    dialog.findChild(QDoubleSpinBox, "settings.detect.min_length_um").setValue(50)
    assert keep(dialog).isEnabled()


def choose_theme(dialog, value):
    box = dialog.findChild(QComboBox, "settings.theme")
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def test_a_theme_is_seen_at_once_and_taken_back_by_escape(shown, qtbot):
    dialog = shown()
    choose_theme(dialog, "light")
    assert theme.current() is theme.LIGHT
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert theme.current() is theme.DARK


def test_a_theme_that_is_kept_stays(shown, qtbot):
    dialog = shown()
    choose_theme(dialog, "light")
    qtbot.mouseClick(keep(dialog), Qt.MouseButton.LeftButton)
    assert theme.current() is theme.LIGHT
    assert dialog.changes() == {"theme": "light"}


def test_keys_that_clash_cannot_be_kept(shown):
    dialog = shown()
    dialog._keys.set_keys("hairs.accept", ["X"])
    assert not keep(dialog).isEnabled()
    assert "X is the key of “Accept” and “Reject”." in fault(dialog).text()
    dialog.show_keys()
    assert fault(dialog).isHidden()
    assert not keep(dialog).isEnabled()
    dialog._keys.set_keys("hairs.reject", ["Y"])
    assert keep(dialog).isEnabled()
    assert dialog.changes() == {"keys": {"hairs.accept": ("X",), "hairs.reject": ("Y",)}}


def test_every_field_can_be_reached_and_is_named(shown):
    dialog = shown(study_cutoffs=WidthCutoffs())
    for kind in (QLineEdit, QComboBox, QDoubleSpinBox, QSpinBox):
        for field in dialog.findChildren(kind):
            if field.objectName().startswith("settings."):
                assert field.accessibleName()
                assert field.focusPolicy() & Qt.FocusPolicy.TabFocus
