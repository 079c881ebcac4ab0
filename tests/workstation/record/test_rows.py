"""The rows of the record: what each says, work files in their place in time, what was changed after submission."""

from dataclasses import asdict, replace
from types import MappingProxyType

from tests.property.test_trial_edits import Trail
from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from workstation import edits
from workstation.document import Document
from workstation.edits.people import add_person, enrol_key
from workstation.edits.reads import begin_read
from workstation.edits.settings import set_calibration
from workstation.model.hair import Status
from workstation.model.package import Package, PackageItem, Returned, Start
from workstation.model.patch import Kind
from workstation.model.people import Role
from workstation.model.read import DETECTOR, ReadState
from workstation.record.csv_file import audit_rows, differences_of, write_audit_csv
from workstation.record.filtering import GROUPS, Wanted, matching
from workstation.record.rows import about, record_of
from workstation.storage.codec import canonical

KEY = "A" * 43 + "="
LINE = [(100.0, 100.0), (160.0, 180.0)]  # 100 px, at 10 µm/px a millimetre


def worked():
    """A detection, Ada's read of it with a correction, submitted, withdrawn, corrected again and the last undone."""
    detected = make_read([make_hair(1, 7, LINE)], state=ReadState.DETECTED, reader=DETECTOR)
    study = make_study([detected], [make_image(), make_image(2, source_name="other.png")])
    trail = Trail(study)
    document = Document(study, trail, "Ada")
    document.apply(begin_read(study, 1, 1, "Ada", "2026-02-03T10:00:00Z"))

    def do(make, reason=""):
        document.apply(make(document.study.reads[2]), reason=reason)

    do(lambda read: edits.set_width(read, [1], 6.2), "blurred")
    do(edits.submit)
    do(edits.withdraw_read)
    do(lambda read: edits.set_status(read, [1], Status.REJECTED), "=HYPERLINK(1)")
    do(lambda read: edits.comment_image(read, "glare"))
    document.undo()
    return document.study, trail.rows


def test_each_row_says_what_was_done_to_which_image():
    record = record_of(*worked())
    assert [(r.row.seq, r.what) for r in record.rows] == [
        (1, "Begin read"), (2, "Set width"), (3, "Submit"), (4, "Withdraw"), (5, "Reject hairs"),
        (6, "Comment on image"), (7, "Undo: comment on image"),
    ]  # fmt: skip
    assert {r.image for r in record.rows} == {"scalp.png"}
    assert {r.reader for r in record.rows} == {"Ada"}
    assert record.head_sha256 == record.rows[-1].row.sha256
    assert about(record.rows[1]) == "hair 1"


def test_what_changed_after_submission_is_marked():
    record = record_of(*worked())
    assert [r.row.seq for r in record.rows if r.after_submission] == [5, 6, 7]  # to submit and withdraw is none


def test_differences_are_in_words_with_units():
    record = record_of(*worked())
    width, *_ = differences_of(record, record.rows[1])
    assert (width.what, width.before, width.after) == ("hair 1, width", "50.0 µm", "62.0 µm (set by hand)")
    assert [str(d) for d in differences_of(record, record.rows[4])] == [
        "hair 1, status: accepted → rejected"
    ]  # a width set by hand accepts
    assert str(differences_of(record, record.rows[0])[0]).startswith(
        "read 2: none → as read 1; by Ada; state in review"
    )
    assert [str(d) for d in differences_of(record, record.rows[6])] == ["review, comment: glare → none"]


def test_values_with_values_of_their_own_are_told_too():
    study, _ = worked()
    trail = Trail(study)
    document = Document(study, trail, "Ada")
    document.apply(set_calibration(study, 1, 7.5))
    document.apply(add_person(document.study, "Bo", [Role.ASSESSOR]))
    document.apply(enrol_key(document.study, "Bo", KEY, now_utc="2026-02-03T10:00:00Z"))
    record = record_of(document.study, trail.rows)
    told = [str(d) for row in record.rows for d in differences_of(record, row)]
    assert "image 1, scale: 10 µm/px (manifest) → 7.5 µm/px (drawn)" in told
    assert f"person Bo, keys: none → enrolled 2026-02-03T10:00:00Z; key {KEY}" in told


def test_a_moved_hair_says_how_far():
    study, _ = worked()
    trail = Trail(study)
    document = Document(study, trail, "Ada")
    document.apply(edits.reshape_hair(document.study.reads[2], 1, [(103.0, 104.0), (160.0, 180.0)]))
    told = [str(d) for d in differences_of(*first_of(document.study, trail.rows))]
    assert "hair 1, root (50.0 µm apart): 100, 100 px → 103, 104 px" in told
    assert "hair 1, length: 1.00 mm → 950 µm" in told


def first_of(study, rows):
    record = record_of(study, rows)
    return record, record.rows[0]


def test_the_field_tells_its_area():
    study, _ = worked()
    trail = Trail(study)
    document = Document(study, trail, "Ada")
    read = document.study.reads[2]
    document.apply(edits.set_field_rectangle(read, document.study.images[1], (100, 100), (300, 200)))
    told = [str(d) for d in differences_of(*first_of(document.study, trail.rows))]
    assert any(t.startswith("field, outline: 100 mm², 4 corners → 2 mm², 4 corners") for t in told), told


