import os
import re
import subprocess
import sys
import time

import pytest

from ui.crash import CrashWatch, pending_crash_report

CRASHING = """
import os, sys
from pathlib import Path
import faulthandler
from ui.crash import CrashWatch
def deep_inside():
    {what}
if __name__ == "__main__":
    watch = CrashWatch(Path(sys.argv[1]))
    deep_inside()
    watch.close()
"""


def run(folder, what, *, cwd):
    program = folder.parent / "Eva Müller.py"
    program.write_text(CRASHING.format(what=what), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(cwd)}
    return subprocess.run(
        [sys.executable, str(program), str(folder)], cwd=cwd, env=environment, capture_output=True, timeout=60
    ).returncode


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "crashes"


@pytest.fixture
def root(request):
    return request.config.rootpath


def test_a_crash_is_offered_at_the_next_start_until_it_is_discarded(folder, root, tmp_path):
    (tmp_path / "trichodesk.log").write_text("the last line of the log\n")
    assert run(folder, "faulthandler._sigsegv()", cwd=root) != 0
    report = pending_crash_report(folder)
    assert re.match(r"trichodesk [\d.]+, Python 3\.\d+\.\d+, PySide6 6\.[\d.]+, \w+ ", report.text)
    assert f"ended unexpectedly at {report.when_utc}." in report.text
    assert "Segmentation fault" in report.text or "access violation" in report.text
    assert "in deep_inside" in report.text
    assert report.text.endswith("the last line of the log")
    assert str(tmp_path) not in report.text
    assert pending_crash_report(folder) == report
    report.discard()
    report.discard()
    assert pending_crash_report(folder) is None


@pytest.mark.parametrize("what", ["pass", "sys.exit(3)", "os.kill(os.getpid(), 9)"])
def test_nothing_is_offered_where_there_is_nothing_to_tell(folder, root, what):
    run(folder, what, cwd=root)
    assert pending_crash_report(folder) is None
    assert list(folder.iterdir()) == []


def leave(folder, pid, text="stack", started=1, age_s=0.0):
    folder.mkdir(exist_ok=True)
    path = folder / f"{pid}-{started}.txt"
    path.write_text(f"trichodesk 0.0\n--\n{text}")
    moment = time.time() - age_s
    os.utime(path, (moment, moment))
    return path


def test_crash_after_crash_leaves_one_file(folder):
    for k in range(20):
        leave(folder, 400_000 + k, f"crash {k}", age_s=20 - k)
        watch = CrashWatch(folder)
        watch.close()
    assert [p.name for p in folder.iterdir()] == ["400019-1.txt"]
    assert "crash 19" in pending_crash_report(folder).text


def test_the_file_of_a_program_that_still_runs_is_left_alone(folder):
    watch = CrashWatch(folder)
    [mine] = folder.iterdir()
    with mine.open("a") as file:
        file.write("a stack, but it went on")
    assert pending_crash_report(folder) is None
    reused = leave(folder, os.getpid(), "another process had this number")
    assert pending_crash_report(folder).file == reused
    watch.close()
    assert not mine.exists()


def test_a_folder_that_cannot_be_written_does_not_stop_the_program(tmp_path, caplog):
    (tmp_path / "crashes").write_text("a file is in the way")
    CrashWatch(tmp_path / "crashes").close()
    assert pending_crash_report(tmp_path / "crashes") is None
    assert [r.levelname for r in caplog.records] == ["WARNING"]


def test_a_strange_file_among_them_harms_nothing(folder):
    folder.mkdir()
    (folder / "note-book.txt").write_bytes(b"\xff\xfe")
    (folder / "readme.txt").write_text("kept")
    assert pending_crash_report(folder) is None
    assert [p.name for p in folder.iterdir()] == ["readme.txt"]


def test_only_the_beginning_of_a_huge_file_is_told(folder):
    leave(folder, 400_000, "x" * 1_000_000)
    assert len(pending_crash_report(folder).text) < 70_000
