import os
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

import cv2
import numpy as np
import pytest

from tests.workstation.cli.conftest import field_of_rods
from workstation import detecting
from workstation.cli import many
from workstation.session import open_study

N_IMAGES = 5


@pytest.fixture
def images(tmp_path):
    """Images that take a while each, of 4 to 8 hairs in each of twelve places."""
    paths = [tmp_path / f"{number}.png" for number in range(N_IMAGES)]
    for number, path in enumerate(paths):
        cv2.imwrite(str(path), np.tile(field_of_rods(4 + number), (3, 4, 1)))
    return paths


def reads_of(path):
    """What is detected so far, whether it is in the file yet or not: image ids and when each was detected."""
    with open_study(path, "somebody else", read_only=True) as session:
        return {read.image_id: read.created_utc for read in session.study.reads.values()}, len(session.study.reads)


def wait_until(ready, seconds=120):
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
@pytest.mark.parametrize("jobs", [1, 2])
def test_after_kill_9_the_same_command_goes_on(images, tmp_path, run, jobs):
    study = tmp_path / "x.h5"
    words = ["detect", *map(str, images), "--um-per-px", "7", "-o", str(study), "--jobs", str(jobs)]
    code = f"from workstation.cli.application import main\nif __name__ == '__main__':\n    main({words!r})\n"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: study.exists() and reads_of(study)[1] >= 1)
    finally:
        process.kill()
        process.wait()
    before, n_before = reads_of(study)
    assert 1 <= n_before < N_IMAGES
    status, out, _ = run(*words)
    assert status == 0
    after, n_after = reads_of(study)
    assert (n_after, sorted(after)) == (N_IMAGES, list(range(1, N_IMAGES + 1)))
    assert before.items() <= after.items()
    assert sum(f"{number}.png" in out for number in range(N_IMAGES)) == N_IMAGES - n_before
    assert run("verify", study)[0] == 0
    assert run(*words)[2].startswith("Every image has a detection already")


def test_what_a_kill_left_of_the_import_is_taken_over(images, tmp_path, run, monkeypatch):
    """The images were placed and the study was not there yet."""
    study = tmp_path / "x.h5"
    folder = tmp_path / "x.images"
    folder.mkdir()
    (folder / "0.png").write_bytes(images[0].read_bytes())
    (folder / ".0123456789ab.part").write_bytes(b"half an ima")
    (tmp_path / ".x.0123456789ab.tmp.h5").write_bytes(b"half a study")
    status, _, err = run("detect", *images[:2], "--um-per-px", 7, "-o", study)
    assert (status, reads_of(study)[1]) == (0, 2), err
    assert run("verify", study)[0] == 0


def test_an_image_that_has_its_process_killed_fails_alone(images, tmp_path, run, monkeypatch):
    begun = []

    class Pool(ThreadPoolExecutor):
        broken = False

        def submit(self, work, *arguments):
            if self.broken or (getattr(work, "args", None) and work.args[1].name == "1.png"):
                self.broken = True
                future = Future()
                future.set_exception(BrokenProcessPool("a child process terminated abruptly"))
                return future
            return super().submit(work, *arguments)

    @contextmanager
    def processes(number):
        begun.append(number)
        with Pool(number) as pool:
            yield pool

    monkeypatch.setattr(many, "processes", processes)
    study = tmp_path / "x.h5"
    status, out, err = run("detect", *images[:3], "--um-per-px", 7, "-o", study, "--jobs", 2)
    assert status == 1
    assert begun[0] == 2
    assert set(begun[1:]) == {1}
    assert "1.png: the process that worked on it was ended from outside" in err
    assert "1 of 3 images failed; the same command tries them again." in err
    assert "0.png" in out
    assert "2.png" in out
    monkeypatch.undo()
    assert run("detect", *images[:3], "--um-per-px", 7, "-o", study)[0] == 0
    assert reads_of(study)[1] == 3


def test_an_error_of_the_program_is_reported_at_the_end_with_its_lines(images, tmp_path, run, monkeypatch):
    real = detecting.detect_bytes

    def broken_for_one(data, name, *more):
        if name.name == "0.png":
            raise ZeroDivisionError("a slip")
        return real(data, name, *more)

    monkeypatch.setattr(detecting, "detect_bytes", broken_for_one)
    status, out, err = run("detect", *images[:2], "--um-per-px", 7, "-o", tmp_path / "x.h5")
    assert status == 1
    assert "1.png" in out
    assert "ZeroDivisionError: a slip" in err
    assert "0.png: nothing could be detected in it because of an error inside the program (ZeroDivisionError)." in err
    assert err.rstrip().endswith("1 of 2 images failed; the same command tries them again.")


def test_parameters_are_kept_with_what_was_found(images, tmp_path, run):
    study = tmp_path / "x.h5"
    options = {
        "polarity": "dark", "preset": "clipped", "sensitivity": 0.6, "min-width-um": 20, "max-width-um": 120,
        "min-length-um": 170, "max-length-um": 3000, "unit-distance-um": 200, "source": "ridges",
    }  # fmt: skip
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    assert run("detect", images[0], "--um-per-px", 7, "-o", study, *words)[0] == 0
    with open_study(study, "somebody else", read_only=True) as session:
        (read,) = session.study.reads.values()
    kept = read.detection.parameters
    assert {name: getattr(kept, name.replace("-", "_")) for name in options} == options
