"""A trial in which every text that a stranger may choose is one that Qt would take for HTML, and that is a secret."""

from dataclasses import replace
from types import MappingProxyType

from tests.ui.small_trial import make_trial
from workstation.model.people import Person, PublicKey, Role
from workstation.model.reading import Remark
from workstation.model.trial import AdverseEvent, Relation, Severity
from workstation.session import create_study
from workstation.storage.reader import read_study

SECRET = "SECRETXYZ"
KEY = PublicKey("A" * 43 + "=", "2026-07-01T10:00:00Z")


def marked(text):
    """A text that names a picture on another computer."""
    return f"<img src='//{SECRET}/{text}.png'>{text}"


def make_marked_trial(folder):
    """Write the trial and its images; gives the study file."""
    plain = make_trial(folder)
    study = read_study(plain).study
    plain.unlink()
    ids = {i: marked(i) for i in study.subjects}
    subjects = {
        ids[i]: replace(s, id=ids[i], grade=marked("grade"), arm=marked("arm")) for i, s in study.subjects.items()
    }
    visits = {i: replace(v, subject=ids[v.subject], name=marked(v.name)) for i, v in study.visits.items()}
    images = {
        i: replace(
            image,
            site=marked(image.site),
            device=marked("device"),
            source_name=marked(image.source_name),
            notes=MappingProxyType({marked("note"): marked("noted")}),
            conversions=(marked("conversion"),),
        )
        for i, image in study.images.items()
    }
    reads = {
        i: replace(
            read,
            reader=marked("Ada") if read.detection is None else read.reader,
            review=replace(read.review, comment=marked("comment")),
        )
        for i, read in study.reads.items()
    }
    event = AdverseEvent(1, ids["S1"], marked("Itching"), Severity.MILD, Relation.PROBABLE, comment=marked("said"))
    marked_study = replace(
        study,
        subjects=MappingProxyType(subjects),
        visits=MappingProxyType(visits),
        images=MappingProxyType(images),
        reads=MappingProxyType(reads),
        events=MappingProxyType({1: event}),
        plan=replace(study.plan, title=marked("title")),
        people=MappingProxyType({marked(name): Person(marked(name), (Role.OWNER,), (KEY,)) for name in ("Ada", "Ben")}),
        remarks=MappingProxyType({1: Remark(1, 1, marked("Ben"), "2026-07-01T10:00:00Z", marked("look again"))}),
    )
    path = folder / f"{SECRET}.h5"
    create_study(path, marked_study, user="Ada")
    return path
