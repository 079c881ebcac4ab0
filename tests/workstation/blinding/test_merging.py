import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

from tests.workstation.blinding.blinded_trial import (
    OWNER,
    OWNERS,
    READER,
    blinded_trial,
    handed,
    worked_in,
)
from workstation.blinding.checking import check_work_file
from workstation.blinding.merging import merge_work_file
from workstation.edits import delete_hairs
from workstation.edits.review import accept_read, comment_image, withdraw_read
from workstation.entry import Action, Entry
from workstation.errors import UserFacingError
from workstation.model.package import Start
from workstation.model.patch import Change, Kind, Patch, apply
from workstation.model.read import ReadState
from workstation.model.reading import Remark
from workstation.model.signature import Meaning, Signature
from workstation.model.study import Visit
from workstation.session import open_study
from workstation.storage.annotation import annotation_digest
from workstation.storage.audit import genesis, row_of
from workstation.storage.codec import canonical
from workstation.storage.content import content_of
from workstation.storage.reader import read_image_file, read_study
from workstation.storage.verify import verify
from workstation.storage.writer import write_content
from workstation.writing import table_of_endpoints


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A study, a work file as it was handed out, and the same one worked in: copied by each test."""
    folder = tmp_path_factory.mktemp("made")
    path = blinded_trial(folder / "study")
    prepared = handed(path, folder / "bob.h5")
    shutil.copy(folder / "bob.h5", folder / "done.h5")
    worked_in(folder / "done.h5", lambda read: delete_hairs(read, [1 + read.image_id % 3]))
    return folder, prepared


@pytest.fixture
def files(made, tmp_path):
    folder = shutil.copytree(made[0], tmp_path / "copy")
    return folder / "study" / "miller.h5", folder / "done.h5", folder / "bob.h5"


def merged(path, work, user=OWNER):
    with open_study(path, user) as session:
        found = merge_work_file(session, work)
        return found, session.study


def refused(path, work, said, user=OWNER):
    before = path.read_bytes()
    with pytest.raises(UserFacingError, match=said) as caught:
        merged(path, work, user)
    assert path.read_bytes() == before
    return caught.value


def holds(path):
    return [finding.message for finding in verify(path) if not finding.holds] == []


def test_reads_come_in_as_they_are(files, made):
    path, work, _ = files
    package = made[1].package
    found, study = merged(path, work)
    theirs = read_study(work).study
    assert len(found.reads) == len(package.items) == 11
    for item in package.items:
        own = next(r for r in theirs.reads_of(item.package_image_id) if r.editable)
        (read,) = [r for r in study.reads_of(item.image_id) if r.package == package.id and r.repeat == item.repeat]
        assert annotation_digest(read) == annotation_digest(own)
        assert (read.reader, read.review, read.created_utc) == (READER, own.review, own.created_utc)
        assert read.based_on == item.image_id  # the study's detections have the images' numbers
        assert study.packages[read.package].start is Start.DETECTION
    assert sum(read.repeat for read in found.reads) == sum(item.repeat for item in package.items) > 0
    assert all(study.read_in_use(read.image_id).repeat == 0 for read in found.reads)
    assert holds(path)


def test_the_whole_trail_comes_along(files, made):
    path, work, _ = files
    _, study = merged(path, work)
    rows = read_study(work).audit_rows
    back = study.packages[made[1].package.id].returned
    assert (back.revision, back.head_sha256, len(back.rows)) == (len(rows), rows[-1].sha256, len(rows))
    assert f'"sha256":"{rows[-1].sha256}"' in back.rows[-1]
    assert canonical("delete hairs")[1:-1] in "".join(back.rows)


def test_no_undo_takes_it_back(files):
    path, work, _ = files
    merged(path, work)
    with open_study(path, OWNER) as session:
        assert not session.document.can_undo


def test_a_second_time_is_harmless(files):
    path, work, _ = files
    merged(path, work)
    before = path.read_bytes()
    found, _ = merged(path, work)
    assert found.patch is None
    assert found.sentences == ("Nothing new: all that Bob Byrne submitted came in before.",)
    assert path.read_bytes() == before


def test_blank_reads_rest_on_nothing(tmp_path):
    path = blinded_trial(tmp_path / "study")
    handed(path, tmp_path / "bob.h5", start=Start.BLANK, repeats=0, image_ids=(1, 2))
    worked_in(tmp_path / "bob.h5", lambda read: comment_image(read, "none to be seen"))
    found, study = merged(path, tmp_path / "bob.h5")
    assert {(r.based_on, r.review.comment, len(r.hairs)) for r in found.reads} == {(None, "none to be seen", 0)}
    assert [study.packages[r.package].start for r in found.reads] == [Start.BLANK, Start.BLANK]


def test_what_is_not_submitted_comes_later(files):
    path, _, fresh = files
    refused(path, fresh, "submitted nothing in it yet")
    worked_in(fresh, image_ids=[1, 2])
    worked_in(fresh, image_ids=[3], submits=False)
    found, _ = merged(path, fresh)
    assert len(found.reads) == 2
    assert found.sentences == ("2 reads by Bob Byrne.", "9 of 11 pictures are not submitted yet.")
    worked_in(fresh, image_ids=[3, 4])
    found, study = merged(path, fresh)
    assert len(found.reads) == 2
    assert sum(bool(read.package) for read in study.reads.values()) == 4
    assert holds(path)


def resubmitted(work, picture):
    """The reader takes a picture back, changes it and submits it again."""
    with open_study(work, READER) as session:
        read = next(r for r in session.study.reads_of(picture) if r.editable)
        session.document.apply(withdraw_read(read))
        session.save()
    worked_in(work, lambda read: comment_image(read, "seen again"), image_ids=[picture])


def test_a_read_that_was_changed_since_amends_the_one_before(files, made):
    path, work, _ = files
    before, _ = merged(path, work)
    resubmitted(work, 5)
    found, study = merged(path, work)
    item = made[1].package.items[4]
    (read,) = found.reads
    earlier = next(r for r in before.reads if (r.image_id, r.repeat) == (item.image_id, item.repeat))
    assert (read.amends, read.image_id, read.repeat) == (earlier.id, item.image_id, item.repeat)
    assert read.review.comment == "seen again"
    assert annotation_digest(study.reads[earlier.id]) == annotation_digest(earlier)  # kept as it was
    assert "1 of them in place of one" in found.sentences[0]
    assert merged(path, work)[0].patch is None
    assert holds(path)


def test_what_was_accepted_since_stands(files, made):
    path, work, _ = files
    before, _ = merged(path, work)
    item = made[1].package.items[4]
    earlier = next(r for r in before.reads if (r.image_id, r.repeat) == (item.image_id, item.repeat))
    with open_study(path, "Cyra") as session:
        session.document.apply(accept_read(session.study.reads[earlier.id], "Cyra"))
        session.save()
    assert merged(path, work)[0].patch is None
    resubmitted(work, 5)
    refused(path, work, f"the read of {item.code} {item.place} was accepted in the study")


def test_an_older_state_is_refused_and_another_branch_too(files, tmp_path):
    path, work, fresh = files
    worked_in(fresh, image_ids=[1])
    early, other = shutil.copy(fresh, tmp_path / "early.h5"), shutil.copy(fresh, tmp_path / "other.h5")
    worked_in(fresh, image_ids=[2])
    merged(path, fresh)
    refused(path, early, "earlier state, with 2 edits, of what came in with 4 already")
    worked_in(other, lambda read: comment_image(read, "?"), image_ids=[3])
    refused(path, other, "another copy of this work file came in before")
    refused(path, work, "another copy of this work file came in before")


def test_a_foreign_file_is_refused(files, tmp_path):
    path, work, _ = files
    other = blinded_trial(tmp_path / "other")
    refused(other, work, "made from another study")
    refused(path, other, "no work file of a blinded reader")
    text = tmp_path / "text.h5"
    text.write_text("not a study")
    refused(path, text, "not a study file")
    refused(path, tmp_path / "none.h5", "no such file")


def test_edits_that_this_computer_has_not_saved_are_noticed(files):
    path, work, _ = files
    with open_study(work, READER) as session:
        read = next(r for r in session.study.reads_of(1) if r.editable)
        session.document.apply(withdraw_read(read))
    refused(path, work, "1 edit made in it on this computer is not saved")
    with open_study(work, READER) as session:
        session.save()
    assert merged(path, work)[0].n_waiting == 1


def test_only_an_owner_merges_where_there_is_one(tmp_path):
    path = blinded_trial(tmp_path / "study", people=OWNERS)
    handed(path, tmp_path / "bob.h5", repeats=0, image_ids=(1, 2))
    worked_in(tmp_path / "bob.h5")
    refused(path, tmp_path / "bob.h5", "only an owner", user="Cyra")
    assert len(merged(path, tmp_path / "bob.h5")[0].reads) == 2


# --- work files that somebody made by hand: every checksum in them is right


def rewritten(work, change=lambda study: study, rows=lambda rows: rows, pictures=lambda found: found):
    """Write a work file anew with other content, every checksum of it right."""
    file = read_study(work)
    study = change(file.study)
    files = pictures({i: read_image_file(work, i) for i in file.study.images})
    content = content_of(study, rows(file.audit_rows), table_of_endpoints(study))
    work.write_bytes(b"")
    write_content(work, content, files)
    return work


def of_read(study, read_id, **changes):
    return replace(study, reads={**study.reads, read_id: replace(study.reads[read_id], **changes)})


def of_image(study, image_id, **changes):
    return replace(study, images={**study.images, image_id: replace(study.images[image_id], **changes)})


def test_what_was_handed_out_must_be_unchanged(files):
    path, work, _ = files
    scale = read_study(work).study.images[1].calibration

    def other_code(study):
        code = study.visits[1].subject
        visits = {i: replace(v, subject="ZZZZZ") if v.subject == code else v for i, v in study.visits.items()}
        subjects = {**study.subjects, "ZZZZZ": replace(study.subjects[code], id="ZZZZZ")}
        del subjects[code]
        images = {i: replace(m, path=m.path.replace(code, "ZZZZZ")) for i, m in study.images.items()}
        return replace(study, visits=visits, subjects=subjects, images=images)

    for change, said in (
        (lambda s: of_image(s, 1, calibration=replace(scale, um_per_px=11.0)), "handed out in it was changed"),
        (other_code, "handed out in it was changed"),
        (lambda s: of_read(s, 1, hairs={}, units={}), "handed out in it was changed"),
        (lambda s: replace(s, created_utc="2026-01-01T00:00:00Z"), "says of itself something else"),
        (lambda s: replace(s, blinding=replace(s.blinding, reader="Cyra")), "says of itself something else"),
        (lambda s: replace(s, blinding=replace(s.blinding, start=Start.BLANK)), "says of itself something else"),
        (lambda s: of_image(s, 1, device="my own"), "holds more of picture 1"),
        (lambda s: replace(s, visits={**s.visits, 1: replace(s.visits[1], week=4.0)}), "holds more of picture 1"),
    ):
        changed = rewritten(Path(shutil.copy(work, work.with_name("changed.h5"))), change)
        refused(path, changed, said)


def test_a_swapped_picture_is_refused(files):
    path, work, _ = files
    rewritten(work, pictures=lambda found: {**found, 1: found[2], 2: found[1]})
    refused(path, work, "does not hold: .* the image changed since it was imported")


def extended(work, user, *changes, read_id=None):
    """Add an edit to a work file, chained as it should be, made by somebody; whatever the program would say to it."""
    file = read_study(work)
    patch = Patch("by hand", read_id, tuple(changes))
    rows = file.audit_rows
    entry = Entry(len(rows) + 1, "2026-11-20T10:00:00.000Z", user, Action.DO, patch)
    row, _ = row_of(entry, rows[-1].sha256 if rows else genesis(file.study.id))
    return rewritten(work, lambda study: apply(study, patch), lambda rows: (*rows, row))


def test_edits_that_its_reader_may_not_make_are_refused(files):
    path, work, _ = files
    study = read_study(work).study
    own = next(r for r in study.reads_of(1) if r.editable)
    hair = next(iter(own.hairs.values()))
    judged = replace(hair, comment="changed after submission")
    accepted = replace(own.review, state=ReadState.ACCEPTED, decided_by=READER)
    foreign = replace(own, id=900, reader="Cyra")
    claimed = replace(own, id=900, repeat=1)
    for user, said, read_id, change in (
        ("Cyra", "it was made by Cyra", own.id, Change(Kind.REVIEW, 0, own.review, replace(own.review, comment="!"))),
        (READER, "this read is submitted", own.id, Change(Kind.HAIR, hair.id, hair, judged)),
        (READER, "was accepted by Bob Byrne, who made it", own.id, Change(Kind.REVIEW, 0, own.review, accepted)),
        (
            READER,
            "visits without a picture",
            None,
            Change(Kind.VISIT, 50, None, Visit(50, study.visits[1].subject, "Z")),
        ),
        (READER, "a read that is not theirs", None, Change(Kind.READ, 900, None, foreign)),
        (READER, "a read that is not theirs", None, Change(Kind.READ, 900, None, claimed)),
        (READER, "handed out in it was changed", 1, Change(Kind.HAIR, 1, study.reads[1].hairs[1], None)),
    ):
        changed = Path(shutil.copy(work, work.with_name("changed.h5")))
        refused(path, extended(changed, user, change, read_id=read_id), said)


def test_values_that_the_trail_does_not_lead_to_are_refused(files):
    path, work, _ = files
    own = next(r for r in read_study(work).study.reads_of(1) if r.editable)
    changed = rewritten(work, lambda study: of_read(study, own.id, review=replace(own.review, comment="better")))
    refused(path, changed, "does not hold: Audit row")


def test_a_cut_or_changed_trail_is_refused(files):
    path, work, _ = files
    for rows in (lambda rows: rows[:-1], lambda rows: rows[1:], lambda rows: (*rows[:3], *rows[4:])):
        changed = rewritten(Path(shutil.copy(work, work.with_name("changed.h5"))), rows=rows)
        refused(path, changed, "does not hold")
    changed = rewritten(
        Path(shutil.copy(work, work.with_name("changed.h5"))),
        rows=lambda rows: (replace(rows[0], utc="2026-01-01T00:00:00.000Z"), *rows[1:]),
    )
    refused(path, changed, "does not hold: Audit row 1")


@pytest.mark.slow
def test_a_changed_byte_is_refused_or_harmless(files):
    path, work, _ = files
    good, rng = work.read_bytes(), Random(7)
    expected = [annotation_digest(r) for r in merged(Path(shutil.copy(path, path.with_name("e.h5"))), work)[0].reads]
    study = read_study(path).study
    places = [rng.randrange(len(good)) for _ in range(24)]
    n_refused = 0
    for place in places:
        data = bytearray(good)
        data[place] ^= 1 << rng.randrange(8)
        work.write_bytes(data)
        try:
            checked = check_work_file(study, work)
        except UserFacingError:
            n_refused += 1
            continue
        found = [r for r in checked.work.reads.values() if r.editable]
        assert [annotation_digest(r) for r in found] == expected
    assert n_refused > 4


# --- remarks and signatures


def signature(read, study, head):
    return Signature(1, read.id, READER, Meaning.AUTHORSHIP, "2026-11-20T10:00:00Z", study.images[read.image_id].sha256,
                     annotation_digest(read), head)  # fmt: skip


def test_remarks_and_signatures_come_along_once(files):
    path, work, _ = files
    study = read_study(work).study
    own = next(r for r in study.reads_of(2) if r.editable)
    extended(work, READER, Change(Kind.REMARK, 1, None, Remark(1, own.id, READER, "2026-11-20T10:00:00Z", "blurred")))
    answer = Remark(2, own.id, READER, "2026-11-20T10:01:00Z", "at the left", answers=1)
    extended(work, READER, Change(Kind.REMARK, 2, None, answer))
    found, study = merged(path, work)
    came = next(r for r in found.reads if annotation_digest(r) == annotation_digest(own) and r.package)
    ids = sorted(study.remarks)
    assert [(study.remarks[i].text, study.remarks[i].answers) for i in ids] == [
        ("blurred", None),
        ("at the left", ids[0]),
    ]
    assert {study.remarks[i].read_id for i in ids} <= {r.id for r in found.reads}
    signed = signature(own, read_study(work).study, read_study(work).audit_rows[-1].sha256)
    extended(work, READER, Change(Kind.SIGNATURE, 1, None, signed))
    found, study = merged(path, work)
    assert found.reads == ()
    (there,) = study.signatures.values()
    assert replace(there, id=1, read_id=own.id) == signed
    assert study.reads[there.read_id].package
    assert came.package
    assert merged(path, work)[0].patch is None
    assert len(study.remarks) == 2


# --- kills

KILLED = """
import os, sys, threading, time
os.environ["TRICHODESK_HOME"] = sys.argv[3]
from pathlib import Path
from workstation.blinding.merging import merge_work_file
from workstation.session import open_study
session = open_study(Path(sys.argv[1]), "Ada Lovelace")
delay_s = float(sys.argv[4])
threading.Thread(target=lambda: (time.sleep(delay_s), os.kill(os.getpid(), 9)), daemon=True).start()
merge_work_file(session, Path(sys.argv[2]))
time.sleep(5)
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such kill")
def test_a_killed_merge_is_whole_or_not_at_all(files, own_home):
    path, work, _ = files
    n_before, outcomes = len(read_study(path).study.reads), set()
    clean = path.read_bytes()
    for delay_s in np.linspace(0.05, 1.6, 4):
        path.write_bytes(clean)
        home = own_home / f"{delay_s:.2f}"
        command = [sys.executable, "-c", KILLED, str(path), str(work), str(home), str(delay_s)]
        subprocess.run(command, check=False, cwd=Path(__file__).parents[3], capture_output=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TRICHODESK_HOME", str(home))
            with open_study(path, OWNER) as session:
                outcomes.add(len(session.study.reads) - n_before)
                merge_work_file(session, work)
                assert len(session.study.reads) - n_before == 11
            assert holds(path)
    assert outcomes <= {0, 11}
