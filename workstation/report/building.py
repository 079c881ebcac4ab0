"""The report of a trial, made from an open study and its analysis."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from analysis.progress import Report as Progress
from analysis.progress import silent
from workstation.clock import utc_seconds
from workstation.images import load_of
from workstation.model.study import ImageRecord
from workstation.pictures.canvas import Pixels
from workstation.report import (
    agreement,
    endpoints,
    events,
    hairs,
    methods,
    pairs,
    quality,
    questionnaires,
    record,
    signatures,
    sources,
    subjects,
    summary,
)
from workstation.report.document import Block, Heading, Report
from workstation.report.material import Material
from workstation.settings import load_settings
from workstation.trial.results import Analysis

if TYPE_CHECKING:
    from workstation.session import Session

CHAPTERS: tuple[tuple[str, Callable[[Material], list[Block]]], ...] = (
    ("summary", summary.head),
    ("summary", summary.summary),
    ("subjects", subjects.subjects),
    ("methods", methods.methods),
    ("results", endpoints.endpoints),
    ("hairs", hairs.hairs),
    ("questionnaires", questionnaires.questionnaires),
    ("adverse events", events.events),
    ("pairs", pairs.pairs),
    ("quality", quality.quality),
    ("agreement", agreement.agreement),
    ("signatures", signatures.signatures),
    ("record", record.record),
    ("missing data", sources.gaps),
    ("all visits", endpoints.all_visits),
    ("values", sources.values),
    ("images", sources.images),
)


def build_report(session: "Session", analysis: Analysis, progress: Progress = silent) -> Report:
    """The whole report.

    Args:
        session: the open study; images are read for the best and the worst matched pair alone.
        analysis: of this study.
        progress: told of every chapter; may cancel.
    """
    material = material_of(session, analysis)
    blocks: list[Block] = []
    for done, (name, chapter) in enumerate(CHAPTERS):
        progress(name, done / len(CHAPTERS))
        blocks += chapter(material)
    blocks = _with_appendices_apart(blocks)
    footer = f"{material.title} · trichodesk report · {material.made_utc[:10]}"
    return Report(material.title, "Report of a trial of hair growth", footer, tuple(blocks))


def _with_appendices_apart(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, the first appendix on a page of its own."""
    first = next((b for b in blocks if isinstance(b, Heading) and b.text.startswith("Appendix")), None)
    return [
        replace(block, new_page=True) if isinstance(block, Heading) and block is first else block for block in blocks
    ]


def material_of(session: "Session", analysis: Analysis) -> Material:
    """What chapters are made from, the state of this moment."""
    return Material(
        study=session.study,
        analysis=analysis,
        study_name=session.path.name,
        revision=session.document.history.last_seq,
        n_unsaved=session.n_unsaved,
        digest=session.state.digest,
        made_utc=utc_seconds(),
        doubtful_below=load_settings().doubtful_below,
        pixels_of=partial(_pixels, session),
        trail=session.trail,
    )


def _pixels(session: "Session", record: ImageRecord) -> Pixels:
    return load_of(session.path.parent, record, embedded=lambda image: session.image_file(image.id)).pixels
