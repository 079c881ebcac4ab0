"""How fast images load, and whether damaged ones are ever accepted."""

import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageCms

from tests.benchmarks.figure import Figure
from tests.benchmarks.measuring_data import shared
from workstation.errors import UserFacingError
from workstation.images import load
from workstation.importing import study_from_manifest
from workstation.manifest import read_manifest

SECTION = "Images"
REPEATS = 5


def figures() -> list[Figure]:
    """Time to load 12 megapixels in each format, truncated files accepted, import, and the real images read."""
    return [*loading(), *truncated(), *importing(), real_images()]


def scene(width: int = 4000, height: int = 3000) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Skin with noise and dark lines, about as hard to compress as a photograph."""
    random = np.random.default_rng(0)
    coarse = random.integers(150, 215, (height // 40, width // 40, 3), dtype=np.uint8)
    skin = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    for _ in range(width // 4):
        x, y, dx, dy = (int(v) for v in random.integers((0, 0, -150, -150), (width, height, 150, 150)))
        cv2.line(skin, (x, y), (x + dx, y + dy), (60, 45, 40), 8, cv2.LINE_AA)
    noise = random.normal(0, 4, skin.shape).astype(np.int16)
    return np.clip(skin + noise, 0, 255).astype(np.uint8)


def encoded(pixels: np.ndarray[Any, Any], kind: str, **options: Any) -> bytes:
    """A file's bytes."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind, **options)
    return buffer.getvalue()


def median_s(work: Callable[[], object]) -> float:
    """Median time of a few runs."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def loading() -> list[Figure]:
    """Seconds to load 12 megapixels."""
    pixels = scene()
    turned = Image.Exif()
    turned[0x0112] = 6
    other_profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = other_profile.index(b"rXYZ"), other_profile.index(b"bXYZ")
    other_profile[red : red + 4], other_profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    files = {
        "JPEG": encoded(pixels, "JPEG", quality=92),
        "JPEG, turned": encoded(pixels, "JPEG", quality=92, exif=turned),
        "JPEG, colour profile": encoded(pixels, "JPEG", quality=92, icc_profile=bytes(other_profile)),
        "PNG": encoded(pixels, "PNG", compress_level=3),
        "PNG, 16 bit": cv2.imencode(".png", pixels.astype(np.uint16) * 257)[1].tobytes(),
        "TIFF": encoded(pixels, "TIFF"),
        "TIFF, 16 bit": cv2.imencode(".tif", pixels.astype(np.uint16) * 257)[1].tobytes(),
        "WebP": encoded(pixels, "WEBP", quality=90, method=0),
    }
    return [
        Figure(
            SECTION, f"load 12 MP, {name}", median_s(lambda data=data: load(data)), "s",  # type: ignore[misc]
            "≤ 0.25" if name == "JPEG" else "", f"{len(data) / 1e6:.1f} MB",
        )
        for name, data in files.items()
    ]  # fmt: skip


def truncated() -> list[Figure]:
    """How many of the files cut at every length are accepted."""
    pixels = scene(120, 90)
    files = {
        "JPEG": encoded(pixels, "JPEG"), "PNG": encoded(pixels, "PNG"), "TIFF": encoded(pixels, "TIFF"),
        "TIFF, LZW": encoded(pixels, "TIFF", compression="tiff_lzw"), "BMP": encoded(pixels, "BMP"),
        "WebP": encoded(pixels, "WEBP"), "PNG, 16 bit": cv2.imencode(".png", pixels.astype(np.uint16))[1].tobytes(),
        "TIFF, 16 bit": cv2.imencode(".tif", pixels.astype(np.uint16))[1].tobytes(),
    }  # fmt: skip
    found = []
    for name, data in files.items():
        lengths = np.unique(np.append(np.linspace(0, len(data) - 1, 2000, dtype=int), range(len(data) - 60, len(data))))
        accepted = sum(map(is_accepted, (data[:n] for n in lengths)))
        found.append(Figure(SECTION, f"truncated files accepted, {name}", accepted, f"of {len(lengths)}", "0"))
    return found


def is_accepted(data: bytes) -> bool:
    """Whether a file loads."""
    try:
        load(data)
    except UserFacingError:
        return False
    return True


def importing() -> list[Figure]:
    """A manifest of 10,000 rows, and 20 images of 1.3 megapixels."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = []
        for number in range(10_000):
            (folder / f"{number}.jpg").touch()
            lines.append(f"S{number % 100},week {number // 100},vertex,{number}.jpg,5.34,HairMetrix,f,34,operator A")
        table = folder / "visits.csv"
        table.write_text("subject,visit,site,image,um_per_px,device,sex,age,who\n" + "\n".join(lines))
        reading_s = median_s(lambda: read_manifest(table))
        for number in range(20):
            (folder / f"{number}.jpg").write_bytes(encoded(scene(1280, 1024), "JPEG", quality=92))
        table.write_text("subject,visit,site,image,um_per_px,device,sex,age,who\n" + "\n".join(lines[:20]))
        manifest = read_manifest(table)
        start = time.perf_counter()
        study_from_manifest(manifest, folder / "trial.h5")
        import_s = time.perf_counter() - start
    return [
        Figure(SECTION, "read a manifest of 10,000 rows", reading_s, "s"),
        Figure(SECTION, "import 20 JPEGs of 1.3 MP", import_s, "s"),
    ]


def real_images() -> Figure:
    """How many of the real images are read."""
    real = shared() / "realdata"
    if not real.is_dir():
        return Figure(SECTION, "real images read", None, "", note="the real images are not here")
    paths = [p for p in real.rglob("*") if p.suffix.lower() in (".jpg", ".png", ".tif", ".bmp")]
    read = sum(is_accepted(p.read_bytes()) for p in paths)
    return Figure(SECTION, "real images read", read, f"of {len(paths)}", "all")
