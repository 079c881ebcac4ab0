"""A report from an open study to its files, as the command and the window both make it."""

from pathlib import Path
from typing import TYPE_CHECKING

from analysis.progress import Report as Progress
from analysis.progress import part_of, silent
from workstation.report.building import build_report
from workstation.report.subject_page import build_subject_report
from workstation.report.writing import check_ending, write_figures, write_report
from workstation.trial.analysing import analyse
from workstation.trial.results import Basis

if TYPE_CHECKING:
    from workstation.session import Session

ANALYSIS_SHARE, BUILDING_SHARE = 0.3, 0.4
"""Of the time that a report takes; the rest is writing."""


def make_report(
    session: "Session",
    path: Path,
    *,
    subject: str = "",
    figures: Path | None = None,
    basis: Basis = Basis.OWN,
    progress: Progress = silent,
) -> list[Path]:
    """Analyse the trial and write its report.

    Args:
        session: the open study.
        path: the file; its ending says whether as PDF or HTML.
        subject: the code of the one whom a page in plain words is for; empty: the whole trial's report.
        figures: a folder that also gets every figure, as SVG and PNG.
        basis: the fields on which endpoints are compared.
        progress: told of how it goes; may cancel.

    Returns:
        The files written, the report first.

    Raises:
        UserFacingError: if there is no such subject, or something cannot be read or written.
        Cancelled: if the progress asks for it.
    """
    check_ending(path)
    progress("statistics", 0.0)
    analysis = analyse(session.study, basis)
    building = part_of(progress, ANALYSIS_SHARE, BUILDING_SHARE)
    if subject:
        made = build_subject_report(session, analysis, subject, building)
    else:
        made = build_report(session, analysis, building)
    progress("writing", ANALYSIS_SHARE + BUILDING_SHARE)
    write_report(path, made)
    return [path, *([] if figures is None else write_figures(figures, made))]
