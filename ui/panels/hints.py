"""Keys beside what a button does."""

from PySide6.QtGui import QKeySequence

from ui.keys import BY_ID, keys_of
from workstation.settings import Settings


def key_of(command_id: str, settings: Settings) -> str:
    """The key of a command as it is written on this system; empty if it has none."""
    keys = keys_of(BY_ID[command_id], settings.keys)
    return QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""


def tip_of(command_id: str, settings: Settings) -> str:
    """What a command does, with its key."""
    command, key = BY_ID[command_id], key_of(command_id, settings)
    first = f"{command.text.removesuffix('…')}  ({key})" if key else command.text.removesuffix("…")
    return f"{first}\n{command.tip}" if command.tip else first
