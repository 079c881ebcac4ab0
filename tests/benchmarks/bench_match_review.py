"""How quickly a large pair is reviewed: frames with matches over both images, from one unit to the next, edits."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from analysis.registration.result import Registration, Verdict
from analysis.synthetic import large_pair
from tests.benchmarks.bench_compare import true_warp
from tests.benchmarks.bench_edits import own_home
from tests.benchmarks.bench_view import FRAMES, PAIR, READER, _Window, _window
from tests.benchmarks.figure import Figure
from tests.benchmarks.large_study import write_study
from workstation import edits
from workstation.model.pair import RegistrationRecord
from workstation.session import open_study

if TYPE_CHECKING:
    from ui.matching.match_review import MatchReview
    from ui.matching.matches import Matches

SECTION = "Match review"
SIZE = (1920, 1080)
FRAME, ANSWER = "≤ 16 ms", "≤ 100 ms"
N_STEPS = 40


def figures() -> list[Figure]:
    """Frames, steps and edits of a registered 12-MP pair."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    first, later = large_pair(1)
    with tempfile.TemporaryDirectory() as folder, own_home(Path(folder) / "home"):
        path = write_study(Path(folder), [first, later.phantom])
        with open_study(path, READER) as session, _window(session, PAIR, SIZE) as window:
            warp = true_warp(later, first.truth.size_px)
            result = Registration(warp, Verdict.GOOD, "known to be so", 10.0, 500, 0.9, 1.0)
            record = RegistrationRecord(result, 1, 2, 0, "", "2026-01-02T03:04:05Z")
            return list(_measured(window, record))


def _measured(window: _Window, record: RegistrationRecord) -> Iterator[Figure]:
    from ui.keys import Context
    from ui.matching.match_review import MatchReview
    from ui.matching.matches import Matches
    from ui.matching.overlay import MatchOverlay
    from ui.pointing import Target, TargetKind

    workspace = window.workspace
    matches = Matches(workspace)
    review = MatchReview(workspace, matches)
    MatchOverlay(workspace, matches, window.views)
    workspace.commit_study(lambda study: edits.add_registration(study, *PAIR, record))
    took_s, still_s = _until_matched(window, matches)
    assert matches.current is not None
    assert matches.current.matching is not None
    units = matches.current.matching.units
    note = f"{len(units):,} units, {len(matches.current.matching.hairs):,} hairs"
    yield Figure(SECTION, "match the pair", took_s, "s", "≤ 2 s", note)
    yield Figure(SECTION, "longest stand-still meanwhile", 1e3 * still_s, "ms", ANSWER)
    for where, scale in (("at fit", None), ("at 1:1", 1.0)):
        seconds = []
        for context in (Context.HAIRS, Context.MATCHES):
            workspace.set_reviewing(context)
            window.look(scale)
            seconds.append(_frames(window, lambda i: window.first.pan_by(*_step(i))))
        ratio = f"{np.median(seconds[1]) / np.median(seconds[0]):.1f} × without"
        yield _figure(f"pan {where} with matches", seconds[1], FRAME, ratio)
    kept = [m.baseline_id for m in units if m.baseline_id and m.followup_id]

    def point(i: int) -> None:
        workspace.set_hover(Target(1, TargetKind.UNIT, kept[i % len(kept)] or 0))

    yield _figure("point at a unit, its partner stands out", _frames(window, point), FRAME)
    workspace.set_hover(None)
    yield from _steps(window, review, matches)
    matches.shutdown()


def _steps(window: _Window, review: "MatchReview", matches: "Matches") -> Iterator[Figure]:
    from workstation.match_review import Answer

    yield _figure("go to the next unit, until it begins to glide", _answers(window, lambda _: review.next()), ANSWER)
    decided = _answers(window, lambda _: review.answer(Answer.CONFIRM))
    yield _figure("confirm and go on, until it begins to glide", decided, ANSWER)
    _until_matched(window, matches)
    start = time.perf_counter()
    window.workspace.commit(2, lambda read: edits.delete_hairs(read, [next(iter(read.hairs))]))
    window.views.repaint()
    answered = time.perf_counter() - start
    yield Figure(SECTION, "delete a hair with matches shown, until it is drawn", 1e3 * answered, "ms", ANSWER)
    took_s, still_s = _until_matched(window, matches)
    yield Figure(SECTION, "matched anew after an edit", took_s, "s", "≤ 2 s", "in the background")
    yield Figure(SECTION, "longest stand-still meanwhile", 1e3 * still_s, "ms", ANSWER)


def _answers(window: _Window, act: Callable[[int], object]) -> list[float]:
    seconds = []
    for i in range(N_STEPS):
        start = time.perf_counter()
        act(i)
        window.app.processEvents()
        seconds.append(time.perf_counter() - start)
        window.settle()
    return seconds


def _until_matched(window: _Window, matches: "Matches") -> tuple[float, float]:
    """Seconds until nothing is pending, and the longest that one turn of the main loop took."""
    start = last = time.perf_counter()
    longest = 0.0
    while matches.current is None or matches.current.matching is None or matches.current.pending:
        window.app.processEvents()
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
        time.sleep(0.001)
    window.views.repaint()
    now = time.perf_counter()
    return now - start, max(longest, now - last)


def _frames(window: _Window, move: Callable[[int], object]) -> list[float]:
    seconds = []
    for i in range(FRAMES):
        start = time.perf_counter()
        move(i)
        window.views.repaint()
        seconds.append(time.perf_counter() - start)
    return seconds


def _step(i: int) -> tuple[int, int]:
    return (7, 3) if i % 20 < 10 else (-7, -3)


def _figure(name: str, seconds: list[float], goal: str = "", note: str = "") -> Figure:
    tail = f"95th percentile {np.percentile(seconds, 95) * 1e3:.1f} ms"
    return Figure(SECTION, name, float(np.median(seconds)) * 1e3, "ms", goal, f"{note}; {tail}".lstrip("; "))
