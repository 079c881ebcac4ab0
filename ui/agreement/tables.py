"""The two tables of agreement: endpoints of a comparison, and its images."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.plain_text import plain_tip
from workstation.agreement import wording
from workstation.agreement.read_pairs import Kind
from workstation.agreement.results import Comparison, ImageAgreement, OutcomeAgreement
from workstation.trial.wording import NO_VALUE, titled

Index = QModelIndex | QPersistentModelIndex
ROLE = Qt.ItemDataRole
LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class Head:
    """A column's title."""

    title: str
    tip: str
    is_number: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its texts, and what is said of the row, or of a cell without a value."""

    cells: tuple[str, ...]
    tip: str = ""
    why_empty: str = ""


class Lines(QAbstractTableModel):
    """Rows of texts.

    Args:
        parent: the Qt parent.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heads: tuple[Head, ...] = ()
        self._lines: tuple[Line, ...] = ()

    def show_lines(self, heads: Sequence[Head], lines: Sequence[Line]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._heads, self._lines = tuple(heads), tuple(lines)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Rows."""
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index | None = None) -> int:
        """Columns."""
        return 0 if parent is not None and parent.isValid() else len(self._heads)

    def data(self, index: Index, role: int = ROLE.DisplayRole) -> object:
        """A cell."""
        line, head = self._lines[index.row()], self._heads[index.column()]
        text = line.cells[index.column()]
        match role:
            case ROLE.DisplayRole:
                return text
            case ROLE.TextAlignmentRole:
                return RIGHT if head.is_number else LEFT
            case ROLE.ToolTipRole:
                return plain_tip(line.why_empty if text == NO_VALUE else line.tip) or None
            case ROLE.AccessibleTextRole:
                return f"{head.title}: {text}"
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole) -> object:
        """Titles."""
        if orientation is Qt.Orientation.Vertical or not 0 <= section < len(self._heads):
            return None
        head = self._heads[section]
        match role:
            case ROLE.DisplayRole:
                return head.title
            case ROLE.ToolTipRole:
                return head.tip
            case ROLE.TextAlignmentRole:
                return RIGHT if head.is_number else LEFT
        return None


Cell = Callable[[OutcomeAgreement], str]


def outcome_table(comparison: Comparison) -> tuple[list[Head], list[Line]]:
    """A row an endpoint."""
    columns = _columns(comparison)
    lines = [
        Line(
            tuple(cell(outcome) for _, cell in columns),
            outcome.outcome.description,
            "\n".join(wording.outcome_reasons(outcome)),
        )
        for outcome in comparison.outcomes
    ]
    return [head for head, _ in columns], lines


def _columns(comparison: Comparison) -> list[tuple[Head, Cell]]:
    two, repeats = comparison.kind is not Kind.EVERYBODY, comparison.kind is Kind.REPEATS
    columns: list[tuple[Head, Cell]] = [
        (Head("Endpoint", "What is compared", is_number=False), lambda o: titled(o.outcome)),
        (Head("n", "Images with a value of every reading"), lambda o: str(o.icc.n)),
        (
            Head("ICC(2,1) (95 % CI)", "Share of the variance of one reading that lies between images"),
            lambda o: wording.ratio(o.icc),
        ),
    ]
    if two:
        columns += [
            (
                Head("Difference (95 % CI)", f"Mean difference: {wording.difference_is(comparison)}"),
                lambda o: wording.mean_difference(o.limits, wording.digits_of(o)),
            ),
            (
                Head("Limits of agreement", "Between them lie 95 of 100 differences"),
                lambda o: wording.limits(o.limits, wording.digits_of(o)),
            ),
        ]
    columns.append((Head("CV (95 % CI)", "Within-image coefficient of variation"), lambda o: wording.cv(o.spread)))
    if repeats:
        tip = (
            "Repeatability coefficient, 1.96·√2 of the SD within an image: two readings differ by less, 95 times of 100"
        )
        columns.append(
            (Head("Repeatability (95 % CI)", tip), lambda o: wording.coefficient(o.spread, wording.digits_of(o)))
        )
    if two:
        columns += [
            (
                Head("Drift, 10 reads", "How much the difference grows in ten reads"),
                lambda o: wording.drift(o.drift_by_place, wording.digits_of(o)),
            ),
            (
                Head("Drift, 30 days", "How much the difference grows in thirty days"),
                lambda o: wording.drift(o.drift_by_day, wording.digits_of(o)),
            ),
        ]
    return columns


def image_table(
    comparison: Comparison, images: Sequence[ImageAgreement], names: Mapping[int, str]
) -> tuple[list[Head], list[Line]]:
    """A row an image."""
    first, second = comparison.readers if comparison.kind is Kind.READERS else ("First", "Second")
    heads = [
        Head("Image", "Enter shows it", is_number=False),
        Head("Subject", "The participant's code", is_number=False),
        Head(first, f"Hairs: {first}"),
        Head(second, f"Hairs: {second}"),
        Head("Both", "Hairs that both have"),
        Head("Difference", "Of the counts, of their mean"),
        Head("F1", "Of hairs"),
        Head("F1, units", "Of follicular units"),
        Head("Roots apart", "Median over the hairs that both have"),
    ]
    cells = [_image_cells(image, names) for image in images]
    if not comparison.readers:  # of repeats of all readers it is to be told whose each is
        heads.insert(2, Head("Reader", "Who was shown the image twice", is_number=False))
        cells = [(*row[:2], image.readers[0], *row[2:]) for row, image in zip(cells, images, strict=True)]
    return heads, [Line(row, "Double-click or Enter shows the image") for row in cells]


def _image_cells(image: ImageAgreement, names: Mapping[int, str]) -> tuple[str, ...]:
    return (
        names.get(image.image_id, NO_VALUE),
        image.subject,
        str(image.first_hairs),
        str(image.second_hairs),
        str(image.shared_hairs),
        wording.signed_percent(image.count_difference_percent),
        wording.percent(image.hair_f1),
        wording.percent(image.unit_f1),
        wording.with_um(image.root_distance_um, 0),
    )
