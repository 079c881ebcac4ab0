import hashlib
import os
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workstation.images.files import saved, texture, tiff
from workstation.errors import UserFacingError
from workstation.images import load, read_header
from workstation.images.here import decode_here

WHOLE = {
    "jpeg": saved(texture(), "JPEG"),
    "progressive jpeg": saved(texture(), "JPEG", progressive=True),
    "png": saved(texture(), "PNG"),
    "palette png": saved(texture()[..., 0] // 64, "PNG"),
    "16-bit png": cv2.imencode(".png", texture().astype(np.uint16) * 257)[1].tobytes(),
    "tiff": saved(texture(), "TIFF"),
    "lzw tiff": saved(texture(), "TIFF", compression="tiff_lzw"),
    "deflate tiff": saved(texture(), "TIFF", compression="tiff_deflate"),
    "jpeg tiff": saved(texture(), "TIFF", compression="jpeg"),
    "tags before pixels tiff": cv2.imencode(".tif", texture())[1].tobytes(),
    "16-bit tiff": cv2.imencode(".tif", texture().astype(np.uint16) * 257)[1].tobytes(),
    "16-bit plain tiff": tiff(texture().astype(np.uint16) * 257),
    "bmp": saved(texture(), "BMP"),
    "webp": saved(texture(), "WEBP"),
    "lossless webp": saved(texture(), "WEBP", lossless=True),
}


@pytest.mark.parametrize("kind", WHOLE)
def test_a_file_cut_at_any_length_is_never_accepted(kind: str) -> None:
    data = WHOLE[kind]
    load(data)
    last = range(len(data) - 40, len(data))
    for length in {*range(0, 120, 3), *np.linspace(120, len(data) - 41, 150, dtype=int).tolist(), *last}:
        with pytest.raises(UserFacingError):
            load(data[:length])


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(WHOLE)), st.integers(0, 1 << 30), st.binary(min_size=1, max_size=8))
def test_damage_is_told_to_the_user_or_gives_an_image(kind: str, at: int, junk: bytes) -> None:
    data = bytearray(WHOLE[kind])
    at %= len(data) if at % 2 else 600
    data[at : at + len(junk)] = junk
    try:
        pixels = load(bytes(data), max_megapixels=5).pixels
    except UserFacingError:
        return
    assert pixels.dtype == np.uint8
    assert pixels.shape[2] == 3


def png_of(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_too_many_pixels_are_refused_by_the_header(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.png"
    bomb.write_bytes(png_of(30_000, 30_000))
    assert read_header(bomb).width_px == 30_000
    with pytest.raises(UserFacingError, match=r"30000 × 30000 pixels, 900 megapixels; the limit is 150"):
        load(bomb)
    small = saved(texture(100, 100), "PNG")
    with pytest.raises(UserFacingError, match=r"the limit is 0\.005"):
        load(small, max_megapixels=0.005)
    load(small, max_megapixels=0.01)


def jpeg_of(width: int, height: int) -> bytes:
    """A small JPEG whose header claims another size."""
    data = bytearray(WHOLE["jpeg"])
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def jpeg_of_scans(count: int) -> bytes:
    data = WHOLE["progressive jpeg"]
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * count + data[-2:]


@pytest.mark.parametrize("data", [png_of(12_000, 12_000), jpeg_of(12_000, 12_000), jpeg_of_scans(1000)])
def test_a_small_file_that_would_take_long_is_refused_at_once(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def decoded(*_: object) -> None:
        pytest.fail("it was decoded")

    monkeypatch.setattr(cv2, "imdecode", decoded)
    with pytest.raises(UserFacingError, match="truncated or damaged"):
        load(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_best_packed_images_there_can_be_are_read(kind: str) -> None:
    blank = np.full((1600, 1600, 3), 255, np.uint8)
    options = {"PNG": {"compress_level": 9}, "JPEG": {"quality": 1, "progressive": True}, "WEBP": {"lossless": True}}
    assert load(saved(blank, kind, **options[kind])).pixels.shape == (1600, 1600, 3)


def test_an_image_without_pixels_is_refused() -> None:
    with pytest.raises(UserFacingError):
        load(png_of(0, 20))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"subject,visit,site,image\n", "not a JPEG, PNG, TIFF, BMP, WebP or DICOM image"),
        (b"\0" * 5000, "not a JPEG, PNG, TIFF, BMP, WebP or DICOM image"),
        (b"GIF89a" + bytes(20), "a GIF picture, which is not read"),
        (b"\0\0\0\x18ftypheic" + bytes(40), "a HEIF picture"),
        (bytes(128) + b"DICM" + bytes(20), "the DICOM file is truncated or damaged"),
        (b"\x89PNG\r\n\x1a\n", "PNG file is damaged"),
        (b"\xff\xd8\xff\xe0", "JPEG file is damaged"),
    ],
)
def test_what_is_no_image_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "some file.jpg"
    path.write_bytes(content)
    for read in (load, read_header):
        with pytest.raises(UserFacingError) as caught:
            read(path)
        assert words in caught.value.what
        assert caught.value.file == path
        assert caught.value.remedy


def test_missing_files_folders_and_devices(tmp_path: Path) -> None:
    with pytest.raises(UserFacingError, match="there is no such file"):
        load(tmp_path / "nowhere.png")
    with pytest.raises(UserFacingError, match="this is a folder"):
        load(tmp_path)
    with pytest.raises(UserFacingError, match="cannot be opened"):
        load(tmp_path / "a\0b.png")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(UserFacingError, match="not an ordinary file"):
            load(tmp_path / "pipe")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the administrator may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "locked.png"
    path.write_bytes(WHOLE["png"])
    path.chmod(0)
    with pytest.raises(UserFacingError, match="may not be read"):
        load(path)


def test_a_refusal_of_the_system_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "locked.png"
    path.write_bytes(WHOLE["png"])

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UserFacingError, match="may not be read"):
        load(path)


def test_too_little_memory_is_not_called_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(cv2, "imdecode", exhausted)
    with pytest.raises(UserFacingError, match="not enough memory"):
        decode_here(WHOLE["png"], 1.0)


def test_names_with_spaces_and_any_letters_and_a_wrong_suffix(tmp_path: Path) -> None:
    path = tmp_path / "Kopfhaut été 頭皮 №1.txt"
    path.write_bytes(WHOLE["png"])
    image = load(path)
    np.testing.assert_array_equal(image.pixels, texture())
    assert read_header(path).format == "PNG"


def test_the_hash_is_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(WHOLE["png"])
    assert load(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest() == load(WHOLE["png"]).sha256
