"""Which read of an image is shown: the one asked for, be it as it was once, else the user's own, else that in use."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ui.record.past_read import PastRead
from workstation.document import own_read
from workstation.entry import Selection
from workstation.model.read import Read
from workstation.model.study import Study


@dataclass(frozen=True, slots=True)
class ShownReads:
    """What was asked for. A value: another question gives another one."""

    asked: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    """By image the read that is shown in place of the one that would be."""
    past: Mapping[int, PastRead] = field(default_factory=lambda: MappingProxyType({}))
    """By image a read as it was, which goes before all."""

    def read(self, study: Study, image_id: int, user: str) -> Read | None:
        """The read that is shown of an image.

        A hidden repeat, and a third read that its adjudicator has not submitted, are shown only if asked for.
        """
        if image_id in self.past:
            return self.past[image_id].read
        asked = study.reads.get(self.asked.get(image_id, 0))
        return asked or own_read(study, image_id, user) or study.read_in_use(image_id)

    def asking(self, study: Study, image_id: int, read_id: int | None) -> "ShownReads":
        """The same with a certain read of an image; None, or a read that it does not have: with no certain one."""
        asked = {image: read for image, read in self.asked.items() if image != image_id}
        read = None if read_id is None else study.reads.get(read_id)
        if read is not None and read.image_id == image_id:
            asked[image_id] = read.id
        return ShownReads(MappingProxyType(asked), self._past_without(image_id))

    def going_back(self, image_id: int, past: PastRead | None) -> "ShownReads":
        """The same with a read of an image as it was; None: as it is now."""
        others = dict(self._past_without(image_id))
        if past is not None:
            others[image_id] = past
        return ShownReads(self.asked, MappingProxyType(others))

    def _past_without(self, image_id: int) -> Mapping[int, PastRead]:
        return MappingProxyType({i: past for i, past in self.past.items() if i != image_id})

    def among(self, image_ids: Iterable[int]) -> "ShownReads":
        """What was asked for of some images; of the others it is forgotten."""
        kept = set(image_ids)
        return ShownReads(
            MappingProxyType({i: read for i, read in self.asked.items() if i in kept}),
            MappingProxyType({i: past for i, past in self.past.items() if i in kept}),
        )

    def refusal(self, image_id: int, read: Read | None, user: str) -> str:
        """Why what is shown of an image is not corrected, as sentences; empty where it is the user's own.

        Args:
            image_id: the image.
            read: the read that was asked for; None where none was.
            user: who corrects.
        """
        if image_id in self.past:
            return f"You look at a read as it was, {self.past[image_id].moment}. Go back to today's to correct it."
        if read is None:
            return ""
        if read.editable and read.reader == user:
            return ""
        whose = f"the read of {read.reader}" if read.editable else "the untouched detection"
        return f"You look at {whose}, which you cannot correct. Show your own read first: Image ▸ Show another read."


def still_there(selection: Selection, study: Study, shown: Callable[[int], Read | None]) -> Selection:
    """What of a selection exists in the read that is shown of its image.

    In the copy of the selected read the same ids are the same hairs; in any other read they may be others.
    """
    read = study.reads.get(selection.read_id or 0)
    now = None if read is None else shown(read.image_id)
    if read is None or now is None or read.id not in (now.id, now.based_on):
        return Selection()
    hairs = frozenset(i for i in selection.hair_ids if i in now.hairs)
    units = frozenset(i for i in selection.unit_ids if i in now.units)
    return Selection(now.id, hairs, units) if hairs or units else Selection()
