"""Which state of a study an export shows, and whether it still does."""

import hashlib
import json
from dataclasses import replace

import pytest

from tests.workstation.export.states import STATE
from tests.workstation.small_study import make_hair, make_image, make_read, make_study, worked_study
from workstation.edits.hairs import set_status
from workstation.errors import UserFacingError
from workstation.export.manifest import FILE_NAME, check_export, read_entries, record
from workstation.export.state import ExportState, export_state, staleness
from workstation.export.study_files import export_session, export_study
from workstation.model.hair import Status
from workstation.session import create_study, open_study

LATER = replace(STATE, revision=15, audit_sha256="c" * 64)


@pytest.fixture
def path(tmp_path):
    create_study(tmp_path / "trial.h5", worked_study(), user="Ada")
    return tmp_path / "trial.h5"


def edit(session):
    session.document.apply(set_status(session.study.reads[1], [1], Status.REJECTED))


def texts(folder, now):
    return {checked.entry.format: checked.text for checked in check_export(folder, now)}


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (replace(STATE, utc="2027-01-01T00:00:00Z", content_sha256="", title="x", study="copy"), ""),
        (LATER, "made from an older state (revision 12; the study is at 15)"),
        (
            replace(STATE, revision=3, audit_sha256="d" * 64),
            "made from a newer state (revision 12; the study is at 3)",
        ),
        (
            replace(STATE, audit_sha256="d" * 64),
            "made from another state of the same revision (12): the study was edited elsewhere",
        ),
        (replace(STATE, study_id="other"), "made from another study (trial)"),
        (replace(STATE, software="trichodesk 0.2.0"), "made by trichodesk 0.1.0; this is trichodesk 0.2.0"),
    ],
)
def test_staleness_is_said_in_words(now, said):
    assert staleness(STATE, now) == said


def test_a_state_goes_into_json_and_comes_back():
    assert ExportState.from_dict(json.loads(json.dumps({**STATE.as_dict(), "more": 1}))) == STATE
    for broken in ({"revision": "12"}, {"revision": True}, {"utc": None}):
        with pytest.raises(ValueError, match="of the wrong kind"):
            ExportState.from_dict({**STATE.as_dict(), **broken})
    assert STATE.text == f"revision 12 · state {'a' * 12} · trichodesk 0.1.0 · 2026-02-03T09:15:00Z"


def test_the_state_of_a_session_counts_unsaved_edits(path):
    with open_study(path, "Ada") as session:
        new = export_state(session)
        assert (new.revision, new.study, new.study_id) == (1, "trial", worked_study().id)
        assert new.audit_sha256 == session.state.audit_sha256
        assert new.content_sha256 == session.state.digest
        edit(session)
        edited = export_state(session)
        assert (edited.revision, edited.content_sha256) == (2, "")
        assert edited.audit_sha256 != new.audit_sha256
        session.save()
        saved = export_state(session)
        assert (saved.audit_sha256, saved.content_sha256) == (edited.audit_sha256, session.state.digest)
    with open_study(path, "Bo", read_only=True) as session:
        assert replace(export_state(session), utc=saved.utc) == saved


def test_a_folder_says_what_it_was_made_from(path, tmp_path):
    out = tmp_path / "out"
    with open_study(path, "Ada") as session:
        written = export_session(session, out, ["csv", "geojson"])
    found = json.loads((out / FILE_NAME).read_text(encoding="utf-8"))
    assert (found["format"], found["version"]) == ("trichodesk export", 1)
    assert [entry["format"] for entry in found["exports"]] == ["csv", "geojson"]
    files = {file["name"]: file["sha256"] for entry in found["exports"] for file in entry["files"]}
    assert files == {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in written}
    assert found["exports"][0]["state"]["revision"] == 1


def test_an_edit_makes_it_stale_and_exporting_again_mends_it(path, tmp_path):
    out = tmp_path / "out"
    with open_study(path, "Ada") as session:
        export_session(session, out, ["csv", "geojson"])
        assert texts(out, export_state(session)) == {"csv": "up to date", "geojson": "up to date"}
        edit(session)
        older = "made from an older state (revision 1; the study is at 2)"
        assert texts(out, export_state(session)) == {"csv": older, "geojson": older}
        export_session(session, out, ["csv"])
        assert texts(out, export_state(session)) == {"geojson": older, "csv": "up to date"}


def test_files_that_were_changed_or_are_gone_are_named(tmp_path):
    export_study(worked_study(), tmp_path, "csv", state=STATE)
    with (tmp_path / "hairs.csv").open("a") as file:
        file.write("more\n")
    assert texts(tmp_path, STATE) == {"csv": "hairs.csv was changed since"}
    for name in ("units", "images", "visits", "subjects"):
        (tmp_path / f"{name}.csv").unlink()
    assert texts(tmp_path, LATER) == {
        "csv": "made from an older state (revision 12; the study is at 15); hairs.csv was changed since; "
        "subjects.csv, visits.csv, images.csv and 1 more files are missing"
    }


