"""What people say to each other about a read: remarks, answers, and that one is dealt with."""

from collections.abc import Iterable
from dataclasses import replace

from workstation.clock import utc_seconds
from workstation.edits.drafting import NothingToDo, clean_text
from workstation.errors import EditRefused
from workstation.model.patch import Change, Kind, Patch
from workstation.model.reading import Remark
from workstation.model.study import Study


def is_open(remark: Remark) -> bool:
    """Whether a remark waits to be dealt with; an answer never does: it belongs to what it answers."""
    return remark.answers is None and not remark.done_by


def open_remarks(study: Study, read_id: int) -> tuple[Remark, ...]:
    """The remarks on a read that wait, oldest first."""
    return tuple(remark for remark in remarks_on(study, read_id) if is_open(remark))


def remarks_on(study: Study, read_id: int) -> tuple[Remark, ...]:
    """All remarks on a read, oldest first."""
    return study.derived(_by_read, "remarks").get(read_id, ())


def threads(remarks: Iterable[Remark]) -> tuple[tuple[Remark, tuple[Remark, ...]], ...]:
    """Remarks with their answers, both oldest first. An answer to an answer stands under the first remark."""
    by_id = {remark.id: remark for remark in sorted(remarks, key=lambda remark: remark.id)}
    found: dict[int, list[Remark]] = {remark.id: [] for remark in by_id.values() if remark.answers not in by_id}
    for remark in by_id.values():
        first = _first(remark, by_id)
        if first.id != remark.id:
            found[first.id].append(remark)
    return tuple((by_id[first], tuple(answers)) for first, answers in found.items())


def add_remark(
    study: Study,
    read_id: int,
    author: str,
    text: str,
    *,
    hair_id: int | None = None,
    answers: int | None = None,
    now_utc: str | None = None,
) -> Patch:
    """Say something about a read, about one of its hairs, or in answer to a remark.

    Raises:
        EditRefused: if the read, the hair or the remark does not exist, or there is no text that can be stored.
    """
    change = remark_change(
        study, read_id, author, text, hair_id=hair_id, answers=answers, now_utc=now_utc or utc_seconds()
    )
    return Patch("write remark" if answers is None else "answer remark", None, (change,))


def remark_change(
    study: Study,
    read_id: int,
    author: str,
    text: str,
    *,
    hair_id: int | None = None,
    answers: int | None = None,
    now_utc: str,
) -> Change:
    """The same as a change, to stand in a patch beside others. Raises as `add_remark` does."""
    read = study.reads.get(read_id)
    if read is None:
        raise EditRefused(f"there is no read {read_id}")
    if hair_id is not None and hair_id not in read.hairs:
        raise EditRefused(f"this read has no hair {hair_id}")
    if answers is not None and _find(study, answers).read_id != read_id:
        raise EditRefused(f"remark {answers} is about another read")
    remark = Remark(max(study.remarks, default=0) + 1, read_id, author, now_utc, _text(text), hair_id, answers)
    return Change(Kind.REMARK, remark.id, None, remark)


def change_remark(study: Study, remark_id: int, text: str) -> Patch:
    """Say it otherwise.

    Raises:
        EditRefused: if there is no such remark, or no text that can be stored.
        NothingToDo: if it says just that.
    """
    return _changed(_find(study, remark_id), "change remark", text=_text(text))


def take_back_remark(study: Study, remark_id: int) -> Patch:
    """Take a remark away; it stays in the record.

    Raises:
        EditRefused: if there is no such remark, or it has answers.
    """
    remark = _find(study, remark_id)
    if any(other.answers == remark_id for other in study.remarks.values()):
        raise EditRefused("this remark has answers", remedy="Mark it as done instead.")
    return Patch("take remark back", None, (Change(Kind.REMARK, remark_id, remark, None),))


def mark_done(study: Study, remark_id: int, user: str, now_utc: str | None = None) -> Patch:
    """Say that what a remark asks for is dealt with.

    Raises:
        EditRefused: if there is no such remark, or it is an answer.
        NothingToDo: if it is marked so already.
    """
    remark = _find(study, remark_id)
    if remark.answers is not None:
        raise EditRefused("an answer is not marked as done", remedy="Mark the remark that it answers.")
    if remark.done_by:
        raise NothingToDo
    return _changed(remark, "mark remark as done", done_by=user, done_utc=now_utc or utc_seconds())


def reopen_remark(study: Study, remark_id: int) -> Patch:
    """Say that a remark is not dealt with after all.

    Raises:
        EditRefused: if there is no such remark.
        NothingToDo: if it is open.
    """
    return _changed(_find(study, remark_id), "reopen remark", done_by="", done_utc="")


def _changed(before: Remark, operation: str, **values: str) -> Patch:
    after = replace(before, **values)  # type: ignore[arg-type]
    if after == before:
        raise NothingToDo
    return Patch(operation, None, (Change(Kind.REMARK, before.id, before, after),))


def _find(study: Study, remark_id: int) -> Remark:
    if remark_id not in study.remarks:
        raise EditRefused(f"there is no remark {remark_id}")
    return study.remarks[remark_id]


def _text(text: str) -> str:
    clean = clean_text(text)
    if not clean:
        raise EditRefused("the remark is empty", remedy="Write what you mean.")
    return clean


def _first(remark: Remark, by_id: dict[int, Remark]) -> Remark:
    seen = {remark.id}
    while remark.answers in by_id and remark.answers not in seen:
        remark = by_id[remark.answers]
        seen.add(remark.id)
    return remark


def _by_read(study: Study) -> dict[int, tuple[Remark, ...]]:
    found: dict[int, list[Remark]] = {}
    for _, remark in sorted(study.remarks.items()):
        found.setdefault(remark.read_id, []).append(remark)
    return {read_id: tuple(remarks) for read_id, remarks in found.items()}
