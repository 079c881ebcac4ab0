"""Keys as the user reads them."""

from collections.abc import Mapping, Sequence

from PySide6.QtGui import QKeySequence

from ui.keys import COMMANDS, VIEW_KEYS, Command, Context, keys_of

WHILE_REVIEWING = {
    Context.MATCHES: "While matches are reviewed",
    Context.ADJUDICATION: "While two reads are settled",
}
IN_THE_IMAGE = "In the image"


def key_text(key: str) -> str:
    """A key in the words of the platform; one that is none is left as it is."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) or key


def portable(sequence: QKeySequence) -> str:
    """A key as the settings keep it; empty for none."""
    return sequence.toString(QKeySequence.SequenceFormat.PortableText)


def grouped(overrides: Mapping[str, Sequence[str]]) -> dict[str, list[tuple[tuple[str, ...], str, str]]]:
    """All commands that have keys, under the headings of their menus, then the keys of the image views.

    Those whose keys mean something else most of the time have a heading of their own.

    Returns:
        By heading: (keys as `ui.keys` spells them, what they do, more about it).
    """
    found: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
    for command in COMMANDS:
        keys = keys_of(command, overrides)
        if keys:
            heading = WHILE_REVIEWING.get(command.context, str(command.menu))
            found.setdefault(heading, []).append((keys, plain_text(command), command.tip))
    found[IN_THE_IMAGE] = [((name,), does, "") for name, does in VIEW_KEYS]
    return found


def plain_text(command: Command) -> str:
    """A command's name without the dots that announce a dialog."""
    return command.text.removesuffix("…")
