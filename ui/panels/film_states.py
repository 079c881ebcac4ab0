"""What the film strip says of each visit of an area: against the first visit and against the one before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from analysis.matching.change import Change, NoChange
from ui.matching.matched_pair import MatchedPair, Stage
from ui.matching.wording import TITLES, stage_text
from ui.panels.figures import DASH, SPACE, counted, number
from ui.panels.titles import image_titles
from workstation.model.study import Study
from workstation.pairing import PairIds, visits_of

FEWEST_VISITS = 3
"""Two stand side by side anyway."""

MARKS: dict[Stage, tuple[str, str]] = {
    Stage.NO_READ: ("minus", "muted"),
    Stage.UNREGISTERED: ("unlinked", "muted"),
    Stage.FAILED: ("error", "danger"),
    Stage.CHECK: ("warning", "warn"),
    Stage.GOOD: ("tick", "muted"),
}
"""A sign and its colour for how far two images have come. What is good is quiet."""


@dataclass(frozen=True, slots=True)
class Since:
    """A visit against an earlier one."""

    image_id: int
    """The earlier visit's."""
    title: str
    stage: Stage
    figure: str
    """Net change of hairs, as a share: `+12 %`; a dash where there is none."""
    sentence: str
    """All that is to be said of it."""


@dataclass(frozen=True, slots=True)
class FilmState:
    """One visit in the strip."""

    image_id: int
    title: str
    first: Since | None
    """None for the first visit itself."""
    before: Since | None
    """None for the first two visits: against the one before is there against the first."""

    @property
    def sentence(self) -> str:
        """All that is to be said of the visit, a line each."""
        lines = [since.sentence for since in (self.first, self.before) if since is not None]
        return "\n".join([self.title, *(lines or ["The first visit: the others are compared with it."])])


def strip_images(study: Study, shown: Sequence[int]) -> tuple[int, ...]:
    """One image of each visit of the area that is shown, earliest first: of its visit an image that is shown.

    None where the area has too few visits for a strip.
    """
    if not shown:
        return ()
    by_visit = {study.images[i].visit_id: i for i in reversed(shown)}
    visits = visits_of(study, shown[0])
    images = tuple(by_visit.get(study.images[i].visit_id, i) for i in visits)
    return images if len(images) >= FEWEST_VISITS else ()


def film_states(
    study: Study,
    images: Sequence[int],
    pair_of: Callable[[PairIds], MatchedPair],
    change_of: Callable[[PairIds], Change | NoChange | None],
) -> tuple[FilmState, ...]:
    """What there is to say of visits.

    Args:
        study: the study.
        images: one of each visit, earliest first.
        pair_of: what is known of two images.
        change_of: what changed between two images; None where that is not known (yet).
    """
    titles = image_titles(study, images)

    def since(earlier: int, later: int) -> Since:
        ids = PairIds(earlier, later)
        pair, change = pair_of(ids), change_of(ids)
        more = _said(change) if change is not None else stage_text(pair)
        sentence = f"Since {titles[earlier]}: {TITLES[pair.stage].lower()}. {more}"
        return Since(earlier, titles[earlier], pair.stage, _figure(change), sentence)

    return tuple(
        FilmState(
            image_id,
            titles[image_id],
            None if place == 0 else since(images[0], image_id),
            None if place < 2 else since(images[place - 1], image_id),
        )
        for place, image_id in enumerate(images)
    )


def _figure(change: Change | NoChange | None) -> str:
    if not isinstance(change, Change) or change.hairs.net_share != change.hairs.net_share:
        return DASH
    return f"{number(100 * change.hairs.net_share, sign=True)}{SPACE}%"


def _said(change: Change | NoChange) -> str:
    if isinstance(change, NoChange):
        return change.reason
    hairs, units = change.hairs, change.units
    uncertain = f", {number(hairs.uncertain)} uncertain" if hairs.uncertain else ""
    net = f"{number(hairs.net, sign=True)}{SPACE}{'hair' if abs(hairs.net) == 1 else 'hairs'}"
    return (
        f"{net} in the common field ({counted(hairs.new, 'new hair')}, {number(hairs.lost)} lost, "
        f"{number(hairs.kept)} kept{uncertain}); units {number(units.net, sign=True)}."
    )
