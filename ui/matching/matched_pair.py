"""Two shown images of one area as the window knows them: their registration, their reads, what was matched."""

from dataclasses import dataclass
from enum import Enum, auto

from analysis.matching.match import Level, Match, Matching
from analysis.registration.result import Verdict
from workstation.model.pair import Pair, RegistrationRecord
from workstation.model.read import Read
from workstation.pairing import PairIds


class Stage(Enum):
    """How far two images have come on the way to matches."""

    NO_READ = auto()
    """In one of them nothing is detected yet."""
    UNREGISTERED = auto()
    FAILED = auto()
    """No registration could be found that can be relied on."""
    CHECK = auto()
    """Registered; somebody should look whether rightly."""
    GOOD = auto()


@dataclass(frozen=True, slots=True, eq=False)
class MatchedPair:
    """An earlier and a later image."""

    ids: PairIds
    pair: Pair | None
    """As the study has it; None where they were never registered."""
    baseline: Read | None
    """The read that is shown of the earlier image."""
    followup: Read | None
    matching: Matching | None = None
    """None where there is none yet, or cannot be; while `pending`, that of a moment ago."""
    pending: bool = False
    """Whether it is being matched anew."""

    @property
    def registration(self) -> RegistrationRecord | None:
        """How the images lie to each other, if anybody ever asked."""
        return None if self.pair is None else self.pair.registration

    @property
    def stage(self) -> Stage:
        """How far it has come."""
        if self.baseline is None or self.followup is None:
            return Stage.NO_READ
        record = self.registration
        if record is None:
            return Stage.UNREGISTERED
        if not record.usable:
            return Stage.FAILED
        return Stage.GOOD if record.result.verdict is Verdict.GOOD else Stage.CHECK

    def has(self, image_id: int | None) -> bool:
        """Whether an image is one of the two."""
        return image_id in (self.ids.baseline_image_id, self.ids.followup_image_id)

    def other(self, image_id: int) -> int:
        """The image beside one of the two."""
        baseline, followup = self.ids.baseline_image_id, self.ids.followup_image_id
        return followup if image_id == baseline else baseline

    def read_of(self, image_id: int) -> Read | None:
        """The read that is shown of one of the two."""
        return self.baseline if image_id == self.ids.baseline_image_id else self.followup

    def match_of(self, image_id: int, level: Level, id_: int) -> Match | None:
        """What became of a unit or a hair of one of the two; None where nothing is known of it."""
        if self.matching is None or not self.has(image_id):
            return None
        matching, is_baseline = self.matching, image_id == self.ids.baseline_image_id
        return (matching.by_baseline if is_baseline else matching.by_followup).get((level, id_))
