"""Who took part, and who came when."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from workstation.model.study import Subject
from workstation.report.document import Block, Column, Heading, Row, Table
from workstation.report.material import Material
from workstation.trial.schedule import Attendance, Status, attendance, planned_visits
from workstation.trial.wording import NO_VALUE, group, number, week

SEXES = {"f": "women", "w": "women", "female": "women", "woman": "women", "m": "men", "male": "men", "man": "men"}
SEEN = (Status.ON_TIME, Status.EARLY, Status.LATE, Status.UNDATED)
Cells = Callable[[Sequence[Subject]], str]


def subjects(material: Material) -> list[Block]:
    """The table of subjects, and that of visits."""
    blocks: list[Block] = [Heading("Subjects"), _table_one(material)]
    came = attendance(material.study)
    if came:
        blocks.append(_attendance(material, came))
    return blocks


def _table_one(material: Material) -> Table:
    people = list(material.study.subjects.values())
    arms = list(dict.fromkeys(subject.arm for subject in people))
    columns: list[tuple[str, list[Subject]]] = [("all", people)]
    if len(arms) > 1:
        columns = [(group(arm), [s for s in people if s.arm == arm]) for arm in sorted(arms)] + columns
    parts: list[tuple[str, Cells]] = [("Subjects, n", lambda chosen: str(len(chosen)))]
    parts += _counted_parts(people, _sex, "Sex, n (%)")
    parts += [("Age in years, mean ± SD", _age), ("  range", _age_range)]
    parts += _counted_parts(people, lambda s: s.grade or "not recorded", "Grade, n (%)")
    parts += _site_parts(material)
    rows = tuple(
        Row((name, *("" if cells is _nothing else cells(chosen) for _, chosen in columns)))
        for name, cells in parts
    )  # fmt: skip
    head = (Column("", share=2.2), *(Column(name, is_number=True) for name, _ in columns))
    return Table(
        "Subjects",
        head,
        rows,
        ("SD: standard deviation. Percentages are of the subjects of the column.",),
        width=min(1.0, 0.4 + 0.18 * len(columns)),
    )


def _counted_parts(people: Sequence[Subject], value: Callable[[Subject], str], title: str) -> list[tuple[str, Cells]]:
    found = Counter(map(value, people))
    names = sorted(found, key=lambda name: (name == "not recorded", name))
    if names == ["not recorded"]:
        return [(title.removesuffix(", n (%)"), lambda _: "not recorded")]

    def share(name: str) -> Cells:
        return lambda chosen: _share(sum(value(subject) == name for subject in chosen), len(chosen))

    return [(title, _nothing), *((f"  {name}", share(name)) for name in names)]


def _site_parts(material: Material) -> list[tuple[str, Cells]]:
    sites: dict[str, set[str]] = {}
    for image in material.study.images.values():
        sites.setdefault(image.site, set()).add(material.study.visits[image.visit_id].subject)

    def share(seen: set[str]) -> Cells:
        return lambda chosen: _share(sum(subject.id in seen for subject in chosen), len(chosen))

    parts: list[tuple[str, Cells]] = [("Site, n (%)", _nothing)] if sites else []
    return [*parts, *((f"  {site or 'not named'}", share(seen)) for site, seen in sorted(sites.items()))]


def _attendance(material: Material, came: Sequence[Attendance]) -> Table:
    planned = {visit.week: visit for visit in planned_visits(material.study)}
    rows = []
    for at in sorted({one.week for one in came}):
        here = [one for one in came if one.week == at]
        off = [one.days_off for one in here if one.days_off is not None]
        window = planned[at]
        rows.append(
            Row((
                week(at).capitalize(),
                f"−{window.early_days} to +{window.late_days}",
                str(sum(one.status in SEEN for one in here)),
                *(str(sum(one.status is status for one in here)) for status in Status),
                _spread(off),
            ))
        )  # fmt: skip
    columns = (
        Column("visit", share=1.3), Column("window", "days", share=1.2), Column("seen", is_number=True),
        *(Column(status.value, is_number=True) for status in Status),
        Column("days off, median (range)", is_number=True, share=2.0),
    )  # fmt: skip
    notes = ("Days off: actual day less planned day, counted from the subject's baseline.",)
    return Table("Attendance by planned visit: number of subjects", columns, tuple(rows), notes)


def _spread(days: Iterable[int]) -> str:
    known = list(days)
    if not known:
        return NO_VALUE
    return f"{number(float(np.median(known)), 0)} ({number(min(known), 0)} to {number(max(known), 0)})"


def _sex(subject: Subject) -> str:
    return SEXES.get(subject.sex.strip().lower(), subject.sex.strip() or "not recorded")


def _age(chosen: Sequence[Subject]) -> str:
    ages = [subject.age for subject in chosen if subject.age is not None]
    if not ages:
        return NO_VALUE
    spread = f" ± {np.std(ages, ddof=1):.1f}" if len(ages) > 1 else ""
    unknown = f" (n = {len(ages)})" if len(ages) < len(chosen) else ""
    return f"{np.mean(ages):.1f}{spread}{unknown}"


def _age_range(chosen: Sequence[Subject]) -> str:
    ages = [subject.age for subject in chosen if subject.age is not None]
    return f"{min(ages):g} to {max(ages):g}" if ages else NO_VALUE


def _share(count: int, of: int) -> str:
    return f"{count} ({100 * count / of:.0f} %)" if of else "0"


def _nothing(_: Sequence[Subject]) -> str:
    return ""
