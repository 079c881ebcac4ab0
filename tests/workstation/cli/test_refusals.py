import errno
import os
from pathlib import Path

import pytest


def contents(folder: Path) -> dict[Path, bytes | None]:
    return {p: p.read_bytes() if p.is_file() else None for p in folder.rglob("*")}


@pytest.fixture
def refused(run, tmp_path):
    """Runs a command that must fail with status 1, say why in a few lines, and change nothing."""

    def refused(*arguments: object) -> str:
        before = contents(tmp_path)
        status, out, err = run(*arguments)
        assert (status, out) == (1, "")
        assert "Traceback" not in err
        assert len(err.splitlines()) <= 4
        assert contents(tmp_path) == before
        return err

    return refused


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.png", None, "there is no such file"),
        ("*.png", None, "there is no such file"),
        ("empty.png", b"", "the file is empty"),
        ("text.png", b"no picture at all", "this is not a JPEG, PNG, TIFF, BMP, WebP or DICOM image"),
        ("x" * 300 + ".png", None, "cannot be opened"),
    ],
)
def test_what_is_no_image(refused, tmp_path, name, content, said):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    err = refused("detect", path, "-o", tmp_path / "x.h5")
    assert said in err
    assert name in err


def test_a_folder_given_as_an_image(refused, tmp_path):
    (tmp_path / "folder.png").mkdir()
    assert "this is a folder, not an image" in refused("detect", tmp_path / "folder.png", "-o", tmp_path / "x.h5")


def test_every_bad_image_is_named_and_none_is_imported(refused, image, tmp_path):
    (tmp_path / "cut.png").write_bytes(image.read_bytes()[:-20])
    err = refused("detect", image, tmp_path / "cut.png", tmp_path / "gone.png", "-o", tmp_path / "x.h5")
    assert "2 images cannot be imported" in err
    assert "cut.png: the PNG file is truncated or damaged" in err
    assert "gone.png: there is no such file" in err


def test_a_file_that_may_not_be_read_is_no_wrong_usage(refused, tmp_path, monkeypatch):
    (tmp_path / "text.h5").write_text("no study")
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    for command in (["measure"], ["detect"], ["new", tmp_path / "x.h5"]):
        refused(*command, tmp_path / "text.h5")


@pytest.mark.parametrize("name", ["out", "x.csv", "scan.jpg"])
def test_a_study_is_named_h5(refused, image, tmp_path, name):
    assert "the name of a study ends in .h5" in refused("detect", image, "-o", tmp_path / name)


def test_a_study_in_a_folder_that_is_missing(refused, image, tmp_path):
    assert "the folder does not exist" in refused("detect", image, "-o", tmp_path / "nowhere" / "x.h5")


def test_a_folder_in_the_studys_place(refused, image, tmp_path):
    (tmp_path / "x.h5").mkdir()
    assert "a folder has this name" in refused("detect", image, "-o", tmp_path / "x.h5")


