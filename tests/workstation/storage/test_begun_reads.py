"""A read that begins as a copy of another one: in the journal by name, in the file whole."""

import json
from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.workstation.storage.forging import resealed
from tests.workstation.storage.opening import opened
from tests.workstation.storage.studies import comment
from workstation.edits.reads import begin_read
from workstation.errors import EditRefused
from workstation.model.patch import Change, Kind, Patch
from workstation.session import table_of_endpoints
from workstation.storage.content import content_of
from workstation.storage.reader import read_study
from workstation.storage.verify import Check, verify
from workstation.storage.writer import write_content

NOW = "2026-03-01T08:00:00Z"


def faults(path):
    return [f.message for f in verify(path) if not f.holds and f.check is not Check.IMAGES]


def begin_and_crash(path, source_id, *, by_digest=False):
    """Ada begins a read, comments hair 1 in it, and her program is killed; gives the new read's id."""
    with opened(path, "Ada") as session:
        patch = begin_read(session.study, source_id, 1, "Ada", NOW)
        if by_digest:  # as format 1.0 did
            (change,) = patch.changes
            patch = replace(patch, changes=(replace(change, source=None),))
        session.document.apply(patch)
        (change,) = patch.changes
        comment(session.document, "mine", read_id=change.id)
        session.document.apply(begin_read(session.study, change.id, 1, "Ada", NOW))
    return change.id


@pytest.mark.parametrize("by_digest", [False, True])
@pytest.mark.parametrize("source_id", [1, 3])
def test_it_comes_back_after_a_crash_and_verifies(path, source_id, by_digest):
    begun_id = begin_and_crash(path, source_id, by_digest=by_digest)
    with opened(path, "Zoë") as session:
        assert (session.recovered.n_edits, session.recovered.notices) == (3, ())
        source, begun = session.study.reads[source_id], session.study.reads[begun_id]
        assert (begun.reader, begun.based_on, begun.created_utc, begun.next_id) == (
            "Ada", source_id, NOW, source.next_id,
        )  # fmt: skip
        assert begun.hairs[1] == replace(source.hairs[1], comment="mine")
        assert (dict(begun.units), begun.field) == (dict(source.units), source.field)
        assert session.study.reads[begun_id + 1].hairs[1].comment == "mine"
        if source_id == 3:  # the source goes its own way
            comment(session.document, "later")
        session.save()
    assert faults(path) == []


def test_its_row_names_the_source_and_holds_no_hair(path):
    begin_and_crash(path, 1)
    with opened(path) as session:
        session.save()
    row = read_study(path).audit_rows[1]
    assert json.loads(row.changes) == [
        {
            "kind": "read",
            "id": 5,
            "before": None,
            "after": {
                "copy_of": 1,
                "read": {
                    "id": 5, "image_id": 1, "reader": "Ada", "created_utc": NOW, "based_on": 1, "detection": None,
                    "review": {"state": "in review", "comment": ""},
                },
            },
        }
    ]  # fmt: skip


def test_a_copy_that_is_no_copy_is_noticed(path):
    with opened(path, "Ada") as session:
        session.document.apply(begin_read(session.study, 1, 1, "Ada", NOW))
        session.save()
    file = read_study(path)
    for changed in (
        {
            "hairs": MappingProxyType(
                {**file.study.reads[5].hairs, 2: replace(file.study.reads[5].hairs[2], comment="x")}
            )
        },
        {"created_utc": "2020-01-01T00:00:00Z"},
        {"based_on": 3},
    ):
        reads = MappingProxyType({**file.study.reads, 5: replace(file.study.reads[5], **changed)})
        study = replace(file.study, reads=reads)
        write_content(path, resealed(content_of(study, file.audit_rows, table_of_endpoints(study))), {})
        assert any("audit row 2 does not agree with the study" in m.lower() for m in faults(path)), changed


def test_a_source_that_is_not_the_studys_own_saves_no_check(path):
    with opened(path, "Ada") as session:
        patch = begin_read(session.study, 1, 1, "Ada", NOW)
        (change,) = patch.changes
        bad = MappingProxyType({**change.after.hairs, 1: replace(change.after.hairs[1], confidence=7.0)})
        foreign = replace(session.study.reads[1], hairs=bad)
        forged = Change(Kind.READ, change.id, None, replace(change.after, hairs=bad), foreign)
        with pytest.raises(EditRefused, match="the confidence of hair 1"):
            session.document.apply(Patch("begin read", None, (forged,)))
        changed = Change(Kind.READ, change.id, None, replace(change.after, hairs=bad), change.source)
        with pytest.raises(EditRefused, match="the confidence of hair 1"):
            session.document.apply(Patch("begin read", None, (changed,)))
        assert session.n_unsaved == 0