def test_rows_of_a_merged_work_file_stand_in_their_place_in_time():
    study, rows = worked()
    work = make_study([], [make_image(4)])
    inside = Trail(work)
    reader = Document(work, inside, "Bo")
    reader.apply(begin_read(work, None, 4, "Bo", "2026-02-03T10:00:00Z"))
    reader.apply(edits.comment_image(reader.study.reads[1], "sharp"))
    times = [row.utc for row in rows]
    between = replace(inside.rows[0], utc=times[2]), replace(inside.rows[1], utc="2999-01-01T00:00:00.000Z")
    came = make_read([], id_=9, image_id=2, reader="Bo", package="P1")
    came = replace(came, created_utc=f"{times[2][:19]}Z")
    package = Package(
        "P1", "Bo", "2026-01-01T00:00:00Z", "Ada", Start.BLANK, work.id, "0" * 64,
        (PackageItem("K7", "A", 2, 4, "1" * 64),),
        Returned("2026-03-01T00:00:00Z", 2, "2" * 64, tuple(canonical(asdict(row)) for row in between)),
    )  # fmt: skip
    study = replace(study, packages=MappingProxyType({"P1": package}), reads=MappingProxyType({**study.reads, 9: came}))
    record = record_of(study, rows)
    places = [(r.row.seq, r.package_reader) for r in record.rows]
    assert places[-1] == (2, "Bo")
    first = places.index((1, "Bo"))
    assert record.rows[first - 1].row.utc <= times[2]
    assert (record.rows[first].image, record.rows[first].reader) == ("other.png", "Bo")
    assert record.rows[first].place == "1 of Bo’s work file"
    assert record.head_sha256 == rows[-1].sha256  # the study's own
    assert [record.rows[i].row.seq for i in matching(record, Wanted(read_id=2))] == [1, 2, 3, 4, 5, 6, 7]


def test_blank_reads_that_began_in_one_second_are_told_apart():
    work = make_study([], [make_image(4), make_image(5)])
    inside = Trail(work)
    reader = Document(work, inside, "Bo")
    for image_id in (5, 4):
        reader.apply(begin_read(reader.study, None, image_id, "Bo", "2026-02-03T10:00:00Z"))
    trail = [replace(row, utc="2026-02-03T10:00:00.500Z") for row in inside.rows]
    items = tuple(PackageItem("K7", "A", image, n, "1" * 64) for image, n in ((1, 4), (2, 5)))
    package = Package(
        "P1", "Bo", "2026-01-01T00:00:00Z", "Ada", Start.BLANK, work.id, "0" * 64, items,
        Returned("2026-03-01T00:00:00Z", 2, "2" * 64, tuple(canonical(asdict(row)) for row in trail)),
    )  # fmt: skip
    came = [
        replace(make_read([], id_=9 + i, image_id=i, reader="Bo", package="P1"), created_utc="2026-02-03T10:00:00Z")
        for i in (1, 2)
    ]
    images = [make_image(), make_image(2, source_name="other.png")]
    study = make_study(came, images, packages=MappingProxyType({"P1": package}))
    assert [row.image for row in record_of(study, []).rows] == ["other.png", "scalp.png"]


def test_what_brought_a_read_in_and_what_was_said_of_it_are_rows_of_that_read():
    study, _ = worked()
    trail = Trail(study)
    document = Document(study, trail, "Bo")
    document.apply(set_calibration(study, 1, 7.5))
    document.apply(begin_read(document.study, 1, 1, "Bo", "2026-02-03T10:00:00Z"))
    document.apply(edits.add_remark(document.study, 2, "Bo", "and the left edge?"))
    document.apply(edits.take_back_remark(document.study, 1))
    record = record_of(document.study, trail.rows)
    found = {i: [record.rows[k].row.seq for k in matching(record, Wanted(read_id=i))] for i in (1, 2, 3)}
    assert found == {1: [], 2: [3, 4], 3: [2]}


def test_filters():
    record = record_of(*worked())

    def found(**wanted):
        return [record.rows[i].row.seq for i in matching(record, Wanted(**wanted))]

    assert found() == [1, 2, 3, 4, 5, 6, 7]
    assert found(by="Bo") == []
    assert found(image_id=1) == [1, 2, 3, 4, 5, 6, 7]
    assert found(image_id=2) == []
    assert found(group="hairs and units") == [2, 5]
    assert found(group="reads and states") == [1, 3, 4, 6, 7]
    assert found(after_submission=True) == [5, 6, 7]
    assert found(text="WIDTH blurred") == [2]
    assert found(text="no such") == []
    assert found(since_utc="2999") == []
    assert found(until_utc=record.rows[0].row.utc[:10]) == [1, 2, 3, 4, 5, 6, 7]
    assert found(until_utc="2001-01-01") == []


def test_every_kind_is_in_one_group():
    kinds = [kind for group in GROUPS.values() for kind in group]
    assert sorted(kinds) == sorted(Kind)


def test_the_table_as_csv(tmp_path):
    record = record_of(*worked())
    write_audit_csv(tmp_path / "audit.csv", record)
    lines = (tmp_path / "audit.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 8
    assert lines[0].startswith("row,work_file_of,utc,user,action,operation,target,image,read_id,reader,changes,reason")
    assert "'=HYPERLINK(1)" in lines[5]
    row = next(audit_rows(record, [1]))
    assert (row["row"], row["user"], row["reason"], row["after_submission"]) == (2, "Ada", "blurred", False)
    assert row["changes"].startswith("hair 1, width: 50.0 µm → 62.0 µm (set by hand)")


def test_a_row_that_cannot_be_read_is_told_as_such():
    study, rows = worked()
    broken = [replace(rows[0], changes='[{"kind":"hair","id":1,"before":null,"after":{"x":1}}]')]
    record = record_of(study, broken)
    assert "not in a form that this version can read" in str(differences_of(record, record.rows[0])[0])
