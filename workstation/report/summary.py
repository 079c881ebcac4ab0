"""The head of the report, and what it found in one paragraph."""

import math

from workstation.report.document import Block, Facts, Heading, Paragraph, Tone
from workstation.report.material import Material, counted
from workstation.storage.schema import FORMAT_VERSION
from workstation.trial.results import VisitResult, YesCount
from workstation.trial.schedule import BASELINE
from workstation.trial.wording import in_unit, interval, mean_sd, p_equals, percent, proportion, signed, week
from workstation.version import software_version

ALPHA = 0.05
DIGEST_SHOWN = 16


def head(material: Material) -> list[Block]:
    """What the report is about, and which state of which study."""
    study, days = material.study, material.days()
    span = "not recorded" if not days else " to ".join(day for day in dict.fromkeys((days[0], days[-1])))
    facts = (
        ("Study file", material.study_name),
        ("Study", study.id),
        ("State", _state(material)),
        ("Contents", ", ".join((
            counted(len(study.subjects), "subject"), counted(len(study.visits), "visit"),
            counted(len(study.images), "image"), counted(len(study.reads), "read"),
        ))),
        ("Visits", span),
        ("Report made", f"{material.made_utc.replace('T', ' ').removesuffix('Z')} UTC"),
        ("Made with", f"trichodesk {software_version()}, study format {FORMAT_VERSION}"),
    )  # fmt: skip
    return [Facts(facts)]


def _state(material: Material) -> str:
    unsaved = f", {counted(material.n_unsaved, 'edit')} of them not in the file yet" if material.n_unsaved else ""
    return (
        f"{counted(material.revision, 'recorded edit')}{unsaved}; digest of the file {material.digest[:DIGEST_SHOWN]}"
    )


def summary(material: Material) -> list[Block]:
    """The primary result in plain words, what subjects said, what happened to them, and how far to trust it."""
    analysis = material.analysis
    said = [_seen(material), _primary(material), _secondary(material)]
    last = max((count.week for count in analysis.yes_counts), default=math.nan)
    said += [_yes(count) for count in analysis.yes_counts if count.week == last]
    said.append(events_sentence(material))
    said.append(_caution(material))
    blocks: list[Block] = [Heading("Summary"), Paragraph(" ".join(filter(None, said)), Tone.LEAD)]
    if analysis.warnings:
        warned = counted(len(analysis.warnings), "warning bears", "warnings bear")
        where = "listed under “Missing data and warnings”"
        blocks.append(Paragraph(f"{warned} on these figures, {where}. The first: {analysis.warnings[0]}", Tone.WARNING))
    return blocks


def events_sentence(material: Material) -> str:
    """How many adverse events were recorded."""
    events = material.study.events.values()
    if not events:
        return "No adverse event was recorded."
    serious = sum(event.serious for event in events)
    subjects = counted(len({event.subject for event in events}), "subject")
    if len(events) == 1:
        return f"1 adverse event was recorded, and it was {'serious' if serious else 'not serious'}."
    return f"{len(events)} adverse events were recorded, in {subjects}; {serious or 'none'} of them serious."


def _seen(material: Material) -> str:
    study, shown = material.study, material.shown_week
    n_subjects = counted(len(study.subjects), "subject")
    if shown is None:
        images = counted(len(study.images), "image")
        return f"{n_subjects} and {images} are in the study; no value of a later visit is there yet."
    later = [f"{at:g}" for at in material.analysis.weeks if at > BASELINE]
    named = later[0] if len(later) == 1 else f"{', '.join(later[:-1])} and {later[-1]}"
    return f"{n_subjects} took part, seen at baseline and at {'week' if len(later) == 1 else 'weeks'} {named}."


def _primary(material: Material) -> str:
    plan, result = material.analysis.plan, material.analysis.primary
    if result is None:
        label = _label(material, plan.primary_endpoint)
        when = week(plan.primary_week)
        return f"The primary endpoint ({label} at {when}) cannot be given: no subject has it at both visits."
    outcome, change = result.outcome, result.change
    named = "" if plan.named_utc else " (the default: none was named beforehand)"
    group = f" in {result.group}" if result.group else ""
    lead = f"The primary endpoint{named}, {outcome.label} at {week(result.week)}{group},"
    if not math.isfinite(change.mean):
        why = next(iter(change.reasons.values()), "too few subjects have both visits.")
        return f"{lead} cannot be judged: {_clause(why)}."
    direction = "rose" if change.mean > 0 else "fell" if change.mean < 0 else "did not change"
    moved = (
        f"{direction} from {mean_sd(result.baseline, outcome.digits)} to "
        f"{in_unit(mean_sd(result.visit, outcome.digits), outcome)}"
    )
    size = f"a mean change of {signed(change.mean, outcome.digits)}"
    beside = [percent(change.percent)] if math.isfinite(change.percent) else []
    if math.isfinite(change.ci_low):
        beside.append(f"95 % CI {interval(change.ci_low, change.ci_high, outcome.digits)}")
    beside.append(f"n = {change.n}")
    return f"{lead} {moved}, {size} ({'; '.join(beside)}). {_judged(result)}{_against(result)}"


def _judged(result: VisitResult) -> str:
    change = result.change
    if not math.isfinite(change.p_t):
        why = next(iter(change.reasons.values()), "too few subjects have both visits.")
        return f"Whether that is more than chance cannot be said: {_clause(why)}."
    if change.p_t < ALPHA:
        return f"That is more than chance alone would explain (paired t test, {p_equals(change.p_t)})."
    return f"Chance alone could explain it (paired t test, {p_equals(change.p_t)})."


def _against(result: VisitResult) -> str:
    found = result.comparison
    if found is None or not math.isfinite(found.difference):
        return ""
    digits = result.outcome.digits
    return (
        f" Against the control the difference is {signed(found.difference, digits)} "
        f"(95 % CI {interval(found.ci_low, found.ci_high, digits)}; {found.method}, {p_equals(found.p)})."
    )


def _secondary(material: Material) -> str:
    shown = material.shown_week
    if shown is None:
        return ""
    judged = [r for r in material.at_week(shown) if not r.is_primary and math.isfinite(r.p_holm)]
    if not judged:
        return ""
    below = list(dict.fromkeys(r.outcome.label for r in judged if r.p_holm < ALPHA))
    total = len(judged)
    if not below:
        return f"None of {total} secondary outcomes changed by more than chance after Holm's adjustment."
    named = ", ".join(below)
    return f"Of {total} secondary outcomes {len(below)} changed by more than chance after Holm's adjustment: {named}."


def _yes(count: YesCount) -> str:
    group = f" ({count.group})" if count.group else ""
    if not count.share.n:
        return ""
    return f"“{count.outcome.label}”{group} at {week(count.week)}: yes in {proportion(count.share)}."


def _caution(material: Material) -> str:
    plan = material.analysis.plan
    if material.shown_week is None or plan.control_arm or plan.control_site:
        return ""
    return "There was no control, so what caused a change cannot be told from these figures."


def _label(material: Material, name: str) -> str:
    table = material.tables.get(name)
    return name.replace("_", " ") if table is None else table.outcome.label


def _clause(sentence: str) -> str:
    """A sentence as it stands after a colon."""
    return f"{sentence[:1].lower()}{sentence[1:]}".removesuffix(".")
