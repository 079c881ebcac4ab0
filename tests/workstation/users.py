"""One study that several users edit in turn, and edits to try on it."""

from types import MappingProxyType

from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from workstation import edits
from workstation.document import Document
from workstation.history import History
from workstation.model.hair import Status
from workstation.model.patch import Change, Kind, Patch
from workstation.model.people import Person, Role
from workstation.model.read import DETECTOR, ReadState

NOW = "2026-03-01T10:00:00Z"
HAIRS = [make_hair(1, 10, [[100, 100], [100, 140]])]
PEOPLE = (
    Person("Olga", (Role.OWNER,)),
    Person("Ada", (Role.ASSESSOR,)),
    Person("Quinn", (Role.QA_REVIEWER,)),
    Person("Jo", (Role.ADJUDICATOR, Role.ASSESSOR)),
)


class Journal:
    def __init__(self):
        self.entries = []

    def append(self, entry):
        self.entries.append(entry)


class Desk:
    """One study that several users edit in turn, each with what the others did before."""

    def __init__(self, study):
        self.study, self.journal = study, Journal()

    def by(self, user):
        document = Document(self.study, self.journal, user, History.replay(self.journal.entries, user))
        document.subscribe(lambda change: setattr(self, "study", change.after))
        return document

    def read(self, read_id=2):
        return self.study.reads[read_id]

    def state(self, read_id=2):
        return self.read(read_id).review.state


def study_with(state=ReadState.IN_REVIEW, people=(), **more):
    """Read 1 is the detection, read 2 Ada's, in a state of choice, read 3 Bo's."""
    reads = [
        make_read(HAIRS, id_=1, reader=DETECTOR, state=ReadState.DETECTED),
        make_read(HAIRS, id_=2, based_on=1, state=state),
        make_read(HAIRS, id_=3, based_on=1, reader="Bo"),
    ]
    listed = MappingProxyType({person.name: person for person in people})
    return make_study(reads, [make_image(1), make_image(2, 2)], people=listed, **more)


def reject(read):
    return edits.set_status(read, [1], Status.REJECTED)


def person(before, after):
    return Patch("change people", None, (Change(Kind.PERSON, 0, before, after),))


def begun(**more):
    read = make_read(HAIRS, id_=4, **more)
    return Patch("begin read", None, (Change(Kind.READ, 4, None, read),))
