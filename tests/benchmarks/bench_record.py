"""The record: how quickly the page opens with 100,000 rows, how quickly a read is shown as it was 5,000 edits ago."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from tests.benchmarks.figure import Figure
from tests.workstation.small_study import make_image, make_study
from tests.workstation.storage.studies import read
from workstation import edits
from workstation.entry import Action, Entry
from workstation.model.hair import Status
from workstation.model.patch import Patch, apply
from workstation.model.study import Study
from workstation.record.as_it_was import history_of, study_as_it_was
from workstation.record.filtering import Wanted, matching
from workstation.record.rows import record_of
from workstation.storage.audit import AuditRow, genesis, row_of
from workstation.storage.creation import creation_of

R = TypeVar("R")
N_EDITS, N_ROWS, N_IMAGES = 5_000, 100_000, 10_000


def figures() -> list[Figure]:
    """What this file measures."""
    study, rows = _worked()
    many = _repeated(rows)
    record_s, record = _seconds(lambda: record_of(study, many))
    filter_s, _ = _seconds(lambda: matching(record, Wanted(by="Zoë", group="hairs and units")))
    search_s, _ = _seconds(lambda: matching(record, Wanted(text="hair 17")))
    history_s, history = _seconds(lambda: history_of(study, rows, 3))
    state_s, _ = _seconds(lambda: history.state(0))
    study_s, _ = _seconds(lambda: study_as_it_was(study, rows, 0))
    large = make_study([], [make_image(i) for i in range(1, N_IMAGES + 1)])
    creation_s, _ = _seconds(lambda: creation_of(large))
    return [
        Figure("Record", "record of 100,000 rows put together (off the main thread)", record_s, "s", "< 5"),
        Figure("Record", "record page opened with 100,000 rows, on the main thread", _page_s(record), "s", "< 0.5"),
        Figure("Record", "100,000 rows filtered by person and kind", filter_s, "s", "< 0.3"),
        Figure("Record", "100,000 rows searched for words, first time", search_s, "s", "< 1"),
        Figure("Record", "history of a read of 5,000 edits read", history_s, "s", "< 2"),
        Figure("Record", "that read as it was 5,000 edits ago", state_s, "s", "< 0.1"),
        Figure("Record", "study as it was 5,000 edits ago", study_s, "s", "< 2"),
        Figure("Record", "digest of a new study of 10,000 images", creation_s, "s", "< 2"),
    ]


def _worked() -> tuple[Study, list[AuditRow]]:
    """A study of one read of 300 hairs, and 5,000 edits of it."""
    start = make_study([], [replace(make_image(), width_px=4000, height_px=3000)])
    study = replace(start, reads=MappingProxyType({3: read(3, 1, 300, 2, based_on=3)}))
    rows: list[AuditRow] = []
    head = genesis(study.id)
    for k in range(N_EDITS):
        patch = _edit(study, k)
        row, _ = row_of(
            Entry(k + 1, f"2026-02-03T10:{k // 60 % 60:02}:{k % 60:02}.000Z", "Zoë", Action.DO, patch), head
        )
        study, head = apply(study, patch), row.sha256
        rows.append(row)
    return study, rows


def _edit(study: Study, k: int) -> Patch:
    now, hair_id = study.reads[3], 1 + k % 300
    if k % 3 == 0:
        return edits.set_width(now, [hair_id], 4.0 + k % 97 / 10)
    if k % 3 == 1:
        return edits.comment_hairs(now, [hair_id], f"seen {k}")
    rejected = now.hairs[hair_id].status is Status.REJECTED
    return edits.set_status(now, [hair_id], Status.ACCEPTED if rejected else Status.REJECTED)


def _repeated(rows: list[AuditRow]) -> list[AuditRow]:
    return [replace(rows[k % len(rows)], seq=k + 1) for k in range(N_ROWS)]


def _page_s(record: object) -> float:
    """Seconds until the table, its filters and the first row's details are shown."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from ui.background import Background
    from ui.record.page import RecordPage
    from ui.workspace import Workspace
    from workstation.record.rows import Record
    from workstation.settings import Settings

    app = QApplication.instance() or QApplication([])
    background = Background()
    page = RecordPage(Workspace(Settings()), background)
    page.resize(1400, 850)
    page.show()
    app.processEvents()
    assert isinstance(record, Record)
    began = time.perf_counter()
    page.show_record(record)
    app.processEvents()
    page.grab()
    took = time.perf_counter() - began
    background.shutdown()
    page.deleteLater()
    return took


def _seconds(work: Callable[[], R]) -> tuple[float, R]:
    began = time.perf_counter()
    done = work()
    return time.perf_counter() - began, done
