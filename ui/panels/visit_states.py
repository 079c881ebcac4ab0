"""How far each image has come, in a sign, a word and a number."""

from dataclasses import dataclass

from ui.panels.figures import SPACE, counted, number
from ui.panels.titles import state_text
from workstation.model.read import Read, ReadState
from workstation.reviewing import n_doubtful

SIGNS: dict[ReadState | None, str] = {
    None: "○",
    ReadState.DETECTED: "◔",
    ReadState.IN_REVIEW: "◑",
    ReadState.RETURNED: "↩",
    ReadState.SUBMITTED: "◕",
    ReadState.ACCEPTED: "●",
    ReadState.SIGNED: "◉",
}
"""The fuller, the further."""


@dataclass(frozen=True, slots=True)
class ImageState:
    """How far an image has come."""

    state: ReadState | None
    word: str
    n_doubtful: int
    n_hairs: int

    @classmethod
    def of(cls, read: Read | None, doubtful_below: float) -> "ImageState":
        """The state of the read that is shown of an image."""
        if read is None:
            return cls(None, state_text(None), 0, 0)
        return cls(read.review.state, state_text(read), n_doubtful(read, doubtful_below), len(read.hairs))

    @property
    def sign(self) -> str:
        """A disc that fills; an arrow where it went back."""
        return SIGNS[self.state]

    @property
    def sentence(self) -> str:
        """`in review, 12 doubtful hairs`."""
        return f"{self.word}, {counted(self.n_doubtful, 'doubtful hair')}" if self.n_doubtful else self.word

    @property
    def short(self) -> str:
        """`◑ 12`."""
        return f"{self.sign}{SPACE}{number(self.n_doubtful)}" if self.n_doubtful else self.sign


class StateMemory:
    """Remembers the state of reads, so that an edit counts its own image alone."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Read | None, float, ImageState]] = {}

    def state(self, image_id: int, read: Read | None, doubtful_below: float) -> ImageState:
        """The state of an image by the read that is shown of it."""
        known = self._known.get(image_id)
        if known is None or known[0] is not read or known[1] != doubtful_below:
            known = read, doubtful_below, ImageState.of(read, doubtful_below)
            self._known[image_id] = known
        return known[2]
