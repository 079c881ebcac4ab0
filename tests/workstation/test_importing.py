import errno
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from analysis.calibration import Calibration, CalibrationSource
from analysis.progress import Cancelled
from tests.workstation.images.files import saved, texture
from workstation.errors import UserFacingError
from workstation.images import load_of
from workstation.importing import (
    add_images,
    discard_embedded,
    embedded_files,
    images_folder,
    same_pictures,
    study_from_images,
    study_from_manifest,
)
from workstation.manifest import Manifest, read_manifest
from workstation.model.study import Study
from workstation.weeks import week_of


@pytest.fixture
def camera(tmp_path: Path) -> Path:
    folder = tmp_path / "camera"
    for number, name in enumerate(("a.png", "b.png", "w4/a.png", "c d é.png")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(saved(texture(seed=number), "PNG"))
    return folder


@pytest.fixture
def study_path(tmp_path: Path) -> Path:
    (tmp_path / "trial").mkdir()
    return tmp_path / "trial" / "serum 1.h5"


def manifest(camera: Path, *lines: str, header: str = "subject,visit,site,image") -> Manifest:
    path = camera / "visits.csv"
    path.write_text("\n".join([header, *lines]))
    return read_manifest(path)


def files(study_path: Path) -> dict[str, bytes]:
    folder = images_folder(study_path)
    return {p.name: p.read_bytes() for p in folder.iterdir()} if folder.exists() else {}


def names(study: Study) -> list[str]:
    return [record.path for record in study.images.values()]


def test_a_study_from_a_manifest(camera: Path, study_path: Path) -> None:
    table = manifest(
        camera,
        "S1,week 4,vertex,w4/a.png,2026-02-01,5,,f,30,Ludwig I,serum,,left handed",
        "S1,baseline,vertex,b.png,2026-01-01,,Microscope 70x,,,,,,",
        "S2,baseline,crown,c d é.png,,,,m,,,,0,",
        header="subject,visit,site,image,date,um_per_px,device,sex,age,grade,arm,week,remark",
    )
    study = study_from_manifest(table, study_path)
    assert {s.id: (s.sex, s.age, s.grade, s.arm) for s in study.subjects.values()} == {
        "S1": ("female", 30.0, "Ludwig I", "serum"), "S2": ("male", None, "", ""),
    }  # fmt: skip
    assert [(v.id, v.subject, v.name, v.week, v.date) for v in study.visits.values()] == [
        (1, "S1", "baseline", 0.0, "2026-01-01"),
        (2, "S1", "week 4", 4.0, "2026-02-01"),
        (3, "S2", "baseline", 0.0, ""),
    ]
    first, second, third = study.images.values()
    assert (first.id, first.visit_id, first.site, first.path) == (1, 2, "vertex", "serum 1.images/a.png")
    assert (first.width_px, first.height_px, first.source_name) == (80, 60, "a.png")
    assert first.calibration == Calibration(5.0, CalibrationSource.MANIFEST)
    assert dict(first.notes) == {"remark": "left handed"}
    assert first.sha256 == hashlib.sha256((camera / "w4/a.png").read_bytes()).hexdigest()
    assert second.calibration is None  # 80 × 60 has other proportions than that camera's images
    assert third.path == "serum 1.images/c d é.png"
    assert files(study_path)["c d é.png"] == (camera / "c d é.png").read_bytes()
    for record in study.images.values():
        assert load_of(study_path.parent, record).width_px == 80
    assert study.reads == {}


def test_where_a_scale_comes_from(camera: Path, study_path: Path) -> None:
    dpi = 25400 / 8
    for name in ("given.png", "device.png", "metadata.png"):
        (camera / name).write_bytes(saved(texture(64, 80, seed=len(name)), "PNG", dpi=(dpi, dpi)))
    table = manifest(
        camera, "S,1,x,given.png,5,70x", "S,1,x,device.png,,70x", "S,1,x,metadata.png,,", "S,1,x,a.png,,",
        header="subject,visit,site,image,um_per_px,device",
    )  # fmt: skip
    given, device, metadata, none = study_from_manifest(table, study_path).images.values()
    assert given.calibration == Calibration(5.0, CalibrationSource.MANIFEST)
    assert device.calibration == Calibration(5.525 * 16, CalibrationSource.DEVICE)
    assert metadata.calibration is not None
    assert metadata.calibration.source is CalibrationSource.METADATA
    assert metadata.calibration.um_per_px == pytest.approx(8.0, rel=1e-4)
    assert none.calibration is None


def test_images_without_a_manifest(camera: Path, study_path: Path) -> None:
    paths = [camera / "a.png", camera / "w4/a.png", camera / "b.png", camera / "w4/../b.png"]
    study = study_from_images(paths, 5.34, study_path)
    assert list(study.subjects) == ["unnamed"]
    assert [v.name for v in study.visits.values()] == ["single"]
    assert [r.site for r in study.images.values()] == ["a", "a 2", "b"]
    assert {r.calibration for r in study.images.values()} == {Calibration(5.34, CalibrationSource.COMMAND_LINE)}
    assert [r.calibration for r in study_from_images(paths[:1], None, study_path).images.values()] == [None]


def test_absurd_scales_and_no_images_are_refused(camera: Path, study_path: Path) -> None:
    with pytest.raises(UserFacingError, match="a scale of -1 µm/px is not plausible"):
        study_from_images([camera / "a.png"], -1, study_path)
    with pytest.raises(UserFacingError, match="no image is named"):
        study_from_images([], 5, study_path)
    assert files(study_path) == {}


def test_images_of_one_name_are_told_apart(camera: Path, study_path: Path) -> None:
    table = manifest(camera, "S1,base/line,top,a.png", "S1,week 4,top,w4/a.png", "S1,week 4,top,b.png")
    study = study_from_manifest(table, study_path)
    assert names(study) == [
        "serum 1.images/S1_base_line_top_a.png", "serum 1.images/S1_week 4_top_a.png", "serum 1.images/b.png",
    ]  # fmt: skip


def test_the_same_name_for_the_same_visit_and_site_is_numbered(camera: Path, study_path: Path) -> None:
    study = study_from_manifest(manifest(camera, "S,1,x,a.png", "S,1,x,w4/a.png"), study_path)
    assert names(study) == ["serum 1.images/S_1_x_a.png", "serum 1.images/S_1_x_a_2.png"]


def test_another_file_of_that_name_is_never_overwritten(camera: Path, study_path: Path) -> None:
    images_folder(study_path).mkdir()
    (images_folder(study_path) / "a.png").write_bytes(b"somebody's")
    study = study_from_manifest(manifest(camera, "S,1,x,a.png"), study_path)
    assert names(study) == ["serum 1.images/S_1_x_a.png"]
    assert files(study_path) == {"a.png": b"somebody's", "S_1_x_a.png": (camera / "a.png").read_bytes()}


def test_the_same_file_is_used_again(camera: Path, study_path: Path) -> None:
    table = manifest(camera, "S,1,x,a.png")
    study_from_manifest(table, study_path)
    inode = (images_folder(study_path) / "a.png").stat().st_ino
    assert names(study_from_manifest(table, study_path)) == ["serum 1.images/a.png"]
    assert (images_folder(study_path) / "a.png").stat().st_ino == inode
    assert len(files(study_path)) == 1


def test_a_link_in_place_of_the_file_is_not_used(camera: Path, study_path: Path) -> None:
    images_folder(study_path).mkdir()
    (images_folder(study_path) / "a.png").symlink_to(camera / "a.png")
    assert names(study_from_manifest(manifest(camera, "S,1,x,a.png"), study_path)) == ["serum 1.images/S_1_x_a.png"]


def test_a_linked_image_folder_is_refused(camera: Path, study_path: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    images_folder(study_path).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UserFacingError, match="is a link"):
        study_from_manifest(manifest(camera, "S,1,x,a.png"), study_path)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_images_are_linked_where_possible_and_copied_where_not(
    camera: Path, study_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = manifest(camera, "S,1,x,a.png")
    study_from_manifest(table, study_path)
    assert (images_folder(study_path) / "a.png").samefile(camera / "a.png")
    shutil.rmtree(images_folder(study_path))

    def no_links(*_: object, **__: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", no_links)
    study = study_from_manifest(table, study_path)
    assert not (images_folder(study_path) / "a.png").samefile(camera / "a.png")
    assert files(study_path) == {"a.png": (camera / "a.png").read_bytes()}
    assert load_of(study_path.parent, study.images[1]).width_px == 80


def test_every_bad_image_is_named_and_nothing_is_left_behind(camera: Path, study_path: Path) -> None:
    (camera / "b.png").write_bytes((camera / "b.png").read_bytes()[:-1000])
    (camera / "c d é.png").write_bytes(b"no image")
    with pytest.raises(UserFacingError) as caught:
        study_from_images([camera / n for n in ("a.png", "b.png", "c d é.png")], 5, study_path)
    message = str(caught.value)
    assert "2 images cannot be imported" in message
    assert "b.png: the PNG file is truncated or damaged" in message
    assert "c d é.png: this is not a JPEG" in message
    assert not images_folder(study_path).exists()


def test_too_large_images_are_refused(camera: Path, study_path: Path) -> None:
    with pytest.raises(UserFacingError, match=r"the limit is 0\.001"):
        study_from_manifest(manifest(camera, "S,1,x,a.png"), study_path, max_megapixels=0.001)


def test_at_whatever_moment_it_is_cancelled_nothing_is_left_behind(camera: Path, study_path: Path) -> None:
    table = manifest(camera, "S,1,x,a.png", "S,1,x,b.png", "S,1,x,c d é.png")
    calls: list[float] = []
    study_from_manifest(table, study_path, report=lambda _, share: calls.append(share))
    assert calls == sorted(calls)
    assert calls[-1] == 1.0
    shutil.rmtree(images_folder(study_path))
    for stop_at in range(len(calls)):

        def cancel(_: str, __: float, left: Iterator[int] = iter(range(stop_at))) -> None:  # noqa: B008
            if next(left, None) is None:
                raise Cancelled

        with pytest.raises(Cancelled):
            study_from_manifest(table, study_path, report=cancel)
        assert not images_folder(study_path).exists()


@pytest.mark.parametrize(("owner", "function"), [(Path, "read_bytes"), (os, "fsync"), (os, "rename")])
def test_a_full_disk_leaves_no_half_file(
    camera: Path, study_path: Path, monkeypatch: pytest.MonkeyPatch, owner: object, function: str
) -> None:
    def fail(number: int, why: str) -> Callable[..., None]:
        def raising(*_: object, **__: object) -> None:
            raise OSError(number, why)

        return raising

    monkeypatch.setattr(os, "link", fail(errno.EXDEV, "Invalid cross-device link"))
    monkeypatch.setattr(owner, function, fail(errno.ENOSPC, "No space left on device"))
    with pytest.raises(UserFacingError, match="the disk is full"):
        study_from_images([camera / "a.png", camera / "b.png"], 5, study_path)
    assert not images_folder(study_path).exists()


def test_leftovers_of_a_killed_copy_are_removed_and_one_under_way_is_not(camera: Path, study_path: Path) -> None:
    images_folder(study_path).mkdir()
    for name, age_s in ((".0123.part", 7200), (".4567.part", 10)):
        left = images_folder(study_path) / name
        left.write_bytes(b"half")
        os.utime(left, (time.time() - age_s,) * 2)
    study_from_images([camera / "a.png"], 5, study_path)
    assert sorted(files(study_path)) == [".4567.part", "a.png"]


def test_an_image_that_changes_while_it_is_imported(camera: Path, study_path: Path) -> None:
    def meddle(stage: str, _: float) -> None:
        if stage == "placing images":
            (camera / "a.png").write_bytes(saved(texture(seed=99), "PNG"))

    with pytest.raises(UserFacingError, match="changed while it was imported"):
        study_from_images([camera / "a.png"], 5, study_path, report=meddle)
    assert not images_folder(study_path).exists()


def test_a_study_folder_that_does_not_exist(camera: Path, tmp_path: Path) -> None:
    with pytest.raises(UserFacingError, match="its folder does not exist"):
        study_from_images([camera / "a.png"], 5, tmp_path / "nowhere" / "x.h5")


def test_images_added_later(camera: Path, study_path: Path) -> None:
    header = "subject,visit,site,image,sex,week,date,arm"
    before = study_from_manifest(manifest(camera, "S,baseline,x,a.png,f,,2026-01-01,a", header=header), study_path)
    more = manifest(
        camera, "S,week 4,x,w4/a.png,,,,", "S,baseline,x,b.png,,,,", "T,baseline,x,c d é.png,m,,,b", header=header
    )
    after = add_images(before, more.rows, study_path)
    assert after.id == before.id
    assert after.images[1] == before.images[1]
    assert [(i, r.visit_id, Path(r.path).name) for i, r in after.images.items()] == [
        (1, 1, "a.png"), (2, 2, "S_week 4_x_a.png"), (3, 1, "b.png"), (4, 3, "c d é.png"),
    ]  # fmt: skip
    assert after.subjects["S"].sex == "female"
    assert [subject.arm for subject in after.subjects.values()] == ["a", "b"]
    assert after.visits[1].date == "2026-01-01"
    assert list(before.images) == [1]
    for line, words in [("S,x,x,b.png,m,,,", "sex 'male'"), ("S,baseline,x,b.png,,,2026-01-02,", "date '2026-01-02'"),
                        ("S,baseline,x,b.png,,1,,", "week '1'"), ("S,x,x,b.png,,,,b", "arm 'b'")]:  # fmt: skip
        with pytest.raises(UserFacingError, match=words):
            add_images(before, manifest(camera, line, header=header).rows, study_path)


def test_embedded_images_need_no_file_beside_the_study(camera: Path, study_path: Path) -> None:
    study = study_from_images([camera / "a.png", camera / "b.png"], 5, study_path, embed=True)
    assert all(r.embedded for r in study.images.values())
    inside = embedded_files(study, study_path.parent)
    assert inside == {1: (camera / "a.png").read_bytes(), 2: (camera / "b.png").read_bytes()}
    discard_embedded(study, study_path.parent)
    assert not images_folder(study_path).exists()
    assert (camera / "a.png").exists()
    assert load_of(study_path.parent, study.images[2], embedded=lambda r: inside[r.id]).width_px == 80


def test_discarding_leaves_other_files_alone(camera: Path, study_path: Path) -> None:
    study = study_from_images([camera / "a.png"], 5, study_path, embed=True)
    (images_folder(study_path) / "note.txt").write_text("keep")
    discard_embedded(study, study_path.parent)
    assert files(study_path) == {"note.txt": b"keep"}


def test_the_same_picture_twice_is_noticed(camera: Path, study_path: Path) -> None:
    shutil.copy(camera / "a.png", camera / "again.png")
    study = study_from_images([camera / "a.png", camera / "b.png", camera / "again.png"], 5, study_path)
    assert same_pictures(study) == ["a.png, again.png are the same picture"]


@pytest.mark.parametrize(
    ("name", "week"),
    [("baseline", 0), ("Base Line", 0), ("week 12", 12), ("Wk4", 4), ("w-06", 6), ("screening", None), ("week", None),
     ("12", None), ("week 4 repeat", None)],
)  # fmt: skip
def test_the_week_in_a_visits_name(name: str, week: float | None) -> None:
    assert week_of(name) == week
