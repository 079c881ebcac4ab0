import logging
import sys
from pathlib import Path

import pytest

from workstation.errors import UserFacingError
from workstation.log_file import AnonymousFormatter, anonymous_trace, log_to, stop_logging, tail, without_names


def raised(make):
    try:
        make()
    except Exception as error:  # noqa: BLE001
        return error
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("cannot open '/data/Müller Eva/scan 1.png'", "cannot open …"),
        ("cannot open /data/Müller Eva/scan 1.png: no such file", "cannot open …: no such file"),
        ("C:\\Studien\\Müller\\a.h5 is gone", "…"),
        ("~/Müller.h5", "…"),
        ("\\\\server\\share\\Müller.h5", "…"),
        ("list index out of range", "list index out of range"),
        ("shapes (3,2) and (4,) do not fit, 1/2 of 7", "shapes (3,2) and (4,) do not fit, 1/2 of 7"),
        (
            f'  File "{Path(__file__).parents[2] / "ui" / "saving.py"}", line 12, in save',
            '  File "ui/saving.py", line 12, in save',
        ),
        (
            '  File "/home/mueller/elsewhere.py", line 12, in save',
            '  File "elsewhere.py", line 12, in save',
        ),
        (
            '  File "/x/lib/site-packages/numpy/core.py", line 3 in f',
            '  File "numpy/core.py", line 3 in f',
        ),
    ],
)
def test_what_may_name_a_patient_is_left_out(text, left):
    assert without_names(text) == left


def test_a_trace_names_places_in_the_code_and_kinds_of_errors_only():
    def outer():
        try:
            {}["Eva Müller"]
        except KeyError as error:
            raise UserFacingError("the read of Eva is locked", file="Müller.h5") from error

    lines = anonymous_trace(raised(outer)).splitlines()
    assert lines[0].startswith('  File "tests/workstation/test_log_file.py", line ')
    assert lines[0].endswith(", in outer")
    assert lines[1:3] == ["KeyError", "which led to:"]
    assert lines[-1] == "UserFacingError"
    assert not any(word in "".join(lines) for word in ("Eva", "Müller"))


def test_names_of_the_code_are_told():
    trace = anonymous_trace(raised(lambda: logging.colour))
    assert trace.splitlines()[-1] == "AttributeError: module 'logging' has no attribute 'colour'"


def test_endless_recursion_has_a_short_trace():
    def again():
        again()

    trace = anonymous_trace(raised(again))
    assert len(trace.splitlines()) < 50
    assert trace.splitlines()[-1].startswith("RecursionError: maximum recursion depth exceeded")


def record(message, *arguments, exc_info=None):
    return logging.LogRecord("workstation.session", logging.WARNING, "s.py", 1, message, arguments, exc_info)


@pytest.mark.parametrize(
    ("message", "arguments", "said"),
    [
        ("%s is read back: %s", (Path("/a/Müller.h5"), UserFacingError("Eva")), "….h5 is read back: UserFacingError"),
        ("failed on entry %d", (17,), "failed on entry 17"),
        ("%d of %s", ("Eva", "Müller"), "%d of %s"),
        ("%(name)s has %(n)d", ({"name": "Eva", "n": 3},), "… has 3"),
        ("100 %", (), "100 %"),
    ],
)
def test_texts_put_into_a_message_are_left_out(message, arguments, said):
    assert AnonymousFormatter().format(record(message, *arguments)).split(": ", 1)[1] == said


def test_an_error_is_logged_with_where_it_happened():
    def fail():
        raise ValueError("width of 'Eva' is -3")

    raised(fail)
    try:
        fail()
    except ValueError:
        line, *trace = AnonymousFormatter().format(record("no width", exc_info=sys.exc_info())).splitlines()
    assert line.endswith("WARNING workstation.session: no width")
    assert trace[-2].endswith(", in fail")
    assert trace[-1] == "ValueError"


@pytest.mark.parametrize(
    ("error", "named"),
    [
        (FileNotFoundError(2, "No such file or directory", "/data/Müller.h5"), "FileNotFoundError: ENOENT"),
        (ZeroDivisionError("division by zero"), "ZeroDivisionError: division by zero"),
        (ValueError("Müller is no number"), "ValueError"),
        (KeyError("Müller"), "KeyError"),
        (ImportError("no module a in /home/mueller/lib"), "ImportError: no module a in …"),
    ],
)
def test_of_an_error_only_what_no_file_can_say(error, named):
    assert anonymous_trace(error) == named


def test_the_log_is_written_and_its_tail_read(tmp_path):
    assert tail(tmp_path) == ""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    handler = log_to(tmp_path)
    try:
        for k in range(100):
            logging.getLogger("workstation.x").info("line %d", k)
    finally:
        stop_logging(handler)
        root.setLevel(level)
    assert root.handlers == handlers
    assert [line.rsplit(" ", 1)[1] for line in tail(tmp_path, 3).splitlines()] == ["97", "98", "99"]


def test_the_log_does_not_grow_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr("workstation.log_file.MAX_BYTES", 1000)
    level = logging.getLogger().level
    handler = log_to(tmp_path)
    try:
        for k in range(200):
            logging.getLogger("workstation.x").info("a line of some length, number %d", k)
    finally:
        stop_logging(handler)
        logging.getLogger().setLevel(level)
    files = sorted(tmp_path.iterdir())
    assert [f.name for f in files] == ["trichodesk.log", "trichodesk.log.1", "trichodesk.log.2"]
    assert all(f.stat().st_size <= 1000 for f in files)
