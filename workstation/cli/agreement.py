"""`trichodesk agreement`: how far the readers of a study agree, with each other and with themselves."""

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated

import typer
from rich.table import Table

from workstation.agreement import wording
from workstation.agreement.comparing import agreement_of
from workstation.agreement.read_pairs import Kind
from workstation.agreement.results import Agreement, Comparison, OutcomeAgreement
from workstation.agreement.rows import whole
from workstation.cli.console import AsJson, fits, output, print_json, print_table, progress_bar, say, table_of
from workstation.cli.studies import StudyPath, open_to_read
from workstation.errors import UserFacingError
from workstation.image_names import image_names
from workstation.trial.wording import NO_VALUE, listed, titled

Column = tuple[str, Callable[[OutcomeAgreement], str]]
"""Heading and cell."""
Columns = Sequence[Column]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(agreement)


def agreement(
    study: StudyPath,
    all_endpoints: Annotated[bool, typer.Option("--all-endpoints", help="Every endpoint, not the main ones.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print how far readers agree: per endpoint ICC(2,1), mean difference, limits of agreement, CV; hairs and classes.

    Reads are compared once they are submitted. Those that began with the detection are told apart from blank ones.
    """
    with open_to_read(study) as session:
        of = session.study
        with progress_bar("comparing") as report:
            found = agreement_of(of, report)
    if as_json:
        print_json(whole(found, image_names(of)))
        return
    if found.empty:
        remedy = "Read images with two readers, or hand out hidden repeats: trichodesk package."
        raise UserFacingError(found.empty.rstrip("."), file=study, remedy=remedy)
    print_agreement(found, all_endpoints=all_endpoints)
    for note in (found.unit, *found.warnings):
        say(f"note: {note}")


def print_agreement(found: Agreement, *, all_endpoints: bool) -> None:
    """A table for each comparison, then its hairs and units; last of all, why figures are missing."""
    missing: dict[str, list[str]] = {}
    for comparison in found.comparisons:
        output.print(f"\n{wording.title(comparison)} · {wording.size(comparison)}", markup=False)
        outcomes = [o for o in comparison.outcomes if all_endpoints or o.outcome.name in wording.MAIN]
        shown = [o for o in outcomes if wording.ratio(o.icc) != NO_VALUE or o.points]
        tables = [_table(columns, shown) for columns in _choices(comparison)]
        print_table(next((table for table in tables if fits(table)), tables[-1]))
        for outcome in shown:
            for reason in wording.outcome_reasons(outcome):
                missing.setdefault(reason, []).append(outcome.outcome.label)
        if comparison.objects is not None:
            facts = wording.object_facts(comparison.objects)
            output.print("; ".join(f"{name} {value}" for name, value in facts if value != NO_VALUE), markup=False)
            for reason in wording.object_reasons(comparison.objects):
                missing.setdefault(reason, [])
    for reason, labels in missing.items():
        say(f"{listed(list(dict.fromkeys(labels)), 3)}: {reason}" if labels else reason)
    if not all_endpoints:
        say("Other endpoints: --all-endpoints. All figures: --json.")


def _choices(comparison: Comparison) -> Iterator[Columns]:
    """Columns of a table, from the widest terminal to the narrowest."""
    two = comparison.kind is not Kind.EVERYBODY
    difference = [(f"{wording.difference_is(comparison)}\n(95 % CI)", _difference)] if two else []
    own = [REPEATABILITY] if comparison.kind is Kind.REPEATS else []
    yield [*START, *difference, *([LIMITS] if two else []), CV, *own, *(DRIFT if two else ())]
    yield [*START, *difference, *([LIMITS] if two else []), CV, *own]
    yield [*START, *([] if own else difference), CV, *own]


def _table(columns: Columns, shown: Sequence[OutcomeAgreement]) -> Table:
    texts = [[cell(outcome) for _, cell in columns] for outcome in shown]
    # a column without any value is left out
    kept = [i for i in range(len(columns)) if i < 2 or any(row[i] != NO_VALUE for row in texts)]
    return table_of([columns[i][0] for i in kept], [[row[i] for i in kept] for row in texts])


def _difference(found: OutcomeAgreement) -> str:
    return wording.mean_difference(found.limits, wording.digits_of(found))


def _limits(found: OutcomeAgreement) -> str:
    return wording.limits(found.limits, wording.digits_of(found))


START: Columns = (
    ("endpoint", lambda o: titled(o.outcome)),
    ("n", lambda o: str(o.icc.n)),
    ("ICC(2,1)\n(95 % CI)", lambda o: wording.ratio(o.icc)),
)
LIMITS: Column = ("limits of\nagreement", _limits)
CV: Column = ("CV\n(95 % CI)", lambda o: wording.cv(o.spread))
REPEATABILITY: Column = (
    "repeatability\n(95 % CI)", lambda o: wording.coefficient(o.spread, wording.digits_of(o))
)  # fmt: skip
DRIFT: Columns = (
    ("drift in\n10 reads", lambda o: wording.drift(o.drift_by_place, wording.digits_of(o))),
    ("drift in\n30 days", lambda o: wording.drift(o.drift_by_day, wording.digits_of(o))),
)
