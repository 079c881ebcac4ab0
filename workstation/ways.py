"""How the pixels of one image lie to those of another, by the registrations that a study holds."""

from collections import deque
from dataclasses import dataclass

from analysis.registration.result import Verdict
from analysis.registration.way import Step, Way
from workstation.areas import area_of
from workstation.image_names import image_names
from workstation.model.pair import Pair
from workstation.model.study import Study


@dataclass(frozen=True, slots=True)
class Route:
    """A way from one image to another, and how far it can be relied on."""

    way: Way
    pairs: tuple[Pair, ...]
    """Whose registrations it takes, in order."""

    @property
    def verdict(self) -> Verdict:
        """Good where every registration on the way is."""
        return Verdict.GOOD if self.to_check is None else Verdict.CHECK

    @property
    def to_check(self) -> Pair | None:
        """The first pair on the way whose registration should be looked at; None where all are good."""
        return next((p for p in self.pairs if p.registration and p.registration.result.verdict is Verdict.CHECK), None)

    @property
    def reason(self) -> str:
        """Why the verdict is what it is; see `RegistrationRecord.because`."""
        told = self.to_check or self.pairs[0]
        return "" if told.registration is None else told.registration.because


def route_between(study: Study, image_id: int, other_id: int) -> Route | None:
    """The shortest way through registered pairs, as a rule one of them, or two by the baseline.

    Args:
        study: the study.
        image_id: where it begins.
        other_id: where it ends; another image.

    Returns:
        The route; None where there is none.
    """
    usable = [p for p in study.pairs.values() if p.registration is not None and p.registration.usable]
    ends: deque[tuple[int, Route]] = deque([(image_id, Route(Way(), ()))])
    seen = {image_id}
    while ends:
        at, route = ends.popleft()
        for pair in usable:
            if at not in pair.image_ids or pair.registration is None or pair.registration.result.warp is None:
                continue
            baseline, followup = pair.image_ids
            onward = followup if at == baseline else baseline
            if onward in seen:
                continue
            step = Step(pair.registration.result.warp, backwards=at == followup)
            longer = Route(route.way.then(Way((step,))), (*route.pairs, pair))
            if onward == other_id:
                return longer
            seen.add(onward)
            ends.append((onward, longer))
    return None


def why_no_route(study: Study, image_id: int, other_id: int) -> str:
    """Why there is no way between two images, in one plain sentence."""
    if area_of(study, image_id) != area_of(study, other_id):
        return "These images are not of the same subject and site."
    both = {image_id, other_id}
    tried = [p.registration for p in study.pairs.values() if p.registration and set(p.image_ids) == both]
    if tried:
        return f"The registration of these images failed: {tried[-1].because}."
    if nothing := [i for i in (image_id, other_id) if study.read_in_use(i) is None]:
        return f"Nothing was detected in {image_names(study)[nothing[0]]} yet."
    return "These images are not registered yet."
