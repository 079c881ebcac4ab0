"""What can be done with a visit of the overview, or with its subject."""

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtWidgets import QMenu, QWidget

from workstation.model.study import Study
from workstation.pairing import baseline_image_of, visits_of
from workstation.trial.overview import Cell, Progress

Open = Callable[[tuple[int, ...]], object]


@dataclass(frozen=True, slots=True)
class Deeds:
    """What the window does when it is asked to."""

    open: Open
    detect: Callable[[tuple[int, ...]], object]
    subject: Callable[[str, int | None], object]
    """Of this code, and the visit that it is about."""
    answers: Callable[[str, int | None], object]
    event: Callable[[str], object]
    can_edit: Callable[[], bool] = field(default=lambda: True)


def with_baseline(study: Study, image_id: int) -> tuple[int, ...]:
    """An image beside that of its area's first visit; alone where it is of that visit."""
    return tuple(dict.fromkeys((baseline_image_of(study, image_id), image_id)))


def with_visit_before(study: Study, image_id: int) -> tuple[int, ...]:
    """An image beside that of the visit before; alone where there is none."""
    visits = [study.images[i].visit_id for i in visits_of(study, image_id)]
    place = visits.index(study.images[image_id].visit_id)
    return (visits_of(study, image_id)[place - 1], image_id) if place else (image_id,)


def cell_menu(parent: QWidget, study: Study, subject: str, cell: Cell, deeds: Deeds) -> QMenu:
    """A menu for one visit, to be shown by the caller and deleted when it closes."""
    menu = QMenu(parent)
    menu.setObjectName("overview.menu")
    menu.setAccessibleName("What can be done here")
    for site in cell.sites:
        image_id = site.image_ids[0]
        of_site = menu if len(cell.sites) == 1 else menu.addMenu(f"Open {_plain(site.name)}")
        _add_ways(of_site, study, image_id, deeds.open)
    undetected = tuple(i for site in cell.sites if site.progress is Progress.NOT_DETECTED for i in site.image_ids)
    if undetected and deeds.can_edit():
        menu.addSeparator()
        menu.addAction("&Detect hairs").triggered.connect(lambda: deeds.detect(undetected))
    if cell.sites:
        menu.addSeparator()
    visit_id = cell.visit_ids[0] if cell.visit_ids else None
    _add_subject(menu, subject, visit_id, deeds)
    return menu


def _add_ways(menu: QMenu, study: Study, image_id: int, open_images: Open) -> None:
    first, before = with_baseline(study, image_id), with_visit_before(study, image_id)
    if len(first) > 1:
        menu.addAction("&Beside the baseline\tEnter").triggered.connect(lambda: open_images(first))
    if len(before) > 1 and before != first:
        menu.addAction("Beside the &visit before").triggered.connect(lambda: open_images(before))
    menu.addAction("This visit &alone").triggered.connect(lambda: open_images((image_id,)))


def _add_subject(menu: QMenu, subject: str, visit_id: int | None, deeds: Deeds) -> None:
    menu.addAction(f"&Subject {_plain(subject)} and visits…").triggered.connect(
        lambda: deeds.subject(subject, visit_id)
    )
    menu.addAction("&Questionnaires…").triggered.connect(lambda: deeds.answers(subject, visit_id))
    menu.addAction("Adverse &events…").triggered.connect(lambda: deeds.event(subject))


def _plain(name: str) -> str:
    """A name of the study as a menu shows it: no letter of it is a key."""
    return name.replace("&", "&&")
