"""A trial to build on: subjects with images at several weeks, each with as many hairs and units as are asked for."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from workstation.model.study import Subject, Visit
from workstation.model.trial import Item, Questionnaire, Response

DATES = {0: "2026-01-05", 4: "2026-02-02", 6: "2026-02-16", 12: "2026-03-30"}
"""The planned days of a baseline on the first of them."""
BEFORE, AFTER = (60, 64, 70, 58, 81, 75), (66, 66, 79, 61, 88, 80)
TRIAL = {f"S0{k}": {0: b, 12: a} for k, (b, a) in enumerate(zip(BEFORE, AFTER, strict=True), 1)}
RECOMMEND = Questionnaire(
    "recommend",
    "Would recommend",
    (Item("r1", "Would you recommend it?"),),
    tuple((n, str(n)) for n in range(1, 6)),
    positive_from=4.0,
)


def read_with(n_units, *, id_, image_id, width_px=5.0, hairs_per_unit=1):
    """A read of one square centimetre with so many units; at 10 µm/px, a width of 5 px is 50 µm."""
    hairs = []
    for k in range(n_units):
        for h in range(hairs_per_unit):
            x, y = 50 + 90 * (k % 10) + 6 * h, 50 + 90 * (k // 10)
            hairs.append(make_hair(len(hairs) + 1, 1000 + k, [[x, y], [x, y + 20]], width_px))
    return make_read(hairs, id_=id_, image_id=image_id)


def trial_of(units: Mapping[str, Mapping[float, int | Mapping[str, int]]], *, arms=None, dated=True, **more):
    """A study of subjects by code: at each week the number of units in one image, or by site.

    Visits, images and reads are numbered from 1 as they come; None for a number: the image has no read.
    """
    visits, images, reads = [], [], []
    for subject, at in units.items():
        for week, found in at.items():
            date = DATES.get(week, "") if dated else ""
            visits.append(Visit(len(visits) + 1, subject, f"week {week:g}", float(week), date))
            for site, n in (found if isinstance(found, Mapping) else {"vertex": found}).items():
                image_id = len(images) + 1
                images.append(make_image(image_id, len(visits), f"{subject}-{week:g}-{site}.png", site=site))
                if n is not None:
                    reads.append(read_with(n, id_=100 + image_id, image_id=image_id))
    study = make_study(reads, images, visits, **more)
    arms = arms or {}
    people = {code: Subject(code, arm=arms.get(code, "")) for code in units}
    return replace(study, subjects=MappingProxyType(people))


def with_image(study, image_id, **changes):
    """The study with one image changed."""
    images = {**study.images, image_id: replace(study.images[image_id], **changes)}
    return replace(study, images=MappingProxyType(images))


def table_of(tables, name):
    """The table of a named outcome."""
    return next(table for table in tables if table.outcome.name == name)


def answered(study, answers):
    """The study with answers from 1 to 5, by visit."""
    responses = {
        i: Response(i, visit, "recommend", {"r1": answer}) for i, (visit, answer) in enumerate(answers.items(), 1)
    }
    return replace(
        study, questionnaires=MappingProxyType({"recommend": RECOMMEND}), responses=MappingProxyType(responses)
    )
