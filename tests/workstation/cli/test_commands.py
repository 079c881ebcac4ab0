import csv
import json
import re

import cv2
import pytest

from analysis.progress import Cancelled
from workstation.edits.hairs import set_status
from workstation.model.hair import Status
from workstation.session import open_study


def test_images_become_a_study_that_is_measured_exported_and_verified(run, run_json, image, tmp_path):
    study, out = tmp_path / "x.h5", tmp_path / "out"
    found = run_json("detect", image, "--um-per-px", 7, "-o", study)
    assert [(one["image"], one["hairs"]) for one in found] == [("scan.png", 4)]
    assert (tmp_path / "x.images" / "scan.png").read_bytes() == image.read_bytes()

    (row,) = run_json("measure", study)
    assert (row["image"], row["hair_count"], row["um_per_px"]) == ("scan.png", 4, 7)

    assert run_json("export", study, "-o", out, "--format", "geojson") == [str(out / "scan.geojson")]
    features = json.loads((out / "scan.geojson").read_text())["features"]
    assert sum(f["properties"]["kind"] == "hair" for f in features) == 4

    tables = {str(out / name) for name in ("images.csv", "hairs.csv", "units.csv", "matches.csv", "changes.csv")}
    assert tables < set(run_json("export", study, "-o", out, "--format", "csv"))
    assert run_json("verify", study)["holds"] is True


def test_a_manifest_becomes_a_study(run, run_json, image, tmp_path):
    second = tmp_path / "later.png"
    cv2.imwrite(str(second), cv2.imread(str(image))[:, ::-1])
    manifest = tmp_path / "visits.csv"
    manifest.write_text(
        "subject,visit,site,image,week,um_per_px,camera operator\n"
        "S01,baseline,vertex,scan.png,0,7,AB\nS01,week 12,vertex,later.png,12,,CD\n"
    )
    study = tmp_path / "trial.h5"
    status, out, err = run("new", study, manifest)
    assert (status, out) == (0, "")
    assert "1 image has no scale" in err
    status, _, _ = run("detect", study)
    assert status == 0
    rows = run_json("measure", study)
    assert [(r["subject"], r["visit"], r["week"]) for r in rows] == [("S01", "baseline", 0), ("S01", "week 12", 12)]
    assert rows[0]["hair_density_per_cm2"] > 0
    assert rows[1]["hair_density_per_cm2"] is None
    assert rows[1]["hair_count"] == 4


def test_a_bad_manifest_is_refused_with_line_and_column_and_nothing_is_made(run, image, tmp_path):
    manifest = tmp_path / "visits.csv"
    manifest.write_text("subject,visit,site,image,um_per_px\nS01,baseline,vertex,scan.png,-5\n")
    status, _, err = run("new", tmp_path / "trial.h5", manifest)
    assert status == 1
    assert re.search(r"line 2, column .?um_per_px", err)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["scan.png", "visits.csv"]


def test_the_endpoints_are_printed_as_csv(run, study):
    status, out, _ = run("measure", study, "--format", "csv")
    assert status == 0
    (row,) = csv.DictReader(out.splitlines())
    assert (row["image"], row["hair_count"], row["read_state"]) == ("scan.png", "4", "detected")


def test_the_endpoints_are_printed_for_a_person(run, study):
    status, out, _ = run("measure", study)
    assert status == 0
    assert re.search(r"hair_count +4\b", out)
    assert re.search(r"hair_density_per_cm2 +1/cm² ", out)


def test_many_images_fit_a_narrow_terminal(run, image, tmp_path, monkeypatch):
    copies = [tmp_path / f"left_parietal_{n}.png" for n in range(3)]
    for copy in copies:
        copy.write_bytes(image.read_bytes())
    assert run("detect", *copies, "--um-per-px", 7, "-o", tmp_path / "many.h5")[0] == 0
    monkeypatch.setattr("workstation.cli.console.output.width", 80)
    status, out, err = run("measure", tmp_path / "many.h5")
    assert status == 0
    assert "All endpoints: --format csv or json." in err
    assert max(map(len, out.splitlines())) <= 80
    density = 4 / (240 * 320 * 0.0007**2)
    assert len(re.findall(rf"left_parietal_\d.png +{density:.1f} ", out)) == 3


def test_corrections_outlive_a_new_detection(run, run_json, study):
    with open_study(study, "Ada") as session:
        read = session.document.current_reader_read(1)
        session.document.apply(set_status(read, [1], Status.REJECTED))
        session.save()
    assert run("detect", study)[2].startswith("Every image has a detection already")
    assert run_json("detect", study, "--again")[0]["hairs"] == 4
    (row,) = run_json("measure", study)
    assert (row["reader"], row["hair_count"]) == ("Ada", 3)
    assert [r["reader"] for r in run_json("measure", study, "--all-reads")] == ["trichodesk", "Ada", "trichodesk"]


def test_unsaved_edits_count_and_are_told(run, run_json, study):
    with open_study(study, "Ada") as session:
        read = session.document.current_reader_read(1)
        session.document.apply(set_status(read, [1], Status.REJECTED))
    status, _, err = run("measure", study, "--format", "csv")
    assert status == 0
    assert "with 2 edits" in err
    assert run_json("measure", study)[0]["hair_count"] == 3


