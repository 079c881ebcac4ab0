"""One page for one subject: photographs before and after, four numbers, in plain words and without a promise."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.matching.change import Change
from analysis.progress import Report as Progress
from analysis.progress import silent
from workstation.changes import change_of
from workstation.counting import counted
from workstation.errors import UserFacingError
from workstation.model.read import ReadState
from workstation.pairing import pair_between
from workstation.pictures.canvas import Pixels
from workstation.report.before_after import before_after, single
from workstation.report.building import material_of
from workstation.report.document import (
    Block,
    Bullets,
    Heading,
    Paragraph,
    Picture,
    Report,
    SideBySide,
    Tile,
    Tiles,
    Tone,
)
from workstation.report.material import Material, values_of
from workstation.report.rendering import jpeg_of
from workstation.trial.results import Analysis
from workstation.trial.schedule import BASELINE, day_of
from workstation.trial.wording import NO_VALUE, listed, number
from workstation.version import software_version

if TYPE_CHECKING:
    from workstation.session import Session

COUNT_ERROR_PERCENT = {True: 9.0, False: 12.0}
"""What two independent counts may differ by though nothing changed: corrected by hand, and by the program alone.

Source: Bokhari et al., Skin Appendage Disord. 8 (2022) 382, the upper end of what is given there.
"""
CHECKED = frozenset({ReadState.SUBMITTED, ReadState.ACCEPTED, ReadState.SIGNED})
"""Of these reads a person went over all hairs; one that is still in review is partly the program's."""
PICTURE_PX = 1300
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
TITLES = {
    "hair_density_per_cm2": ("Hairs on one square centimetre", "hairs"),
    "fu_density_per_cm2": ("Places on it from which hairs grow", "places"),
    "mean_hair_width_um": ("Average thickness of a hair", "thousandths of a millimetre"),
    "sum_hair_width_mm_per_cm2": ("All its hairs laid side by side", "millimetres"),
}
"""The four numbers, and their units in plain words."""


@dataclass(frozen=True, slots=True)
class Span:
    """The visits that a page is about."""

    subject: str
    before: float
    """The week of the first one."""
    after: float | None
    """The week of the later one; None where there is none."""


def build_subject_report(session: "Session", analysis: Analysis, subject: str, progress: Progress = silent) -> Report:
    """The page of one subject.

    Args:
        session: the open study.
        analysis: of this study.
        subject: the code.
        progress: told of how far it is; may cancel.

    Raises:
        UserFacingError: if there is no such subject, or nothing was measured of it.
    """
    material = material_of(session, analysis)
    span = span_of(material, subject)
    progress("pictures", 0.1)
    blocks = [*_opening(material, span), *_pictures(material, span)]
    progress("numbers", 0.8)
    blocks += [*_numbers(material, span), *_meaning(material, span)]
    footer = f"{material.title} · subject {subject} · trichodesk {software_version()} · {material.made_utc[:10]}"
    title = "Your hair: before and after" if span.after is not None else "Your hair: the first visit"
    return Report(title, f"{material.title}: subject {subject}", footer, tuple(blocks), has_contents=False)


def span_of(material: Material, subject: str) -> Span:
    """The visits to compare: the baseline, and the primary week or else the latest.

    Raises:
        UserFacingError: if there is no such subject, or nothing was measured of it.
    """
    known = sorted(material.study.subjects)
    if subject not in known:
        raise UserFacingError(
            f"there is no subject {subject!r} in the study",
            file=material.study_name,
            remedy=f"There are {listed(known)}.",
        )
    weeks = {week for name in TITLES if name in material.tables for week in values_of(material.tables[name], subject)}
    if not weeks:
        raise UserFacingError(
            f"nothing was measured of subject {subject} yet", file=material.study_name,
            remedy="Its images need hairs and a scale first.",
        )  # fmt: skip
    later = [week for week in weeks if week > BASELINE]
    primary = material.analysis.plan.primary_week
    if BASELINE not in weeks:
        return Span(subject, min(weeks), max(weeks) if len(weeks) > 1 else None)
    return Span(subject, BASELINE, primary if primary in later else max(later, default=None))


