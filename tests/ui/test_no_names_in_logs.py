"""A study whose every text is a secret goes through the program: no log, no crash report and no trace tells of it."""

import io
import logging
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.ui.marked_trial import SECRET, make_marked_trial, marked
from tests.workstation.isolation.test_isolation import POSIX
from ui import problems
from ui.crash import pending_crash_report
from workstation.cli.application import main
from workstation.edits.plan import set_plan
from workstation.errors import UserFacingError
from workstation.home import data_dir
from workstation.images import loading
from workstation.images.of_study import load_of
from workstation.log_file import AnonymousFormatter, log_to, stop_logging
from workstation.session import open_study
from workstation.storage import strangers
from workstation.storage.verify import verify

ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path):
    return make_marked_trial(tmp_path / SECRET)


@pytest.fixture
def logged(tmp_path):
    """All that is logged meanwhile, as the log file has it; at the end it tells of something, and of no secret."""
    root, stream = logging.getLogger(), io.StringIO()
    level = root.level
    handler, file = logging.StreamHandler(stream), log_to(tmp_path)
    handler.setFormatter(AnonymousFormatter())
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)
    stop_logging(file)
    root.setLevel(level)
    assert stream.getvalue()
    assert SECRET not in stream.getvalue()
    assert SECRET not in (tmp_path / "trichodesk.log").read_text()


def test_what_is_wrong_with_a_study(path, logged, monkeypatch):
    """Its journal cannot be written, its images are damaged, it crashes HDF5."""

    def refuse(*_, **__):
        raise UserFacingError(f"the journal of {SECRET} cannot be written", file=path)

    with open_study(path, SECRET) as session:
        for record in session.study.images.values():
            (path.parent / record.path).write_bytes(b"\x89PNG\r\n\x1a\n" + SECRET.encode())
            with pytest.raises(UserFacingError):
                load_of(path.parent, record)
        monkeypatch.setattr(session._appender, "saved", refuse)
        change(session)
        session.save()
    monkeypatch.undo()
    copy = path.with_name(f"{SECRET} 2.h5")
    copy.write_bytes(path.read_bytes())
    monkeypatch.setattr(strangers, "TASK", "tests.workstation.isolation.bad_tasks:fail")
    with pytest.raises(UserFacingError):
        open_study(copy, SECRET)
    monkeypatch.setattr(loading, "TASK", "tests.workstation.isolation.bad_tasks:crash")
    with pytest.raises(UserFacingError, match="the decoder crashed"):
        loading.load(b"\xff\xd8\xff", name=Path(SECRET))
    verify(copy)


def change(session):
    session.document.apply(set_plan(session.study, replace(session.study.plan, title=marked("another title"))))


@pytest.mark.parametrize(
    "error",
    [
        KeyError(SECRET),
        ValueError(f"the age of '{SECRET}' is not known"),
        OSError(2, "No such file or directory", f"/data/{SECRET} 1/a.png"),
        UnicodeDecodeError("utf-8", SECRET.encode(), 0, 1, "invalid start byte"),
        UserFacingError("it is gone", file=SECRET),
    ],
)
def test_errors_that_nobody_expected(error, logged, qapp):
    found = problems.Problems()
    told = []
    found.happened.connect(told.append)
    try:
        raise error
    except Exception as raised:
        found.note(raised)
        logging.getLogger("x").error("of %s", SECRET, exc_info=raised)
    qapp.processEvents()
    assert SECRET not in told[0].details


def test_the_programs_own_words_are_not_logged(logged):
    """They say who made an edit, without quotation marks."""
    code = compile(f"raise ValueError('the row of {SECRET} does not fit')", str(ROOT / "workstation" / "x.py"), "exec")
    try:
        exec(code)
    except ValueError as error:
        logging.getLogger("x").error("a row", exc_info=error)


def test_a_command_that_fails_inside_says_where_and_no_name(path, monkeypatch, capsys):
    def fail(*_, **__):
        raise ValueError(f"{SECRET} is one of '{SECRET}'")

    monkeypatch.setattr("workstation.cli.verify.verify_study", fail)
    assert main(["verify", str(path)]) == 1
    said = capsys.readouterr().err
    assert "an error inside the program" in said
    assert SECRET not in said


CRASH = """
import ctypes, logging, sys
from pathlib import Path
from ui.application import make_application
make_application(["x"])
from workstation.session import open_study
session = open_study(Path(sys.argv[1]), sys.argv[2])
logging.getLogger("x").warning("%s of %s", sys.argv[1], sys.argv[2])
ctypes.string_at(0)
"""


@POSIX
def test_the_report_of_a_crash(path):
    done = subprocess.run(
        [sys.executable, "-c", CRASH, str(path), SECRET], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode < 0
    assert SECRET not in done.stderr
    report = pending_crash_report()
    assert "string_at" in report.text
    assert SECRET not in report.text
    for file in data_dir().rglob("*"):
        if file.suffix in (".log", ".txt"):
            assert SECRET not in file.read_text()
