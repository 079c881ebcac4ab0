"""The settings: who reads, how the window looks, what is measured, what is looked for, when is saved, which keys."""

from typing import Any

from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QTabWidget, QWidget

from ui.dialogs.form import FIELD_PX, Form, decimal_field, whole_field
from ui.dialogs.key_page import KeyPage
from ui.dialogs.reader_name import MAX_NAME, WHY
from ui.dialogs.sheet import Sheet, mark_faulty, paragraph
from ui.panels.detection_form import DetectionForm
from ui.theme import GRID_PX, apply_theme
from workstation.model.study import ChangeRules, WidthCutoffs
from workstation.settings import Settings

SIZE_PX = (720, 600)
DETECTION_PX = 41 * GRID_PX
THEMES = (("system", "As the system"), ("dark", "Dark"), ("light", "Light"))
KEYS_TAB = 4
WIDEST_UM = 1000.0


class SettingsDialog(Sheet):
    """The settings. Nothing is kept before it is accepted, but the theme is put on at once to be looked at.

    Args:
        settings: as they are.
        study_cutoffs: of the open study; None where none is open that can be changed.
        study_rules: of change between its visits, in the same way.
        parent: the window it belongs to.
    """

    def __init__(
        self,
        settings: Settings,
        study_cutoffs: WidthCutoffs | None = None,
        parent: QWidget | None = None,
        *,
        study_rules: ChangeRules | None = None,
    ) -> None:
        super().__init__("settings", "Settings", parent)
        self._settings = settings
        self._study_cutoffs, self._study_rules = study_cutoffs, study_rules
        self._tabs = QTabWidget(documentMode=True)
        self._tabs.setObjectName("settings.tabs")
        self._keys = KeyPage(settings.keys)
        for title, page in (
            ("&General", self._general()),
            ("&Detection", self._detection()),
            ("&Measuring", self._measuring()),
            ("&Saving", self._saving()),
            ("&Keys", self._keys),
        ):
            self._tabs.addTab(page, title)
        self.column.addWidget(self._tabs, 1)
        self._fault = paragraph("", "danger")
        self._fault.setObjectName("settings.fault")
        self.column.addWidget(self._fault)
        self._keep = self.add_buttons("Keep")
        self._theme.activated.connect(self._preview)
        self._keys.changed.connect(self._check)
        self._detect.changed.connect(self._check)
        self._tabs.currentChanged.connect(self._check)
        for field in self._cutoff_fields:
            field.valueChanged.connect(self._check)
        self.rejected.connect(self._take_preview_back)
        self.resize(*SIZE_PX)
        self._check()

    def changes(self) -> dict[str, Any]:
        """The fields of the settings that are other now, with their values."""
        wanted = {
            "reader": self._reader.text().strip(),
            "theme": self._theme.currentData(),
            "vellus_below_um": self._vellus.value(),
            "terminal_from_um": self._terminal.value(),
            "doubtful_below": self._doubtful.value() / 100,
            "error_below_percent": self._error.value(),
            "detection": self._detect.parameters(),
            "max_megapixels": self._megapixels.value(),
            "autosave_after_s": self._autosave.value(),
            "backups_kept": self._backups.value(),
            "keys": self._keys.overrides(),
        }
        return {name: value for name, value in wanted.items() if getattr(self._settings, name) != value}

    def study_cutoffs(self) -> WidthCutoffs | None:
        """Other cut-offs for the open study; None where they are to stay."""
        if self._study_cutoffs is None:
            return None
        wanted = WidthCutoffs(self._study_vellus.value(), self._study_terminal.value())
        return wanted if wanted != self._study_cutoffs else None

    def study_rules(self) -> ChangeRules | None:
        """Other rules of change for the open study; None where they are to stay."""
        now = self._study_rules
        if now is None:
            return None
        overlap, error_um = self._overlap.value() / 100, self._width_error.value()
        # what is shown rounded and was not touched stays as it is
        overlap = now.min_overlap if self._overlap.value() == round(100 * now.min_overlap) else overlap
        wanted = ChangeRules(overlap, now.width_error_um if error_um == round(now.width_error_um, 1) else error_um)
        return wanted if wanted != now else None

    def show_keys(self) -> None:
        """Turn to the keys."""
        self._tabs.setCurrentIndex(KEYS_TAB)

    # --- pages -------------------------------------------------------------------------------------------------

    def _general(self) -> QWidget:
        page = Form("settings.general")
        self._reader = QLineEdit(self._settings.reader, maxLength=MAX_NAME, placeholderText="Name or initials")
        self._reader.setObjectName("settings.reader")
        self._reader.setFixedWidth(2 * FIELD_PX)
        self._theme = QComboBox()
        self._theme.setObjectName("settings.theme")
        self._theme.setFixedWidth(FIELD_PX)
        for value, text in THEMES:
            self._theme.addItem(text, value)
        self._theme.setCurrentIndex(self._theme.findData(self._settings.theme))
        page.add_heading("Reader")
        page.add_row("Your &name", self._reader)
        page.add_note(f"{WHY} A study that is open keeps the name it was opened under.")
        page.add_heading("Look")
        page.add_row("&Theme", self._theme, "Greys are neutral in both, so that images keep their colours.")
        page.add_end()
        return page

    def _detection(self) -> QWidget:
        page = Form("settings.detection")
        page.add_heading("What detection looks for")
        page.add_note("Image ▸ Detect hairs begins with these, and shows in an image what they find.")
        self._detect = DetectionForm("settings.detect")
        self._detect.show_parameters(self._settings.detection)
        self._detect.setFixedWidth(DETECTION_PX)
        page.add_field(self._detect)
        restore = QPushButton("Restore defaults")
        restore.setObjectName("settings.detect.restore")
        restore.setAutoDefault(False)
        restore.clicked.connect(self._detect.restore_defaults)
        page.add_field(restore)
        page.add_end()
        return page

    def _measuring(self) -> QWidget:
        page, settings = Form("settings.measuring"), self._settings
        self._vellus = decimal_field("settings.vellus", 0.1, WIDEST_UM, settings.vellus_below_um, "µm")
        self._terminal = decimal_field("settings.terminal", 0.1, WIDEST_UM, settings.terminal_from_um, "µm")
        self._doubtful = whole_field("settings.doubtful", 0, 100, round(100 * settings.doubtful_below), "%")
        self._error = decimal_field("settings.error", 0, 100, settings.error_below_percent, "%")
        page.add_heading("Width classes of new studies")
        page.add_row("&Vellus below", self._vellus, "Both the same: one cut between vellus and terminal.")
        page.add_row("T&erminal from", self._terminal)
        self._cutoff_fields = [self._vellus, self._terminal]
        if self._study_cutoffs is not None:
            now = self._study_cutoffs
            self._study_vellus = decimal_field("settings.study_vellus", 0.1, WIDEST_UM, now.vellus_below_um, "µm")
            self._study_terminal = decimal_field("settings.study_terminal", 0.1, WIDEST_UM, now.terminal_from_um, "µm")
            page.add_heading("Width classes of the open study")
            page.add_row("Vellus &below", self._study_vellus, "A change is an edit of the study: it can be undone.")
            page.add_row("Terminal &from", self._study_terminal)
            self._cutoff_fields += [self._study_vellus, self._study_terminal]
        if self._study_rules is not None:
            rules = self._study_rules
            self._overlap = whole_field("settings.overlap", 1, 100, round(100 * rules.min_overlap), "%")
            self._width_error = decimal_field("settings.width_error", 0.1, 100, rules.width_error_um, "µm")
            page.add_heading("Change between visits of the open study")
            page.add_row("&Overlap at least", self._overlap, "Of the first field, else no change is given.")
            page.add_row("&Width error ±", self._width_error, "A width that changed by less counts as unchanged.")
        page.add_heading("Review")
        page.add_row("&Doubtful below", self._doubtful, "Unreviewed hairs of less confidence are looked at first.")
        page.add_row("&Review until", self._error, "So many of the counted hairs may be expected to be wrong.")
        page.add_end()
        return page

    def _saving(self) -> QWidget:
        page, settings = Form("settings.saving"), self._settings
        self._autosave = decimal_field("settings.autosave", 1, 3600, settings.autosave_after_s, "s", decimals=0)
        self._backups = whole_field("settings.backups", 0, 100, settings.backups_kept)
        self._megapixels = decimal_field("settings.megapixels", 1, 2000, settings.max_megapixels, "MP", decimals=0)
        page.add_heading("Study files")
        page.add_row("Save after a &pause of", self._autosave, "Every correction is on disk at once, saved or not.")
        page.add_row("&Earlier states kept", self._backups, "As files beside the study.")
        page.add_heading("Images")
        page.add_row("&Largest image", self._megapixels, "Larger ones are refused; 150 MP take about 0.5 GB.")
        page.add_end()
        return page

    # --- doings ------------------------------------------------------------------------------------------------

    def _check(self, *_: object) -> None:
        faults = [fault] if (fault := self._detect.show_fault()) else []
        for vellus, terminal in zip(self._cutoff_fields[::2], self._cutoff_fields[1::2], strict=True):
            wrong = vellus.value() > terminal.value()
            mark_faulty(terminal, wrong)
            if wrong:
                faults.append("Terminal cannot begin below the end of vellus.")
        if self._tabs.currentIndex() != KEYS_TAB:  # where they are told already
            faults += self._keys.problems()
        self._fault.setText(faults[0] if faults else "")
        self._fault.setVisible(bool(faults))
        self._keep.setEnabled(not faults and not self._keys.problems())

    def _preview(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply_theme(app, self._theme.currentData())

    def _take_preview_back(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication) and self._theme.currentData() != self._settings.theme:
            apply_theme(app, self._settings.theme)
