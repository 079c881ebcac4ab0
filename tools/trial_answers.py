"""What the subjects of a synthetic trial tell: answers to questionnaires, and adverse events."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta

from analysis.synthetic.noise import stream
from analysis.synthetic.trial import TrialDesign, TrialSubject
from workstation.model.trial import Item, Questionnaire

ANSWERS = ("subject", "visit", "questionnaire", "item", "value")
EVENTS = ("subject", "term", "severity", "relation", "serious", "start", "end", "comment")
Days = dict[float, date]
AT_FIRST, RISE = 0.35, 0.3
"""How content subjects are at the baseline, and how much more at the last visit: of 1."""
BETWEEN_SUBJECTS, BETWEEN_ITEMS = 0.1, 0.12
PROBABLY, CERTAINLY = 0.5, 0.7
"""As content as this at the end, subjects recommend the treatment."""


def answer_rows(
    design: TrialDesign,
    subjects: Sequence[TrialSubject],
    questionnaires: Sequence[Questionnaire],
    missed: Collection[tuple[str, float]],
) -> Iterator[dict[str, object]]:
    """A row for each answer: every questionnaire at every visit; one that counts yeses at the last visit alone.

    Args:
        design: of the trial.
        subjects: its participants.
        questionnaires: those that are asked.
        missed: subjects' codes and weeks that are left out.
    """
    for subject in subjects:
        own = BETWEEN_SUBJECTS * float(stream(subject.seed, "content").standard_normal())
        for week in design.weeks:
            if (subject.code, week) in missed:
                continue
            grown = (week - design.weeks[0]) / (design.weeks[-1] - design.weeks[0])
            content = AT_FIRST + own + RISE * grown * subject.gain / design.gain
            for asked in questionnaires:
                if asked.positive_from is not None and week != design.weeks[-1]:
                    continue
                for item in asked.items:
                    value = _answer(subject, week, asked, item, content)
                    cells = (subject.code, visit_name(week), asked.id, item.id, value)
                    yield dict(zip(ANSWERS, cells, strict=True))


def event_rows(subjects: Sequence[TrialSubject], days: dict[str, Days]) -> list[dict[str, object]]:
    """Two adverse events, both mild, as such treatments have them."""
    listed = (
        (1, 9, 6, "itching of the scalp", "mild", "possible", "went by itself"),
        (2, 31, 5, "common cold", "mild", "not related", ""),
    )
    return [
        dict(zip(EVENTS, (subjects[k].code, term, severity, relation, "no", start, end, comment), strict=True))
        for k, after, lasted, term, severity, relation, comment in listed
        if k < len(subjects)
        for start in [min(days[subjects[k].code].values()) + timedelta(days=after)]
        for end in [start + timedelta(days=lasted)]
    ]


def visit_name(week: float) -> str:
    """As in the manifest."""
    return "baseline" if week == 0 else f"week {week:g}"


def _answer(subject: TrialSubject, week: float, asked: Questionnaire, item: Item, content: float) -> int:
    rng = stream(subject.seed, asked.id, item.id, str(week))
    numbers = [number for number, _ in asked.scale]
    if asked.positive_from is not None:
        return numbers[-1] if content > CERTAINLY else numbers[-2] if content > PROBABLY else numbers[1]
    level = content + BETWEEN_ITEMS * float(rng.standard_normal())
    if asked.higher_is_better is item.reverse:
        level = 1 - level
    place = min(max(level, 0.0), 1.0) * (len(numbers) - 1)
    return numbers[round(place)]