@pytest.mark.parametrize("stop", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("embed", [False, True])
def test_a_first_save_that_does_not_come_to_its_end_leaves_nothing(run, image, tmp_path, monkeypatch, stop, embed):
    before = contents(tmp_path)

    def fails(*_: object) -> None:
        raise stop

    monkeypatch.setattr("workstation.writing.write_content", fails)
    status, _, err = run("detect", image, "-o", tmp_path / "x.h5", *["--embed"] * embed)
    assert status == (1 if isinstance(stop, OSError) else 130)
    assert ("the disk is full" if isinstance(stop, OSError) else "no file was changed") in err
    assert contents(tmp_path) == before


def test_a_study_that_was_saved_keeps_its_images_though_stopped_just_after(run, run_json, image, tmp_path, monkeypatch):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopping:
        stopping.setattr("workstation.storage.journal.StudyJournal.mark_saved", interrupted)
        assert run("detect", image, "--um-per-px", 7, "-o", tmp_path / "x.h5")[0] == 130
    assert run_json("verify", tmp_path / "x.h5")["holds"] is True
    assert run_json("detect", tmp_path / "x.h5")[0]["hairs"] == 4


def test_a_write_protected_study_is_refused_before_detection(refused, study, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode, **_: not mode & os.W_OK)
    monkeypatch.setattr("workstation.cli.many.detect_all", lambda *_, **__: pytest.fail("it took the time"))
    assert "cannot be changed now: the file is write-protected" in refused("detect", study, "--again")


@pytest.mark.parametrize("command", ["measure", "detect"])
def test_what_is_no_study(refused, tmp_path, command):
    assert "there is no such file" in refused(command, tmp_path / "gone.h5")
    (tmp_path / "text.h5").write_text("no study")
    assert "this is not a study file" in refused(command, tmp_path / "text.h5")


def test_an_export_into_a_file(refused, study, image):
    assert "a file has this name" in refused("export", study, "-o", image, "--format", "csv")


@pytest.mark.parametrize("format", ["geojson", "csv", "xlsx", "coco", "parquet"])
def test_an_export_that_is_stopped_leaves_every_file_as_it_was(run, study, tmp_path, monkeypatch, format):
    out = tmp_path / "out"
    for name in ("scan.geojson", "images.csv", "notes.txt"):
        out.mkdir(exist_ok=True)
        (out / name).write_text("as it was")
    before = contents(tmp_path)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    for stop, status in ((interrupted, 130), (full, 1)):
        with monkeypatch.context() as stopping:
            stopping.setattr("workstation.storage.atomic.sync_file", stop)
            assert run("export", study, "-o", out, "--format", format)[0] == status
            assert contents(tmp_path) == before
            assert run("export", study, "-o", tmp_path / "new", "--format", format)[0] == status
            assert contents(tmp_path) == before
    assert run("export", study, "-o", out, "--format", format)[0] == 0
    assert (out / "notes.txt").read_text() == "as it was"
    assert contents(tmp_path) != before


def test_a_study_without_a_detection_has_nothing_to_export(run, image, tmp_path):
    manifest = tmp_path / "visits.csv"
    manifest.write_text("subject,visit,site,image\nS01,baseline,vertex,scan.png\n")
    assert run("new", tmp_path / "x.h5", manifest)[0] == 0
    status, out, err = run("export", tmp_path / "x.h5", "-o", tmp_path / "out", "--format", "geojson")
    assert (status, out) == (0, "")
    assert "no image has a detection yet. Next: trichodesk detect" in err


def test_verify_tells_on_standard_error_which_file_fails(run, tmp_path):
    (tmp_path / "text.h5").write_text("no study")
    status, _, err = run("verify", tmp_path / "text.h5")
    assert status == 1
    assert "text.h5: does not hold: file" in err


def test_the_same_picture_under_two_names_is_noted(run, image, tmp_path):
    (tmp_path / "copy.png").write_bytes(image.read_bytes())
    status, _, err = run("detect", image, image, tmp_path / "copy.png", "-o", tmp_path / "x.h5")
    assert status == 0
    assert "2 images" in err
    assert "are the same picture" in err


def test_names_of_any_script_and_length(run, run_json, image, tmp_path):
    folders = [tmp_path / "Ärzte ☃", tmp_path / "второй"]
    names = ["naïve 写真 💡.png", "x" * 240 + ".png"]
    for folder in folders:
        folder.mkdir()
        for name in names:
            (folder / name).write_bytes(image.read_bytes())
    study = tmp_path / "über.h5"
    assert run("detect", *[f / n for f in folders for n in names], "--um-per-px", 7, "-o", study)[0] == 0
    rows = run_json("measure", study)
    assert [row["hair_count"] for row in rows] == [4, 4, 4, 4]
    assert len({row["image"] for row in rows}) == 4
    assert len(run_json("export", study, "-o", tmp_path / "out", "--format", "geojson")) == 4