def _opening(material: Material, span: Span) -> list[Block]:
    first = _day(material, span.subject, span.before)
    begun = f", taken on {first}" if first else ""
    if span.after is None:
        said = (
            f"This page shows a picture of a small area of your scalp{begun}, and what was counted on it. So far there "
            "is one visit, so nothing can be compared yet."
        )
    else:
        later = _day(material, span.subject, span.after)
        said = (
            f"This page shows one small area of your scalp{begun}, and again {_weeks(span.after - span.before)} later"
            f"{f', on {later}' if later else ''}; and what was counted on both pictures."
        )
    return [Paragraph(said)]


def _pictures(material: Material, span: Span) -> list[Block]:
    chosen = _images(material, span)
    if not chosen:
        return [Paragraph("There is no pair of pictures of one area to show.", Tone.NOTE)]
    site = material.study.images[chosen[0]].site
    weeks = [week for week in (span.before, span.after) if week is not None]
    names = [", ".join(filter(None, (_visit(at), _day(material, span.subject, at), site))) for at in weeks]
    try:
        if len(chosen) == 1:
            return [SideBySide((_picture("before", single(material, chosen[0]), names[0]),))]
        both = before_after(material, *chosen)
    except UserFacingError as error:
        # a folder on somebody's computer is nothing for the subject
        which = "" if error.file is None else f"{error.file.name}: "
        return [Paragraph(f"The pictures cannot be shown: {which}{error.what}.", Tone.NOTE)]
    pictures = (_picture("before", both.before, names[0]), _picture("after", both.after, names[1]))
    same = (
        "Both pictures show the same piece of skin, turned and cut alike."
        if both.same_skin
        else "The two pictures were not laid over each other: they may not show quite the same piece of skin."
    )
    return [SideBySide(pictures), Paragraph(same, Tone.NOTE)]


def _images(material: Material, span: Span) -> tuple[int, ...]:
    """An image of each visit, of the first site that was seen at both; the control site is left for last."""
    before = material.images_at(span.subject, span.before)
    after = () if span.after is None else material.images_at(span.subject, span.after)
    control = material.study.plan.control_site
    images = material.study.images
    ordered = sorted(before, key=lambda i: (bool(control) and images[i].site == control, images[i].site, i))
    if span.after is None:
        return tuple(ordered[:1])
    for image_id in ordered:
        same = [other for other in after if images[other].site == images[image_id].site]
        if same:
            return image_id, same[0]
    return ()


def _picture(name: str, pixels: Pixels, said: str) -> Picture:
    jpeg, size_px = jpeg_of(pixels, PICTURE_PX)
    return Picture(name, jpeg, size_px, said, f"Photograph of the scalp. {said}.")


def _numbers(material: Material, span: Span) -> list[Block]:
    limit = COUNT_ERROR_PERCENT[_by_hand(material, span)]
    return [Tiles(tuple(_tile(material, span, name, limit) for name in TITLES))]


def _tile(material: Material, span: Span, name: str, limit_percent: float) -> Tile:
    title, unit = TITLES[name]
    table = material.tables.get(name)
    values = {} if table is None else values_of(table, span.subject)
    digits = {"mean_hair_width_um": 0, "sum_hair_width_mm_per_cm2": 1}.get(name, 0)
    before = values.get(span.before, math.nan)
    if span.after is None:
        return Tile(title, number(before, digits), unit, "")
    after = values.get(span.after, math.nan)
    if not (math.isfinite(before) and math.isfinite(after)):
        return Tile(title, NO_VALUE, "", "This could not be measured at both visits.")
    change = 100 * (after - before) / before if before else math.nan
    # how far two measurements of a width may differ is not known as that of counts is
    said = "" if name == "mean_hair_width_um" else _in_words(change, limit_percent)
    return Tile(title, f"{number(before, digits)} → {number(after, digits)}", unit, said)


def _in_words(change_percent: float, limit_percent: float) -> str:
    """What a change is, next to what measuring alone may do."""
    if not math.isfinite(change_percent):
        return ""
    size = f"{number(abs(change_percent), 0)} %"
    if abs(change_percent) < limit_percent:
        much = (
            "no difference" if round(abs(change_percent)) == 0 else f"{size} {'more' if change_percent > 0 else 'less'}"
        )
        return f"{much}: measuring twice may differ as much"
    return f"{size} {'more' if change_percent > 0 else 'less'}: measuring twice seldom differs as much"


