import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.export.csv_file import lines_of, write_rows
from workstation.formulas import guarded, seems_formula, without_guard


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        (" =1+1", "' =1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-cmd", "'-cmd"),
        ("＝1", "'＝1"),
        ("'=1+1", "''=1+1"),
        ("''=1+1", "'''=1+1"),
        ("-1.5", "-1.5"),
        ("'-1.5", "'-1.5"),
        ("'quoted'", "'quoted'"),
        ("'", "'"),
        ("", ""),
    ],
)
def test_what_is_written_is_read_back(text, written):
    assert guarded(text) == written
    assert without_guard(written) == text


@given(st.text(st.sampled_from("'=+-@ a1\t\n＝"), max_size=6) | st.text(max_size=20))
def test_any_text_comes_back_through_a_table_and_none_is_a_formula(text):
    stream = io.StringIO(newline="")
    write_rows(stream, ["text"], [{"text": text}])
    _, *rows = csv.reader(io.StringIO(stream.getvalue(), newline=""))
    cell = rows[0][0] if rows and rows[0] else ""
    assert not seems_formula(cell)
    assert without_guard(cell) == lines_of(text)
