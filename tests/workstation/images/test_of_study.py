import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.workstation.images.files import saved, texture
from workstation.errors import UserFacingError
from workstation.images import file_of, load_of, verify_unchanged
from workstation.model.study import ImageRecord

DATA = saved(texture(), "PNG")


def record(path: str) -> ImageRecord:
    sha256 = hashlib.sha256(DATA).hexdigest()
    return ImageRecord(id=1, visit_id=1, site="vertex", path=path, sha256=sha256, width_px=80, height_px=60)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    images = tmp_path / "trial" / "study.images"
    images.mkdir(parents=True)
    (images / "a b.png").write_bytes(DATA)
    (tmp_path / "secret.png").write_bytes(DATA)
    return tmp_path / "trial"


def test_an_image_of_the_study_is_read(folder: Path) -> None:
    image = load_of(folder, record("study.images/a b.png"))
    np.testing.assert_array_equal(image.pixels, texture())
    verify_unchanged(folder, record("study.images/a b.png"))
    assert file_of(folder, record("study.images/a b.png")) == (folder / "study.images" / "a b.png").resolve()


def test_a_changed_image_is_not_shown(folder: Path) -> None:
    changed = bytearray(DATA)
    changed[-20] ^= 1
    (folder / "study.images" / "a b.png").write_bytes(changed)
    for check in (load_of, verify_unchanged):
        with pytest.raises(UserFacingError, match="the image changed since it was imported") as caught:
            check(folder, record("study.images/a b.png"))
        assert caught.value.file == folder / "study.images" / "a b.png"


def test_a_missing_image_is_named(folder: Path) -> None:
    with pytest.raises(UserFacingError, match=r"gone\.png: there is no such file"):
        load_of(folder, record("study.images/gone.png"))


@pytest.mark.parametrize(
    "path",
    [
        "../secret.png", "study.images/../../secret.png", "{outside}", "", ".", "C:/secret.png", "C:secret.png",
        "..\\secret.png", "study.images\\a b.png", "//host/share/secret.png", "study.images/a\0b.png",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_folder(folder: Path, path: str) -> None:
    with pytest.raises(UserFacingError):
        load_of(folder, record(path.format(outside=folder.parent / "secret.png")))


def test_no_link_leads_out_of_the_folder(folder: Path) -> None:
    (folder / "study.images" / "link.png").symlink_to(folder.parent / "secret.png")
    (folder / "elsewhere").symlink_to(folder.parent)
    for path in ("study.images/link.png", "elsewhere/secret.png"):
        with pytest.raises(UserFacingError, match="outside its own folder"):
            load_of(folder, record(path))


def test_a_study_reached_over_a_link_reads_its_images(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "shortcut").symlink_to(folder)
    load_of(tmp_path / "shortcut", record("study.images/a b.png"))


def test_an_embedded_image_is_checked_too(folder: Path) -> None:
    inside = replace(record("study.images/never there.png"), embedded=True)
    np.testing.assert_array_equal(load_of(folder, inside, embedded=lambda _: DATA).pixels, texture())
    with pytest.raises(UserFacingError, match="changed since it was imported"):
        load_of(folder, inside, embedded=lambda _: DATA[:-1] + b"!")
