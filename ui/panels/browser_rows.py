"""The rows of the list of all images, each worded when it is first looked at: a study may have ten thousand."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt

from ui.panels.titles import file_name
from ui.panels.visit_states import ImageState
from ui.plain_text import plain_tip
from workstation.areas import area_of
from workstation.model.study import Study

Index = QModelIndex | QPersistentModelIndex
ROLE = Qt.ItemDataRole
ROW_PX = 26
NONE = QModelIndex()


class BrowserRows(QAbstractListModel):
    """A row for each image of a study, by subject, site and number."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._study: Study | None = None
        self._state_of: Callable[[int], ImageState] | None = None
        self._ids: Sequence[int] = ()
        self._words: dict[int, str] = {}

    @property
    def ids(self) -> Sequence[int]:
        """The image of each row."""
        return self._ids

    def show_images(self, study: Study, state_of: Callable[[int], ImageState]) -> None:
        """Show the images of a study as it is now.

        Args:
            study: the study.
            state_of: gives how far an image has come; asked for rows that are looked at.
        """
        self.beginResetModel()
        self._study, self._state_of = study, state_of
        self._ids = study.derived(_in_order, "images", "visits")
        self._words.clear()
        self.endResetModel()

    def forget(self) -> None:
        """Show nothing, and let go of the study."""
        self.beginResetModel()
        self._study, self._state_of, self._ids = None, None, ()
        self._words.clear()
        self.endResetModel()

    def says(self, row: int, words: Sequence[str]) -> bool:
        """Whether a row says all of some words in lower case, in any order."""
        said = self._words.get(row)
        if said is None:
            said = self._words[row] = self._text(row).casefold()
        return all(word in said for word in words)

    def rowCount(self, parent: Index = NONE) -> int:
        """One row an image."""
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = ROLE.DisplayRole) -> object:
        """What a row says; its tip is what remains to be said where the row is cut short."""
        match role:
            case ROLE.DisplayRole:
                return self._text(index.row())
            case ROLE.ToolTipRole:
                return plain_tip(self._tip(index.row()))
            case ROLE.SizeHintRole:
                return QSize(0, ROW_PX)
        return None

    def _text(self, row: int) -> str:
        assert self._study is not None
        assert self._state_of is not None
        return row_text(self._study, self._ids[row], self._state_of(self._ids[row]))

    def _tip(self, row: int) -> str:
        assert self._study is not None
        assert self._state_of is not None
        image = self._study.images[self._ids[row]]
        return f"{file_name(image)}: {self._state_of(image.id).sentence}"


def row_text(study: Study, image_id: int, state: ImageState) -> str:
    """What an image's row says: sign, subject, site, visit, file, state. Nothing twice."""
    image, visit = study.images[image_id], study.visit_of(image_id)
    single = len(study.visits) == 1
    parts = [] if single else [visit.subject, image.site, visit.name]
    return "  ".join([state.sign, " · ".join([*parts, file_name(image)]), state.sentence])


def _in_order(study: Study) -> tuple[int, ...]:
    return tuple(sorted(study.images, key=lambda i: (area_of(study, i), i)))
