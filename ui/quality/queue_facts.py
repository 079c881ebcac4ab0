"""What is said of one read beside the queue, and of all reads above it."""

import math
from collections import Counter

from ui.panels.figures import DASH, SPACE, counted, number
from workstation.clock import local_time
from workstation.model.read import FINISHED, ReadState
from workstation.model.study import Study
from workstation.permissions import may_decide
from workstation.quality.kinds import ReadKind
from workstation.quality.rows import ReadRow, edits_text, time_text


def summary(study: Study) -> str:
    """`3 wait for a decision · 2 with their readers · 5 accepted or signed`."""
    states = Counter(read.review.state for read in study.reads.values() if read.editable)
    waiting = states[ReadState.SUBMITTED]
    with_readers = states[ReadState.IN_REVIEW] + states[ReadState.RETURNED]
    parts = [
        f"{number(waiting)} {'waits' if waiting == 1 else 'wait'} for a decision",
        f"{number(with_readers)} with their readers",
        f"{number(states[ReadState.ACCEPTED] + states[ReadState.SIGNED])} accepted or signed",
    ]
    return " · ".join(parts) if states else ""


def title_of(row: ReadRow) -> str:
    """`S01 · Week 12 — Ada`."""
    return f"{row.image} — {row.read.reader}"


def facts_of(row: ReadRow, study: Study) -> list[tuple[str, str]]:
    """Labels and what they say."""
    review, made, factors = row.read.review, row.made, row.factors
    image, visit = study.images[row.read.image_id], study.visit_of(row.read.image_id)
    place = " · ".join(part for part in (visit.subject, visit.name, image.site) if part)
    rows = [("Image", place), ("State", _state(row)), ("Hairs", number(row.hair_count))]
    share = "" if math.isnan(row.changed_percent) else f" ({number(row.changed_percent, 1)}{SPACE}% of the detected)"
    rows.append(("Edited", f"{edits_text(made)}{share if made.hairs_changed else ''}"))
    if row.time is not None:
        span = f"{counted(row.time.edits, 'edit')}, the last {local_time(row.time.last_utc)}"
        rows.append(("Time", f"{time_text(row.time)} at least; {span}"))
    if review.comment:
        rows.append(("Comment", review.comment))
    if factors is not None:
        rows.append(("Score", f"{factors.score:.3g} = {number(factors.doubt_percent, 1)}{SPACE}% × "
                              f"{factors.effect_per_cm2:.2g} × {number(factors.disagreement, 2)}"))  # fmt: skip
    return rows


def why_not(row: ReadRow, study: Study, user: str) -> str:
    """Why the user decides nothing on a read now; empty where nothing speaks against it."""
    read = row.read
    match read.review.state:
        case ReadState.IN_REVIEW | ReadState.RETURNED:
            return f"{read.reader} has this read and submits it when it is done."
        case ReadState.SIGNED:
            return "This read is signed and locked: it changes only by an amendment."
        case _ if read.reader == user:
            return "This is your own read: somebody else decides on it."
        case _ if not may_decide(study, read, user):
            return "In this study QA reviewers and adjudicators decide: Study ▸ People…"
        case _:
            return ""


def _state(row: ReadRow) -> str:
    review = row.read.review
    by = f" by {review.decided_by}" if review.decided_by and review.state is not ReadState.SUBMITTED else ""
    times = f", submitted {review.n_submitted} times" if review.n_submitted > 1 else ""
    return f"{review.state}{by}{times}"


def kind_sentence(row: ReadRow, study: Study) -> str:
    """What a read that is no usual one is for; empty for a usual one."""
    read = row.read
    match row.kind:
        case ReadKind.THIRD if read.adjudicates is not None:
            readers = [study.reads[i].reader if i in study.reads else DASH for i in read.adjudicates]
            return f"Third read: settles what {readers[0]} and {readers[1]} say differently."
        case ReadKind.AMENDMENT:
            signed = study.reads.get(read.amends or 0)
            stands = " and stands in its place" if read.review.state in FINISHED else ""
            return f"Amendment: corrects read {read.amends} of {signed.reader if signed else DASH}{stands}."
        case ReadKind.REPEAT:
            return "Hidden repeat: the reader was shown the image a second time; it stands for nothing but that."
        case _:
            return ""
