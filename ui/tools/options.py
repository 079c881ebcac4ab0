"""The bar that shows what can be chosen about the tool in hand, and what to do next."""

from PySide6.QtCore import QSignalBlocker, QSize, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from ui.elided import ElidedLabel
from ui.icons import set_icon
from ui.keys import BY_ID
from ui.tools.host import ToolHost
from ui.tools.option import Amount, Choice, Option, Toggle

HEIGHT_PX = 40
FEW = 3
"""So many choices stand side by side; more are a list."""


class ToolOptions(QFrame):
    """The bar.

    Args:
        tools: whose tool in hand it shows.
        parent: the Qt parent.
    """

    def __init__(self, tools: ToolHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tool_options")
        self.setAccessibleName("Options of the tool")
        self.setFixedHeight(HEIGHT_PX)
        self._tools = tools
        self._shape: tuple[object, ...] = ()
        self._fields: dict[str, _Field] = {}
        self._name = QLabel(self)
        self._name.setObjectName("tool_options.name")
        self._name.setProperty("role", "heading")
        self._hint = ElidedLabel(parent=self)
        self._hint.setObjectName("tool_options.hint")
        self._hint.setProperty("role", "muted")
        self._hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 0, 12, 0)
        self._row.setSpacing(12)
        self._row.addWidget(self._name)
        self._row.addWidget(self._hint, 1)
        tools.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the tool as it is now. Its fields stay as long as there are the same ones."""
        tool = self._tools.current
        options = tool.options()
        shape = (tool.name, *((type(o), o.name) for o in options))
        if shape != self._shape:
            self._shape = shape
            self._name.setText(BY_ID[f"tool.{tool.name}"].text)
            self._rebuild(options)
        for option in options:
            self._fields[option.name].show_option(option)
        self._hint.setText(tool.hint)

    def field(self, name: str) -> QWidget:
        """The widget of an option of the tool in hand."""
        return self._fields[name]

    def _rebuild(self, options: tuple[Option, ...]) -> None:
        for gone in self._fields.values():
            self._row.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self._fields = {option.name: _field(option) for option in options}
        for place, field in enumerate(self._fields.values(), start=1):
            self._row.insertWidget(place, field)


class _Field(QWidget):
    """One option."""

    def __init__(self, option: Option) -> None:
        super().__init__()
        self.setObjectName(f"tool_option.{option.name}")
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(6)

    def show_option(self, option: Option) -> None:
        """Show the value as it is now."""
        raise NotImplementedError


class _ToggleField(_Field):
    def __init__(self, option: Toggle) -> None:
        super().__init__(option)
        self.box = QCheckBox(option.text)
        self.box.toggled.connect(option.choose)
        self.row.addWidget(self.box)

    def show_option(self, option: Option) -> None:
        assert isinstance(option, Toggle)
        with QSignalBlocker(self.box):
            self.box.setChecked(option.value)
        self.box.setToolTip(option.tip)


class _ButtonsField(_Field):
    """A few choices side by side."""

    def __init__(self, option: Choice) -> None:
        super().__init__(option)
        self.row.setSpacing(2)
        self.buttons: dict[str, QToolButton] = {}
        for item in option.items:
            button = QToolButton()
            button.setObjectName(f"tool_option.{option.name}.{item.value}")
            button.setText(item.text)
            button.setCheckable(True)
            button.setAutoExclusive(True)
            button.setIconSize(QSize(18, 18))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            if item.icon:
                set_icon(button, item.icon)
            button.clicked.connect(lambda _checked, value=item.value: option.choose(value))
            self.buttons[item.value] = button
            self.row.addWidget(button)

    def show_option(self, option: Option) -> None:
        assert isinstance(option, Choice)
        for value, button in self.buttons.items():
            button.setChecked(value == option.value)
            button.setToolTip(option.tip)


class _ListField(_Field):
    """Many choices in a list."""

    def __init__(self, option: Choice) -> None:
        super().__init__(option)
        self.list = QComboBox()
        self.list.setAccessibleName(option.text)
        for item in option.items:
            self.list.addItem(item.text, item.value)
        self.list.activated.connect(lambda index: option.choose(self.list.itemData(index)))
        title = QLabel(option.text)
        title.setBuddy(self.list)
        self.row.addWidget(title)
        self.row.addWidget(self.list)

    def show_option(self, option: Option) -> None:
        assert isinstance(option, Choice)
        self.list.setCurrentIndex(self.list.findData(option.value))
        self.list.setToolTip(option.tip)


class _AmountField(_Field):
    def __init__(self, option: Amount) -> None:
        super().__init__(option)
        self.box = QDoubleSpinBox()
        self.box.setAccessibleName(option.text)
        self.box.setRange(option.low, option.high)
        self.box.setDecimals(0)
        self.box.setSuffix(f" {option.unit}")
        self.box.setKeyboardTracking(False)
        self.box.valueChanged.connect(option.choose)
        title = QLabel(option.text)
        title.setBuddy(self.box)
        self.row.addWidget(title)
        self.row.addWidget(self.box)

    def show_option(self, option: Option) -> None:
        assert isinstance(option, Amount)
        with QSignalBlocker(self.box):
            self.box.setValue(option.value)
        self.box.setToolTip(option.tip)


def _field(option: Option) -> _Field:
    if isinstance(option, Toggle):
        return _ToggleField(option)
    if isinstance(option, Amount):
        return _AmountField(option)
    return _ButtonsField(option) if len(option.items) <= FEW else _ListField(option)