def test_a_study_that_somebody_edits_is_read_but_not_changed(run, run_json, study):
    with open_study(study, "Ada"):
        before = study.read_bytes()
        status, _, err = run("detect", study, "--again")
        assert status == 1
        assert "cannot be changed now" in err
        assert "has it open" in err
        assert run_json("measure", study)[0]["hair_count"] == 4
        assert study.read_bytes() == before


def test_ctrl_c_leaves_every_file_as_it_was(run, study, monkeypatch):
    before = {p: p.read_bytes() for p in study.parent.rglob("*") if p.is_file()}

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("workstation.cli.many.detect_all", interrupted)
    status, out, err = run("detect", study, "--again")
    assert (status, out) == (130, "")
    assert "what was found so far is kept; go on with: trichodesk detect" in err
    assert {p: p.read_bytes() for p in study.parent.rglob("*") if p.is_file()} == before


def test_a_cancelled_import_leaves_nothing(run, image, tmp_path, monkeypatch):
    def cancelled(*_: object, **__: object) -> None:
        raise Cancelled

    monkeypatch.setattr("workstation.cli.detect.study_from_images", cancelled)
    assert run("detect", image, "-o", tmp_path / "x.h5")[0] == 130
    assert sorted(p.name for p in tmp_path.iterdir()) == ["scan.png"]


def test_two_jobs_find_what_one_finds(run_json, image, tmp_path):
    other = tmp_path / "other.png"
    other.write_bytes(image.read_bytes())
    found = run_json("detect", image, other, "--um-per-px", 7, "--jobs", 2, "-o", tmp_path / "two.h5")
    assert sorted((one["image"], one["hairs"]) for one in found) == [("other.png", 4), ("scan.png", 4)]


def test_images_kept_inside_need_no_folder(run, run_json, image, tmp_path):
    study = tmp_path / "inside.h5"
    assert run("detect", image, "--um-per-px", 7, "--embed", "-o", study)[0] == 0
    assert not (tmp_path / "inside.images").exists()
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    study.rename(moved / "inside.h5")
    assert run_json("detect", moved / "inside.h5", "--again")[0]["hairs"] == 4
    assert run_json("verify", moved / "inside.h5")["holds"] is True


def test_verify_names_an_image_that_changed(run, study):
    kept = study.parent / "study.images" / "scan.png"
    kept.unlink()
    kept.write_bytes(b"another picture")
    status, out, _ = run("verify", study)
    assert status == 1
    assert re.search(r"FAILS +images .*scan.png", out)


def test_an_image_that_changed_fails_alone(run, study):
    kept = study.parent / "study.images" / "scan.png"
    kept.unlink()
    kept.write_bytes(b"another picture")
    status, _, err = run("detect", study, "--again")
    assert status == 1
    assert "the image changed since it was imported" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["detect"],
        ["detect", "scan.png"],
        ["detect", "study.h5", "-o", "other.h5"],
        ["detect", "study.h5", "scan.png", "-o", "other.h5"],
        ["detect", "scan.png", "-o", "x.h5", "--jobs", "0"],
        ["detect", "scan.png", "-o", "x.h5", "--sensitivity", "2"],
        ["detect", "scan.png", "-o", "x.h5", "--min-width-um", "80", "--max-width-um", "60"],
        ["export", "study.h5", "-o", "out", "--format", "shapefile"],
        ["unheard-of"],
    ],
)
def test_wrong_usage_is_told_apart(run, arguments):
    assert run(*arguments)[0] == 2


@pytest.mark.parametrize("scale", ["-5", "0", "1e6", "nan"])
def test_an_absurd_scale_is_refused_before_anything_is_made(run, image, tmp_path, scale):
    status, _, err = run("detect", image, f"--um-per-px={scale}", "-o", tmp_path / "x.h5")
    assert status == 1
    assert "not plausible" in err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["scan.png"]


@pytest.mark.parametrize("how", [["other.png"], ["scan.png", "--embed"], ["scan.png", "--um-per-px", "9"]])
def test_an_existing_study_is_never_replaced(run, study, image, how):
    cv2.imwrite(str(image.with_name("other.png")), cv2.imread(str(image))[::-1])
    before = study.read_bytes()
    status, _, err = run("detect", image.with_name(how[0]), *how[1:], "-o", study)
    assert status == 1
    assert "already a file of this name" in err
    assert study.read_bytes() == before


def test_zero_hairs_are_a_result_with_a_hint(run, run_json, tmp_path):
    from tests.workstation.cli.conftest import field_of_rods

    path = tmp_path / "bare.png"
    cv2.imwrite(str(path), field_of_rods(0))
    status, _, err = run("detect", path, "--um-per-px", 7, "-o", tmp_path / "bare.h5")
    assert status == 0
    assert "no hair was found" in err
    (row,) = run_json("measure", tmp_path / "bare.h5")
    assert (row["hair_count"], row["mean_hair_width_um"]) == (0, None)


def test_help_and_version(run):
    status, out, _ = run("--help")
    assert status == 0
    assert all(command in out for command in ("demo", "new", "detect", "measure", "export", "verify"))
    assert run("--version")[1].startswith("trichodesk ")
