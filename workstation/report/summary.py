"""The head of the report, and what it found in one paragraph."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from analysis.trialstats.describing import sample
from analysis.trialstats.results import Sample
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
    """The primary result, of each arm that is not the control."""
    plan, results = material.analysis.plan, material.analysis.primaries
    if not results:
        label = material.label(plan.primary_endpoint)
        when = week(plan.primary_week)
        return f"The primary endpoint ({label} at {when}) cannot be given: no subject has it at both visits."
    return " ".join(_primary_of(material, result) for result in results)


def _primary_of(material: Material, result: VisitResult) -> str:
    outcome, change = result.outcome, result.change
    named = "" if material.analysis.plan.named_utc else " (the default: none was named beforehand)"
    lead = f"The primary endpoint{named}, {outcome.label} at {week(result.week)}{_in_arm(result.group)},"
    if not math.isfinite(change.mean):
        return f"{lead} cannot be judged: {_why(change.reasons, 'mean')}."
    direction = "rose" if change.mean > 0 else "fell" if change.mean < 0 else "did not change:"
    before, after = _of_both(material, result)
    moved = f"{direction} from {mean_sd(before, outcome.digits)} to {in_unit(mean_sd(after, outcome.digits), outcome)}"
    size = f"a mean change of {signed(change.mean, outcome.digits)}"
    beside = [percent(change.percent)] if math.isfinite(change.percent) else []
    if math.isfinite(change.ci_low):
        beside.append(f"95 % CI {interval(change.ci_low, change.ci_high, outcome.digits)}")
    beside.append(f"n = {change.n}")
    return f"{lead} {moved}, {size} ({'; '.join(beside)}). {_judged(result)}{_against(result)}"


def _of_both(material: Material, result: VisitResult) -> tuple[Sample, Sample]:
    """The two visits of the subjects whom the change rests on, so that the means differ by just that."""
    table = material.tables[result.outcome.name]
    of_arm = [material.arms[subject] == result.group for subject in table.subjects]
    before, after = table.at(BASELINE), table.at(result.week)
    both = np.array(of_arm) & np.isfinite(before) & np.isfinite(after)
    return sample(before[both]), sample(after[both])


def _judged(result: VisitResult) -> str:
    change = result.change
    if not math.isfinite(change.p_t):
        return f"Whether that is more than chance cannot be said: {_why(change.reasons, 'p_t')}."
    if change.p_t < ALPHA:
        return f"That is more than chance alone would explain (paired t test, {p_equals(change.p_t)})."
    return f"Chance alone could explain it (paired t test, {p_equals(change.p_t)})."


def _against(result: VisitResult) -> str:
    found = result.comparison
    if found is None:
        return ""
    if not math.isfinite(found.difference):
        return f" Against the control nothing can be said: {_why(found.reasons, 'difference')}."
    lead = f" Against the control the difference is {signed(found.difference, result.outcome.digits)}"
    if not math.isfinite(found.p):
        return f"{lead}; whether that is more than chance cannot be said: {_why(found.reasons, 'p')}."
    ends = interval(found.ci_low, found.ci_high, result.outcome.digits)
    return f"{lead} (95 % CI {ends}; {found.method}, {p_equals(found.p)})."


def _secondary(material: Material) -> str:
    """How many secondary outcomes changed, in each arm by itself as they were adjusted."""
    shown = material.shown_week
    if shown is None:
        return ""
    judged = [r for r in material.at_week(shown) if not r.is_primary and math.isfinite(r.p_holm)]
    of_arms = {group: [r for r in judged if r.group == group] for group in material.analysis.groups}
    return " ".join(_secondary_of(group, own) for group, own in of_arms.items() if own)


def _secondary_of(group: str, judged: Sequence[VisitResult]) -> str:
    below = [r.outcome.label for r in judged if r.p_holm < ALPHA]
    rest = f"changed by more than chance after Holm's adjustment{_in_arm(group)}"
    of = counted(len(judged), "secondary outcome")
    if not below:
        return f"None of {of} {rest}."
    return f"Of {of} {len(below)} {rest}: {', '.join(below)}."


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


def _in_arm(group: str) -> str:
    return f" in {group}" if group else ""


def _why(reasons: Mapping[str, str], number: str) -> str:
    """Why a number is not there, as it stands after a colon."""
    sentence = reasons.get(number, "Too few subjects have both visits.")
    return f"{sentence[:1].lower()}{sentence[1:]}".removesuffix(".")
