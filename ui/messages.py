"""What the window tells the user: short sentences, each where it belongs."""

from dataclasses import dataclass, field
from enum import StrEnum

from workstation.errors import EditRefused, UserFacingError


class MessageKind(StrEnum):
    """How a message is shown."""

    DONE = "done"
    """Something was done; the next such message takes its place."""
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"
    """Stays until it is closed."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message."""

    text: str
    """A sentence or two."""
    kind: MessageKind = MessageKind.DONE
    undo: bool = False
    """Offer to take back what was done."""
    details: str = ""
    """More for whoever asks, such as a traceback."""
    n_times: int = field(default=1, compare=False)
    """How often it happened so far, where not each time is told."""

    @classmethod
    def of_error(cls, error: UserFacingError) -> "Message":
        """An error in the user's words: what happened, to which file, what to do.

        A correction that was refused changed nothing and needs no answer: it goes by itself, as a warning does.
        """
        where = f" ({error.file.name})" if error.file is not None else ""
        what = error.what[:1].upper() + error.what[1:]
        text = f"{what}{where}. {error.remedy}".strip()
        if isinstance(error, EditRefused):
            return cls(text, MessageKind.WARNING)
        return cls(text, MessageKind.ERROR, details=str(error))


def said(operation: str) -> str:
    """The name of an edit as the beginning of a sentence."""
    return operation[:1].upper() + operation[1:]
