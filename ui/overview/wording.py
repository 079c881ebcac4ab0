"""What the overview says of subjects and visits, in few words and in whole ones."""

from ui.panels.figures import counted
from workstation.model.study import Subject
from workstation.trial.overview import Cell, Column, Progress, Timing

SIGNS = {
    Progress.NOT_DETECTED: "○",
    Progress.DETECTED: "◔",
    Progress.IN_REVIEW: "◑",
    Progress.RETURNED: "↩",
    Progress.SUBMITTED: "◕",
    Progress.ACCEPTED: "●",
    Progress.SIGNED: "◉",
}
"""The fuller, the further: as beside the names of visits."""
WORDS = {
    Progress.NO_VISIT: "no visit",
    Progress.NO_IMAGE: "no image",
    Progress.NOT_DETECTED: "not detected",
    Progress.DETECTED: "detected",
    Progress.IN_REVIEW: "in review",
    Progress.RETURNED: "returned",
    Progress.SUBMITTED: "submitted",
    Progress.ACCEPTED: "accepted",
    Progress.SIGNED: "signed",
}


def who(subject: Subject) -> str:
    """`female · 34`; what is not known is left out."""
    return " · ".join(part for part in (subject.sex, "" if subject.age is None else f"{subject.age:g}") if part)


def grade_and_arm(subject: Subject) -> str:
    """`Norwood III · serum`; what is not known is left out."""
    return " · ".join(part for part in (subject.grade, subject.arm) if part)


def subject_line(subject: Subject) -> str:
    """`female · 34 · Norwood III · serum`."""
    return " · ".join(part for part in (who(subject), grade_and_arm(subject)) if part)


def timing_text(cell: Cell) -> str:
    """`on time`, `5 days late`; empty for a baseline."""
    match cell.timing:
        case Timing.BASELINE:
            return ""
        case Timing.EARLY | Timing.LATE if cell.days_off is not None:
            return f"{counted(abs(cell.days_off), 'day')} {cell.timing}"
    return str(cell.timing)


def count_text(cell: Cell) -> str:
    """`2 sites`, `2 sites, 3 images`; empty for one image."""
    n_images, n_sites = len(cell.image_ids), len(cell.sites)
    if n_images < 2:
        return ""
    images = counted(n_images, "image")
    return images if n_sites == 1 else counted(n_sites, "site") if n_images == n_sites else f"{n_sites} sites, {images}"


def sentences(subject: Subject, column: Column, cell: Cell) -> list[str]:
    """All that is to be said of a visit, a line each."""
    lines = [f"{subject.id}, {column.title[:1].lower()}{column.title[1:]}"]
    if cell.timing is Timing.MISSED:
        return [*lines, "Missed: a later visit was held."]
    if cell.progress is Progress.NO_VISIT:
        return [*lines, "No visit yet."]
    when = [cell.date or "day not known", *([timing_text(cell)] if cell.date and timing_text(cell) else [])]
    lines.append(", ".join(when))
    if not cell.sites:
        lines.append("No image: add one by File ▸ Add images.")
    for site in cell.sites:
        more = f", {counted(len(site.image_ids), 'image')}" if len(site.image_ids) > 1 else ""
        lines.append(f"{site.name}: {WORDS[site.progress]}{more}")
    lines += [f"{name}: no image" for name in cell.missing_sites]
    return lines + [f"⚠ {warning}" for warning in cell.warnings]


def summary(n_subjects: int, n_shown: int, cells: list[Cell]) -> str:
    """`10 subjects · 58 visits · 58 images, 12 of 58 visits submitted · 2 missed`."""
    visits = [cell for cell in cells if cell.progress is not Progress.NO_VISIT]
    n_images = sum(len(cell.image_ids) for cell in visits)
    n_missed = sum(cell.timing is Timing.MISSED for cell in cells)
    n_done = sum(cell.progress >= Progress.SUBMITTED for cell in visits)
    subjects = counted(n_subjects, "subject")
    parts = [subjects if n_shown == n_subjects else f"{n_shown} of {subjects}", counted(len(visits), "visit")]
    parts.append(counted(n_images, "image"))
    if visits:
        parts.append(f"{n_done} of {counted(len(visits), 'visit')} submitted")
    if n_missed:
        parts.append(f"{n_missed} missed")
    return "  ·  ".join(parts)
