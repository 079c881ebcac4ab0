"""Several tables taken over together: all are read before anything is done, so that nothing is done by halves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from workstation.counting import counted
from workstation.edits.drafting import NothingToDo
from workstation.edits.events import add_events
from workstation.edits.questionnaires import add_questionnaire, enter_answers
from workstation.model.patch import Kind, Patch, apply
from workstation.model.study import Study
from workstation.model.trial import Questionnaire
from workstation.recording.answers import lost_answers, read_answers
from workstation.recording.events import read_events
from workstation.recording.people import read_subjects, read_visits


@dataclass(frozen=True, slots=True)
class Recorded:
    """What tables bring into a study, and what is to be said of it."""

    patches: tuple[Patch, ...]
    """To be applied one after the other."""
    said: tuple[str, ...]
    """What they do, for people: `12 forms entered, 2 changed`."""
    warnings: tuple[str, ...]
    """What may not have been meant."""


def read_together(
    study: Study,
    *,
    subjects: Sequence[Path] = (),
    visits: Sequence[Path] = (),
    questionnaires: Iterable[Questionnaire] = (),
    answers: Sequence[Path] = (),
    events: Sequence[Path] = (),
) -> Recorded:
    """Read tables in an order in which each finds what it needs: subjects, visits, questionnaires, answers, events.

    Raises:
        UserFacingError, TableError: as the readers of the tables.
        EditRefused: if a questionnaire cannot be added.
    """
    together = _Together(study)
    for path in subjects:
        together.people("subject", read_subjects(path, together.study))
    for path in visits:
        together.people("visit", read_visits(path, together.study))
    for questionnaire in questionnaires:
        together.questionnaire(questionnaire)
    for path in answers:
        together.answers(path)
    for path in events:
        together.events(path)
    return Recorded(tuple(together.patches), tuple(together.said), tuple(together.warnings))


class _Together:
    def __init__(self, study: Study) -> None:
        self.study = study
        self.patches: list[Patch] = []
        self.said: list[str] = []
        self.warnings: list[str] = []

    def people(self, what: str, patches: Sequence[Patch]) -> None:
        for patch in patches:
            self._take(patch)
        n_new = sum(change.before is None for patch in patches for change in patch.changes)
        n_changed = sum(len(patch.changes) for patch in patches) - n_new
        self.said.append(f"{counted(n_new, what)} added, {n_changed} changed")

    def questionnaire(self, questionnaire: Questionnaire) -> None:
        try:
            patch = add_questionnaire(self.study, questionnaire)
        except NothingToDo:
            self.said.append(f"questionnaire {questionnaire.id} was there already")
            return
        self._take(patch)
        done = "replaced" if patch.changes[0].before is not None else "added"
        self.said.append(f"questionnaire {questionnaire.id} {done}")

    def answers(self, path: Path) -> None:
        found = read_answers(path, self.study)
        self.warnings += [f"{path.name}: {warning}" for warning in found.warnings]
        n_new = n_changed = 0
        try:
            patch = enter_answers(self.study, found.given)
        except NothingToDo:
            pass
        else:
            n_new = sum(c.before is None for c in patch.changes if c.kind is Kind.RESPONSE)
            n_changed = len(patch.changes) - n_new
            self.warnings += [f"{path.name}: {lost}" for lost in lost_answers(patch)]
            self._take(patch)
        n_same = len(found.given) - n_new - n_changed
        same = f", {n_same} there already" if n_same else ""
        self.said.append(f"{counted(n_new, 'filled-in questionnaire')} entered, {n_changed} changed{same}")

    def events(self, path: Path) -> None:
        found = read_events(path, self.study)
        self.warnings += [f"{path.name}: {warning}" for warning in found.warnings]
        if found.events:
            self._take(add_events(self.study, found.events))
        same = f", {found.n_known} there already" if found.n_known else ""
        self.said.append(f"{counted(len(found.events), 'adverse event')} added{same}")

    def _take(self, patch: Patch) -> None:
        self.study = apply(self.study, patch)
        self.patches.append(patch)