def _meaning(material: Material, span: Span) -> list[Block]:
    limit = COUNT_ERROR_PERCENT[_by_hand(material, span)]
    said = [
        "One square centimetre is about the size of a fingernail. One to five hairs grow from one place on the skin.",
        "Laid side by side: how wide a ribbon all hairs of that square centimetre would make. It grows when there are "
        "more hairs, and when they are thicker.",
        f"No measurement is exact. Counting the same area twice gives results that differ by up to about {limit:g} %, "
        f"although nothing has changed; so smaller differences should not be relied on.{_unchecked(material, span)}",
    ]
    if followed := _followed(material, span):
        said.append(followed)
    if (n_areas := _n_areas(material, span)) > 1:
        said.append(f"The numbers are averages of {n_areas} areas; the pictures show one of them.")
    closing = (
        "The figures are about one small area of your scalp. They do not tell why something changed or stayed as it "
        "was, nor how it will go on. Please ask the study team what they mean for you."
    )
    return [
        Heading("What the numbers mean"),
        Bullets(tuple(said)),
        Paragraph(closing),
        Paragraph(_sources(material, span), Tone.NOTE),
    ]


def _n_areas(material: Material, span: Span) -> int:
    """How many sites the numbers are averages of."""
    images = {material.study.reads[read_id].image_id for read_id in _reads(material, span)}
    return len({material.study.images[image_id].site for image_id in images})


def _followed(material: Material, span: Span) -> str:
    """What became of the places, where both pictures were matched."""
    chosen = _images(material, span)
    pair = pair_between(material.study, *chosen) if len(chosen) == 2 else None
    counts = None if pair is None else change_of(material.study, pair).counts
    if not isinstance(counts, Change):
        return ""
    units = counts.units
    kept = f"{counted(units.kept, 'place')} with hairs {'was' if units.kept == 1 else 'were'} found again"
    new = f"{units.new} {'is' if units.new == 1 else 'are'} new"
    lost = f"{units.lost} {'was' if units.lost == 1 else 'were'} not found again"
    return (
        f"On the skin that both pictures show, {kept}, {new}, and {lost}. Hair falls out and grows again all the time, "
        "so some of each is to be expected."
    )


def _by_hand(material: Material, span: Span) -> bool:
    """Whether a person went over all reads that the numbers come from."""
    reads = _reads(material, span)
    return bool(reads) and all(material.study.reads[i].review.state in CHECKED for i in reads)


def _unchecked(material: Material, span: Span) -> str:
    """That hairs of the page are the program's own, where they are."""
    states = {material.study.reads[i].review.state for i in _reads(material, span)}
    if states <= CHECKED:
        return ""
    who = "nobody has checked them" if states == {ReadState.DETECTED} else "not all of them have been checked"
    return f" These hairs were counted by the program, and {who} yet."


def _reads(material: Material, span: Span) -> list[int]:
    weeks = [week for week in (span.before, span.after) if week is not None]
    found = {
        read
        for name in TITLES if name in material.tables
        for week in weeks
        for read in material.tables[name].read_ids.get((span.subject, week), ())
    }  # fmt: skip
    return sorted(found)


def _sources(material: Material, span: Span) -> str:
    reads = [material.study.reads[i] for i in _reads(material, span)]
    named = ", ".join(f"{material.names[r.image_id]} (read {r.id}, {r.reader}, {r.review.state.value})" for r in reads)
    return f"Measured on: {named}."


def _visit(week: float) -> str:
    if week == BASELINE:
        return "Before"
    return f"After {_weeks(week)}" if week > BASELINE else f"{_weeks(-week)} before"


def _weeks(number_of: float) -> str:
    return f"{number_of:g} week{'' if number_of == 1 else 's'}"


def _day(material: Material, subject: str, week: float) -> str:
    """The day of a visit: `3 February 2026`; empty where it is not known."""
    for visit in material.study.visits.values():
        if visit.subject == subject and material.week_of_visit.get(visit.id) == week and (day := day_of(visit)):
            return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return ""
