"""Which images of a study go into a work file, as somebody names them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from workstation.errors import UserFacingError
from workstation.file_names import folded
from workstation.image_names import image_names, stem_of
from workstation.model.study import Study


@dataclass(frozen=True, slots=True)
class Choice:
    """Names of what is wanted; of a kind of which none is given, everything."""

    subjects: tuple[str, ...] = ()
    visits: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    """As in the tables' column `image`, with or without the ending."""


def chosen_images(study: Study, choice: Choice) -> tuple[int, ...]:
    """The images that a choice means, by their ids.

    Raises:
        UserFacingError: if a name is not the study's, or no image has all that is wanted.
    """
    names = image_names(study)
    told: dict[int, tuple[Collection[str], ...]] = {}
    for image_id, image in study.images.items():
        visit = study.visits[image.visit_id]
        called = {folded(names[image_id]), folded(stem_of(names[image_id]))}
        told[image_id] = ({folded(visit.subject)}, {folded(visit.name)}, {folded(image.site)}, called)
    wanted = (choice.subjects, choice.visits, choice.sites, choice.images)
    found = set(told)
    for place, (kind, given) in enumerate(zip(("subject", "visit", "site", "image"), wanted, strict=True)):
        known = {text for texts in told.values() for text in texts[place]}
        _refuse_unknown(kind, given, known)
        if given:
            asked = {folded(text) for text in given}
            found &= {image_id for image_id, texts in told.items() if asked & set(texts[place])}
    if not found:
        raise UserFacingError("no image is of all that was asked for", remedy="Ask for less at once.")
    return tuple(sorted(found))


def _refuse_unknown(kind: str, given: Iterable[str], known: Collection[str]) -> None:
    if unknown := [text for text in given if folded(text) not in known]:
        raise UserFacingError(f"the study has no {kind} {unknown[0]!r}", remedy="Check the spelling.")