def several(*names):
    images = [make_image(i, 1, name) for i, name in enumerate(names, start=1)]
    return make_study([make_read([], id_=i, image_id=i) for i in range(1, len(names) + 1)], images)


def test_what_is_left_over_of_an_earlier_export_goes_unless_it_was_touched(tmp_path):
    export_study(several("a.png", "b.png", "c.png"), tmp_path, "geojson", state=STATE)
    (tmp_path / "notes.geojson").write_text("mine")
    (tmp_path / "c.geojson").write_text("mine, too")
    export_study(several("a.png"), tmp_path, "geojson", state=LATER)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.geojson", "c.geojson", "export.json", "notes.geojson"]
    assert [list(entry.files) for entry in read_entries(tmp_path)] == [["a.geojson"]]


def test_another_study_s_files_are_left_alone(tmp_path):
    export_study(several("a.png", "b.png"), tmp_path, "geojson", state=STATE)
    export_study(several("c.png"), tmp_path, "geojson", state=replace(STATE, study_id="other"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.geojson", "b.geojson", "c.geojson", "export.json"]


def test_what_was_written_by_other_means_is_noted_too(tmp_path):
    export_study(worked_study(), tmp_path, "geojson", state=STATE)
    (tmp_path / "report.pdf").write_bytes(b"%PDF")
    record(tmp_path, "report", STATE, [tmp_path / "report.pdf"])
    older = "made from an older state (revision 12; the study is at 15)"
    assert texts(tmp_path, LATER) == {"geojson": older, "report": older}
    record(tmp_path, "report", LATER, [tmp_path / "report.pdf"])
    assert texts(tmp_path, LATER) == {"geojson": older, "report": "up to date"}


def test_a_file_of_two_formats_belongs_to_the_later(tmp_path):
    hair = make_hair(1, 2, [[10, 10], [20, 10]])
    study = make_study([make_read([hair])])
    export_study(study, tmp_path, "csv", state=STATE)
    export_study(study, tmp_path, ["xlsx", "coco", "parquet"], state=LATER)
    assert {entry.format: entry.state.revision for entry in read_entries(tmp_path)} == {
        "csv": 12, "xlsx": 15, "coco": 15, "parquet": 15,
    }  # fmt: skip


def test_a_folder_without_an_export_is_refused(tmp_path):
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(UserFacingError, match=r"there is no export\.json .* Export into it first\."):
            check_export(folder, STATE)


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "null", "{", '{"format": "other", "version": 1, "exports": []}',
        '{"format": "trichodesk export", "version": 1, "exports": 7}', "[" * 5000,
    ],
)  # fmt: skip
def test_a_manifest_that_makes_no_sense_is_refused_and_replaced_by_an_export(tmp_path, text):
    (tmp_path / FILE_NAME).write_text(text)
    with pytest.raises(UserFacingError, match=r"does not say what was exported .* Remove it and export again\."):
        check_export(tmp_path, STATE)
    export_study(worked_study(), tmp_path, "geojson", state=STATE)
    assert texts(tmp_path, STATE) == {"geojson": "up to date"}


@pytest.mark.parametrize("name", ["../victim.txt", "/etc/passwd", "..", "sub/x.csv", "..\\x"])
def test_nothing_outside_the_folder_is_read_or_removed_on_a_manifest_s_word(tmp_path, name):
    victim, out = tmp_path / "victim.txt", tmp_path / "out"
    victim.write_text("mine")
    out.mkdir()
    sha256 = hashlib.sha256(b"mine").hexdigest()
    entry = {"format": "geojson", "state": STATE.as_dict(), "files": [{"name": name, "sha256": sha256}]}
    content = {"format": "trichodesk export", "version": 1, "exports": [entry]}
    (out / FILE_NAME).write_text(json.dumps(content))
    with pytest.raises(UserFacingError, match="is no file of it"):
        check_export(out, STATE)
    export_study(worked_study(), out, "geojson", state=STATE)
    assert victim.read_text() == "mine"


def test_every_kind_of_file_carries_the_state(tmp_path):
    export_study(worked_study(), tmp_path, "geojson", state=STATE)
    about = json.loads((tmp_path / "scalp.geojson").read_text(encoding="utf-8"))["trichodesk"]
    assert about["state"] == STATE.as_dict()


def test_a_folder_in_the_place_of_a_file_stops_the_export_before_anything_is_replaced(tmp_path):
    (tmp_path / "units.csv").mkdir()
    with pytest.raises(UserFacingError, match=r"units\.csv"):
        export_study(worked_study(), tmp_path, ["csv"], state=STATE)
    assert [path.name for path in tmp_path.iterdir()] == ["units.csv"]
