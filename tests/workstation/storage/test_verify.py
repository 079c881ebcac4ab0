import hashlib
from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.workstation.storage.studies import comment, study
from workstation.edits.reads import begin_read
from workstation.session import create_study, open_study
from workstation.storage.content import content_of
from workstation.storage.reader import read_study
from workstation.storage.verify import Check, first_fault, verify
from workstation.storage.writer import write_content


@pytest.fixture
def whole(tmp_path):
    """A study with its images, edited and saved."""
    one = study()
    (tmp_path / "a.images").mkdir()
    images = {}
    for record in one.images.values():
        data = f"picture {record.id}".encode()
        (tmp_path / record.path).write_bytes(data)
        images[record.id] = replace(record, sha256=hashlib.sha256(data).hexdigest())
    create_study(tmp_path / "a.h5", replace(one, images=MappingProxyType(images)), user="Ada")
    with open_study(tmp_path / "a.h5", "Ann") as session:
        session.document.apply(begin_read(session.study, 1, 1, "Ann", "2026-02-05T10:00:00Z"))
        session.save()
    with open_study(tmp_path / "a.h5", "Zoë") as session:
        for text in ("eins", "zwei"):
            comment(session.document, text)
        session.save()
    return tmp_path / "a.h5"


def faults(path):
    return [(f.check, f.message) for f in verify(path) if not f.holds]


def test_a_whole_study_passes_every_check(whole):
    findings = verify(whole)
    assert [f.check for f in findings] == list(Check)
    assert all(f.holds for f in findings)
    assert "Edit 4, saved " in findings[0].message
    assert findings[1].message == "5 reads with 30 hairs are valid."
    assert findings[2].message.startswith("Created by Ada at 20")
    assert findings[3].message.startswith("4 rows, the last one ")
    assert [f.message for f in findings[4:8]] == [
        "None came back.",
        "The trail leads to all that the file holds.",
        "0 reads are accepted or signed, none by its own reader's word alone.",
        "Nobody has signed yet.",
    ]
    assert findings[8].message == "2 images are what was imported."
    assert first_fault(findings) is None


def test_verifying_changes_nothing(whole):
    def files():
        found = (p for p in whole.parent.rglob("*") if p.is_file() and p.suffix not in (".sqlite-wal", ".sqlite-shm"))
        return {p: (p.read_bytes(), p.stat().st_mtime_ns, p.stat().st_ino) for p in found}

    before = files()
    verify(whole)
    assert files() == before


def test_unsaved_edits_are_counted(whole):
    with open_study(whole, "Zoë") as session:
        comment(session.document, "drei")
    assert verify(whole)[-1].message == "1 edit is in the journal and not in the file yet."


def test_damage(whole):
    whole.write_bytes(whole.read_bytes()[:-100])
    ((check, message),) = faults(whole)
    assert check is Check.FILE
    assert message.startswith("The study file is damaged")
    assert "a.h5.bak" in message


def test_a_changed_image_and_a_missing_one(whole):
    first, second = (whole.parent / f"a.images/Kopf {i}.png" for i in (1, 2))
    first.write_bytes(b"another picture")
    second.unlink()
    (check, changed), (_, missing) = faults(whole)
    assert check is Check.IMAGES
    assert changed.startswith("a.images/Kopf 1.png: the image changed since it was imported")
    assert missing.startswith("a.images/Kopf 2.png: there is no such")


def test_an_image_outside_the_folder_is_not_read(tmp_path):
    one = study()
    outside = replace(one.images[1], path="../secret.png")
    create_study(tmp_path / "b.h5", replace(one, images=MappingProxyType({1: outside, 2: one.images[2]})), user="Ada")
    messages = [message for check, message in faults(tmp_path / "b.h5") if check is Check.IMAGES]
    assert "outside its own folder" in messages[0]


def forged(path, change_rows=lambda rows: rows, change_study=lambda study: study):
    file = read_study(path)
    write_content(path, content_of(change_study(file.study), change_rows(list(file.audit_rows)), []), {})


def test_the_first_audit_row_that_does_not_hold_is_named(whole):
    forged(whole, lambda rows: [*rows[:2], replace(rows[2], user="another"), rows[3]])
    (check, message) = faults(whole)[0]
    assert check is Check.AUDIT
    assert message.startswith("Audit row 3 (")


def test_a_row_left_out_is_named(whole):
    forged(whole, lambda rows: [*rows[:2], rows[3]])
    assert faults(whole)[0] == (Check.AUDIT, "Audit row 4 stands where row 3 should.")


def test_a_cut_tail_is_known_to_the_journal_and_to_the_values(whole):
    forged(whole, lambda rows: rows[:2])
    found = dict(faults(whole))
    assert "its tail is missing" in found[Check.JOURNAL]


def with_comment(one, read_id, text):
    own = one.reads[read_id]
    hairs = MappingProxyType({**own.hairs, 2: replace(own.hairs[2], comment=text)})
    return replace(one, reads=MappingProxyType({**one.reads, read_id: replace(own, hairs=hairs)}))


def test_a_value_that_no_edit_made_is_found(whole):
    """Hair 2 of Ann's read was never edited: only the digest of the read as begun gives it away."""
    forged(whole, change_study=lambda one: with_comment(one, 5, "forged"))
    assert (
        Check.READS,
        "Audit row 2 does not agree with the study (read 5 is not the one that was brought in then).",
    ) in (faults(whole))


def test_invalid_values_are_named(whole):
    forged(whole, change_study=lambda one: replace(one, images=MappingProxyType(
        {1: replace(one.images[1], width_px=50), 2: one.images[2]})))  # fmt: skip
    assert (Check.VALUES, "Read 1: hair 1 leaves the image.") in faults(whole)
