"""The workbook, opened again."""

from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

import openpyxl
import pytest

from analysis.progress import Cancelled
from tests.workstation.export.states import STATE
from tests.workstation.paired import paired_visits
from tests.workstation.small_study import COMMENT, make_hair, make_image, make_read, make_study, worked_study
from workstation.export import xlsx
from workstation.export.image_tables import HAIRS
from workstation.export.study_files import export_study
from workstation.export.table import Column, Kind, Source, Table, text
from workstation.model.study import Visit

SHEETS = [
    "About", "Columns", "Subjects", "Visits", "Images", "Changes", "Statistics", "Proportions", "Values", "Sources",
    "Attendance", "Missing", "Agreement", "Agreement images", "Answers", "Scores",
    "Adverse events", "Settlements", "Signatures", "Matches", "Units", "Hairs",
]  # fmt: skip


def opened(study, folder, state=STATE):
    (path,) = export_study(study, folder, "xlsx", state=state)
    return openpyxl.load_workbook(path)


def table(book, sheet):
    """Rows as dicts, by the header without units."""
    header, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip((name.partition(" [")[0] for name in header), row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def worked(tmp_path_factory):
    return opened(worked_study(), tmp_path_factory.mktemp("book"))


def test_it_has_a_sheet_a_table_and_bears_the_study_s_name(tmp_path):
    (path,) = export_study(worked_study(), tmp_path, "xlsx", state=STATE)
    assert path.name == "trial.xlsx"
    assert openpyxl.load_workbook(path, read_only=True).sheetnames == SHEETS


def test_about_says_what_it_was_made_from(worked):
    about = dict(worked["About"].iter_rows(values_only=True))
    assert about["study"] == "Serum"
    assert about["study id"] == STATE.study_id
    assert about["revision"] == 12
    assert about["state (hash of the last edit)"] == "a" * 64
    assert about["software"] == "trichodesk 0.1.0"
    assert about["exported (UTC)"] == "2026-02-03T09:15:00Z"
    assert (about["primary endpoint"], about["primary week"]) == ("fu_density_per_cm2", 12)
    assert about["named (UTC)"] == "not named: the default"
    assert about["Hairs"] == "One row a hair of a read in use, rejected ones too."


def test_headers_name_units_and_stay_in_view(worked):
    images = worked["Images"]
    header = [cell.value for cell in images[1]]
    assert "fu_density_per_cm2 [1/cm²]" in header
    assert "hairs_per_fu" in header
    assert images["A1"].font.bold
    assert images.freeze_panes == "A2"
    assert images.auto_filter.ref == f"A1:{images.cell(1, len(header)).column_letter}2"
    assert images.print_title_rows == "$1:$1"
    assert all(6 <= images.column_dimensions[cell.column_letter].width <= 48 for cell in images[1])


def test_hairs_have_their_types_formats_and_empty_cells(worked):
    hairs = table(worked, "Hairs")
    assert [row["id"] for row in hairs] == [1, 2, 3, 4, 5, 6]
    second, fourth = hairs[1], hairs[3]
    assert (second["width_um"], second["counted"], second["class"], second["comment"]) == (60, True, "terminal", None)
    assert (fourth["width_um"], fourth["width_px"], fourth["class"]) == (None, None, None)
    column = [c.name for c in HAIRS].index("width_um") + 1
    assert worked["Hairs"].cell(3, column).number_format == "0.0"


def test_text_is_never_a_formula(worked):
    column = [c.name for c in HAIRS].index("comment") + 1
    cell = worked["Hairs"].cell(5, column)
    assert cell.value == COMMENT
    assert cell.data_type == "s"
    assert cell.quotePrefix


def test_text_stays_text_whatever_it_looks_like(tmp_path):
    told = ["=1+1", "+49 30 1234", "-x", "@SUM(A1)", "#N/A", " =1", "TRUE", "1e5", "007"]
    hairs = [make_hair(i, 99, [[100, 100 + i], [140, 100 + i]], comment=said) for i, said in enumerate(told, start=1)]
    sheet = opened(make_study([make_read(hairs)]), tmp_path)["Hairs"]
    cells = [sheet.cell(row, len(HAIRS)) for row in range(2, 2 + len(told))]
    assert [(cell.value, cell.data_type) for cell in cells] == [(said, "s") for said in told]


def test_characters_that_a_workbook_cannot_have_are_left_out(tmp_path):
    hair = make_hair(1, 2, [[100, 100], [100, 140]], comment="a\x07b\r\nc" + "x" * 40_000)
    value = opened(make_study([make_read([hair])]), tmp_path)["Hairs"].cell(2, len(HAIRS)).value
    assert value.startswith("ab\ncxxx")
    assert len(value) == 32_767


def test_days_are_days_and_what_is_none_stays_text(tmp_path):
    dates = ["2026-02-03", "spring", "1899-12-31", ""]
    visits = [Visit(i, "S01", f"v{i}", float(i), date) for i, date in enumerate(dates, start=1)]
    book = opened(make_study(visits=visits), tmp_path)
    assert [row["date"] for row in table(book, "Visits")] == [datetime(2026, 2, 3), "spring", "1899-12-31", None]
    column = list(table(book, "Visits")[0]).index("date") + 1
    assert book["Visits"].cell(2, column).number_format == "yyyy-mm-dd"


def test_small_numbers_keep_their_digits(tmp_path):
    columns = (text("name", ""), Column("p", Kind.SMALL, ""), Column("x", Kind.NUMBER, "", "mm", 1))
    made = Table("t", "T", "One row.", columns, lambda _: [{"name": "a", "p": 3.25e-9, "x": 0.123456789}])
    xlsx.write_xlsx(tmp_path / "t.xlsx", Source(worked_study()), [made], None, lambda *_: None)
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["T"]
    assert (sheet["B2"].value, sheet["B2"].number_format) == (3.25e-9, "[<0.0001]0.0E+00;0.0000")
    assert (sheet["C2"].value, sheet["C2"].number_format) == (0.123457, "0.0")


@pytest.mark.parametrize(("n_rows", "sizes"), [(9, [9]), (10, [9, 1]), (19, [9, 9, 1]), (0, [0])])
def test_a_table_too_long_for_a_sheet_goes_on_in_the_next(tmp_path, monkeypatch, n_rows, sizes):
    monkeypatch.setattr(xlsx, "MAX_ROWS", 10)
    made = Table("t", "T", "Rows.", (text("n", ""),), lambda _: ({"n": str(i)} for i in range(n_rows)))
    xlsx.write_xlsx(tmp_path / "t.xlsx", Source(worked_study()), [made], None, lambda *_: None)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    names = [name for name in book.sheetnames if name.startswith("T")]
    assert names == ["T", *(f"T {i}" for i in range(2, len(sizes) + 1))]
    found = [[row[0] for row in book[name].iter_rows(values_only=True)] for name in names]
    assert all(rows[0] == "n" for rows in found)
    assert [len(rows) - 1 for rows in found] == sizes
    assert [value for rows in found for value in rows[1:]] == [str(i) for i in range(n_rows)]


def test_every_column_is_explained(worked):
    explained = {(row["table"], row["column"]) for row in table(worked, "Columns")}
    for sheet in SHEETS[2:]:
        for cell in worked[sheet][1]:
            assert (sheet, cell.value.partition(" [")[0]) in explained
    assert all(row["meaning"] for row in table(worked, "Columns"))


def test_matches_and_changes_are_in_it(tmp_path):
    book = opened(paired_visits(), tmp_path)
    assert {row["status"] for row in table(book, "Matches")} >= {"kept", "lost", "new"}
    good = table(book, "Changes")[1]
    assert (good["fu_kept"], good["fu_lost"], good["fu_new"]) == (85, 5, 7)


def test_a_stopped_workbook_leaves_nothing_behind(tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    read = make_read([make_hair(i, 9999, [[1, 1], [5, 5]]) for i in range(1, 1200)])

    def stop(stage, fraction):
        if stage == "hairs" and fraction > 0.9:
            raise Cancelled

    with pytest.raises(Cancelled):
        export_study(make_study([read]), tmp_path / "out", "xlsx", stop)
    assert list(scratch.iterdir()) == []
    assert not (tmp_path / "out").exists()


def test_a_subject_without_values_has_empty_cells(tmp_path):
    study = make_study([make_read([], id_=1)], [make_image(calibration=None)])
    study = replace(study, subjects=MappingProxyType({"S01": study.subjects["S01"]}))
    (row,) = table(opened(study, tmp_path), "Images")
    assert row["hair_density_per_cm2"] is None
    assert row["hair_count"] == 0
