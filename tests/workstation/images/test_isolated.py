"""Images are decoded by a worker: one that harms it is an error like any other, whoever asked."""

import contextlib
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
import pytest

from analysis.detection import DetectionParameters
from tests.workstation.images.files import saved, texture
from workstation.detecting import Request, detect_all
from workstation.errors import UserFacingError
from workstation.images import budget, load, loading
from workstation.images.here import decode_here
from workstation.importing.dicom_facts import Facts, facts_of

BAD = "tests.workstation.isolation.bad_tasks"
ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_it_gives_what_decoding_here_gives(kind):
    data = saved(texture(61, 47), kind)
    there, here = load(data), decode_here(data, 1.0)
    np.testing.assert_array_equal(there.pixels, here.pixels)
    assert there.pixels.flags.c_contiguous
    assert there.pixels.flags.owndata
    assert (there.metadata_um_per_px, there.conversions) == (here.metadata_um_per_px, here.conversions)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("crash", "the decoder crashed over the image"),
        ("abort", "the decoder crashed over the image"),
        ("hang", "takes far longer to decode"),
        ("spin", "takes far longer to decode"),
        ("take_memory", "takes more memory"),
        ("fail", "the decoder failed"),
    ],
)
def test_what_a_file_does_to_a_decoder_is_told_of_that_file(monkeypatch, tmp_path, how, said):
    path = tmp_path / "scan 1.png"
    path.write_bytes(saved(texture(), "PNG"))
    with monkeypatch.context() as patch:
        patch.setattr(loading, "TASK", f"{BAD}:{how}")
        patch.setattr(budget, "CPU_S", 0.8 if how in ("hang", "spin") else 20.0)
        patch.setattr(budget, "HEADER_BYTES", 64 << 20)
        with pytest.raises(UserFacingError, match=said) as caught:
            load(path)
    assert caught.value.file == path
    assert caught.value.remedy
    np.testing.assert_array_equal(load(path).pixels, texture())


@pytest.mark.skipif(sys.platform != "linux", reason="limits memory by its addresses")
def test_a_picture_that_needs_more_memory_than_it_may_take(monkeypatch):
    data = saved(np.zeros((10_000, 10_000, 3), np.uint8), "PNG")  # takes longer than the time between two looks
    load(saved(texture(), "PNG"))
    monkeypatch.setattr(budget, "HEADER_BYTES", 32 << 20)
    monkeypatch.setattr(budget, "BYTES_PER_PX", 0)
    with pytest.raises(UserFacingError, match="memory"):
        load(data)


def test_an_answer_of_another_size_is_not_believed(monkeypatch):
    monkeypatch.setattr(loading, "TASK", f"{BAD}:huge_image")
    with pytest.raises(UserFacingError, match="the decoder failed"):
        load(saved(texture(), "PNG"))


@pytest.mark.skipif(sys.platform != "linux", reason="looks where Linux tells")
def test_a_large_image_leaves_no_memory_behind():
    """What is shared with the worker is given back; see `KEPT_SHARED_BYTES`."""
    data = cv2.imencode(".png", np.zeros((5000, 6000, 3), np.uint8))[1].tobytes()
    assert load(data).pixels.shape == (5000, 6000, 3)
    sizes = []
    for descriptor in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):  # the one of the list itself
            if "memfd:trichodesk" in os.readlink(f"/proc/self/fd/{descriptor}"):
                sizes.append(os.fstat(int(descriptor)).st_size)
    assert sizes
    assert max(sizes) < 64 << 20


def test_facts_of_a_file_that_crashes_its_reader_are_none(monkeypatch, tmp_path):
    pytest.importorskip("pydicom")
    from tests.workstation.images.dicoms import dicom

    path = tmp_path / "a.dcm"
    path.write_bytes(dicom(texture(), PatientID="S7"))
    assert facts_of(path).subject == "S7"
    monkeypatch.setattr("workstation.importing.dicom_facts.TASK", f"{BAD}:crash")
    assert facts_of(path) == Facts()


def request(number):
    return Request(number, Path(f"scan {number}.png"), lambda: saved(texture(), "PNG"), 7.0)


def crash_decoders():
    """In a process that detects."""
    loading.TASK = f"{BAD}:crash"


@pytest.mark.parametrize("kind", ["thread", "process"])
def test_detection_names_the_image_over_which_a_decoder_crashed(kind):
    requests = [request(1), request(2)]
    if kind == "thread":
        executor = ThreadPoolExecutor(1)
    else:
        executor = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=crash_decoders)
    with executor, pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "TASK", f"{BAD}:crash")
        found = list(detect_all(requests, DetectionParameters(), executor, parallel=1, max_megapixels=150))
    assert sorted(str(outcome.error).partition(". ")[0] for outcome in found) == [
        "scan 1.png: the decoder crashed over the image",
        "scan 2.png: the decoder crashed over the image",
    ]


def test_no_decoder_of_pictures_is_in_the_program_itself(tmp_path):
    """A command that imports an image never imports what reads DICOM, nor decodes anything by itself."""
    path = tmp_path / "a.png"
    path.write_bytes(saved(texture(), "PNG"))
    code = (
        "import sys; import cv2; from PIL import Image\n"
        "def refuse(*_, **__): raise AssertionError('decoded here')\n"
        "cv2.imdecode = Image.open = refuse\n"
        "from pathlib import Path; from workstation.images import load\n"
        "from workstation.importing.dicom_facts import facts_of\n"
        "print(load(Path(sys.argv[1])).pixels.shape, facts_of(Path(sys.argv[1])).subject, 'pydicom' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stdout.split("\n")[0] == f"{texture().shape}  False", done.stderr
