from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from workstation.errors import UserFacingError
from workstation.manifest import Manifest, ManifestError, ManifestRow, read_manifest

HEADER = "subject,visit,site,image"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Bilder été").mkdir()
    for name in ("a.jpg", "b.jpg", "c.jpg", "Bilder été/d 1.jpg"):
        (tmp_path / name).write_bytes(b"only there: not looked into")
    return tmp_path


def read(folder: Path, text: str | bytes, name: str = "visits.csv") -> Manifest:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_manifest(path)


def problems(folder: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(ManifestError) as caught:
        read(folder, text)
    return caught.value.problems


def test_a_full_row(folder: Path) -> None:
    text = (
        "subject,visit,site,image,date,um_per_px,device,sex,age,grade,arm,week,operator,shampoo\n"
        "S01,baseline,vertex,a.jpg,2026-03-31,5.34,HairMetrix,F,34.5,Ludwig II,serum,0,Dr. A,\n"
    )
    manifest = read(folder, text)
    (row,) = manifest.rows
    assert row.model_dump() == {
        "line": 2, "subject": "S01", "visit": "baseline", "site": "vertex", "image": (folder / "a.jpg").resolve(),
        "date": "2026-03-31", "um_per_px": 5.34, "device": "HairMetrix", "sex": "female", "age": 34.5,
        "grade": "Ludwig II", "arm": "serum", "week": 0.0, "notes": {"operator": "Dr. A"},
    }  # fmt: skip
    assert manifest.warnings == ()


def test_only_the_required_columns_in_any_order_and_spelling(folder: Path) -> None:
    (row,) = read(folder, "Image, SITE ,Visit,Subject,Um-Per Px\na.jpg,crown,w12,7,\n").rows
    assert (row.subject, row.visit, row.site, row.image.name) == ("7", "w12", "crown", "a.jpg")
    assert (row.um_per_px, row.week, row.age, row.date, row.sex) == (None, None, None, "", "")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_separators_line_ends_and_byte_order_marks(folder: Path, separator: str, ending: str, bom: bytes) -> None:
    lines = [["subject", "visit", "site", "image"], ["Zoë", "1", "x", "Bilder été/d 1.jpg"], ["", "", "", ""]]
    manifest = read(folder, bom + ending.join(separator.join(cells) for cells in lines).encode())
    assert [(r.subject, r.image.name) for r in manifest.rows] == [("Zoë", "d 1.jpg")]
    assert manifest.warnings == ()


def test_a_separator_that_the_file_declares(folder: Path) -> None:
    manifest = read(folder, "sep=;\r\nsubject;visit;site;image\r\nS,1,x;v;s;a.jpg\r\n")
    assert manifest.rows[0].subject == "S,1,x"
    assert manifest.rows[0].line == 3


def test_other_encodings_are_read_and_said(folder: Path) -> None:
    text = f"{HEADER}\nZoë,1,x,a.jpg\n"
    western = read(folder, text.encode("cp1252"))
    assert western.rows[0].subject == "Zoë"
    assert "Windows-1252" in western.warnings[0]
    wide = read(folder, text.replace(",", "\t").encode("utf-16"))
    assert wide.rows[0].subject == "Zoë"
    assert "UTF-16" in wide.warnings[0]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_decimal_comma_where_the_separator_is_another(folder: Path, separator: str) -> None:
    text = "subject;visit;site;image;um_per_px;age\nS;1;x;a.jpg;5,34;34,5\n".replace(";", separator)
    (row,) = read(folder, text).rows
    assert (row.um_per_px, row.age) == (5.34, 34.5)


def test_a_decimal_comma_in_a_comma_table_is_refused(folder: Path) -> None:
    assert problems(folder, f'{HEADER},um_per_px\nS,1,x,a.jpg,"5,34"\n') == (
        "line 2, column 'um_per_px': '5,34' has a decimal comma: write 5.34",
    )


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("um_per_px", "-5", "'-5' is not a scale: it must be from 0.05 to 200 µm per pixel"),
        ("um_per_px", "0", "'0' is not a scale: it must be from 0.05 to 200 µm per pixel"),
        ("um_per_px", "5340", "'5340' is not a scale: it must be from 0.05 to 200 µm per pixel"),
        ("um_per_px", "5.3 µm", "'5.3 µm' is not a number"),
        ("um_per_px", "nan", "'nan' is not a number"),
        ("um_per_px", "inf", "'inf' is not a number"),
        ("date", "31.3.2026", "'31.3.2026' is not a date: write it as year-month-day, 2026-03-31"),
        ("date", "2026-02-30", "'2026-02-30' is not a date: write it as year-month-day, 2026-03-31"),
        ("date", "20260331", "'20260331' is not a date: write it as year-month-day, 2026-03-31"),
        ("date", "0026-03-31", "'0026-03-31' is no year of a scalp photograph"),
        ("age", "-1", "'-1' is not an age in years"),
        ("age", "1978", "'1978' is not an age in years"),
        ("age", "young", "'young' is not a number"),
        ("week", "twelve", "'twelve' is not a number"),
        ("week", "1e9", "'1e9' is not a number of weeks since the baseline"),
        ("grade", "x" * 201, f"'{'x' * 60}' is longer than 200 characters"),
        ("device", '"a\nb"', "'a\\nb' holds a line break or another character that cannot be printed"),
    ],
)
def test_a_bad_cell_is_named(folder: Path, column: str, cell: str, said: str) -> None:
    found = problems(folder, f"{HEADER},{column}\nS,1,x,a.jpg,\nS,2,x,b.jpg,{cell}\n")
    assert found == (f"line 3, column '{column}': {said}",)


@pytest.mark.parametrize("column", ["subject", "visit", "site", "image"])
def test_a_required_cell_must_be_filled(folder: Path, column: str) -> None:
    cells = {"subject": "S", "visit": "1", "site": "x", "image": "a.jpg", column: " "}
    assert problems(folder, f"{HEADER}\n{','.join(cells.values())}\n") == (f"line 2, column '{column}': is empty",)


def test_line_numbers_count_breaks_inside_quotes_and_blank_lines(folder: Path) -> None:
    text = f'{HEADER},remark,age\n\nS,1,x,a.jpg,"two\r\nlines, ""quoted""",\n\nS,2,x,b.jpg,,-3\nS,3,x,c.jpg,,old\n'
    assert problems(folder, text) == (
        "line 6, column 'age': '-3' is not an age in years",
        "line 7, column 'age': 'old' is not a number",
    )
    good = read(folder, text.replace("-3", "30").replace("old", "30"))
    assert good.rows[0].notes == {"remark": 'two\r\nlines, "quoted"'}
    assert [r.line for r in good.rows] == [3, 6, 7]


def test_all_faults_are_told_at_once_and_the_message_shows_twenty(folder: Path) -> None:
    rows = "".join(f"S,{n},x,gone{n}.jpg,-1\n" for n in range(30))
    with pytest.raises(ManifestError) as caught:
        read(folder, f"{HEADER},um_per_px\n{rows}")
    assert len(caught.value.problems) == 60
    lines = str(caught.value).splitlines()
    assert lines[0].endswith("60 faults in the manifest:")
    assert len(lines) == 1 + 20 + 1
    assert lines[1].strip() == "line 2, column 'image': 'gone0.jpg' does not exist"
    assert lines[-1].strip() == "… and 40 more. Mend the manifest; nothing was imported."


def test_paths_of_images(folder: Path) -> None:
    below = folder / "tables"
    below.mkdir()
    absolute = folder / "a.jpg"
    text = f"{HEADER}\nS,1,x,{absolute}\nS,2,x,../b.jpg\nS,3,x,..\\Bilder été\\d 1.jpg\n"
    rows = read(below, text).rows
    assert [r.image for r in rows] == [p.resolve() for p in (absolute, folder / "b.jpg", folder / "Bilder été/d 1.jpg")]
    assert problems(below, f"{HEADER}\nS,1,x,..\n") == ("line 2, column 'image': '..' is a folder, not a file",)
    assert problems(below, f"{HEADER}\nS,1,x,{'n' * 5000}\n")[0].endswith(" cannot be the name of a file")


def test_an_image_named_twice(folder: Path) -> None:
    assert problems(folder, f"{HEADER}\nS,1,x,a.jpg\nS,1,x,./a.jpg\nT,1,x,Bilder été/../a.jpg\n") == (
        "line 3, column 'image': 'a.jpg' is already named in line 2",
        "line 4, column 'image': 'a.jpg' is already named in line 2",
    )


def test_several_images_of_one_visit_and_site_are_welcome(folder: Path) -> None:
    assert len(read(folder, f"{HEADER}\nS,1,x,a.jpg\nS,1,x,b.jpg\n").rows) == 2


def test_rows_that_contradict_each_other(folder: Path) -> None:
    text = (
        f"{HEADER},date,sex,age,week\n"
        "S,1,x,a.jpg,2026-01-01,m,40,0\n"
        "S,1,y,b.jpg,2026-01-02,male,41,1\n"
        "S,2,x,c.jpg,,f,43,\n"
    )
    assert problems(folder, text) == (
        "line 3, column 'date': '2026-01-02', but '2026-01-01' in line 2 for subject 'S', visit '1'",
        "line 3, column 'week': 1.0, but 0.0 in line 2 for subject 'S', visit '1'",
        "line 4, column 'sex': 'female', but 'male' in line 2 for subject 'S'",
        "line 4, column 'age': 43, but 40 in line 2 for subject 'S'",
    )


def test_what_may_be_a_slip_is_a_warning(folder: Path) -> None:
    text = (
        f"{HEADER},device,grade,um_per_px\n"
        "S,1,Vertex,a.jpg,Foto 3000,II,\n"
        "S,2,vertex,b.jpg,hairmetrix,III,\n"
        "S,3,vertex,c.jpg,Unknown too,III,5\n"
    )
    warnings = read(folder, text).warnings
    assert warnings == (
        "line 2: the device 'Foto 3000' is not known, so it gives no scale; fill in um_per_px, or set the scale on the "
        "image",
        "subject 'S', site 'vertex': images of different devices (hairmetrix, Unknown too); their hair widths must not "
        "be compared",
        "subject 'S': several grades (II, III); the first one is kept",
        "column 'site': 'Vertex', 'vertex' are taken as different ones",
    )


def test_a_subject_is_of_one_arm(folder: Path) -> None:
    text = f"{HEADER},arm\nS,1,x,a.jpg,serum\nS,2,x,b.jpg,\nS,3,x,c.jpg,placebo\n"
    assert problems(folder, text) == ("line 4, column 'arm': 'placebo', but 'serum' in line 2 for subject 'S'",)
    spelt = read(folder, f"{HEADER},arm\nS,1,x,a.jpg,serum\nT,1,x,b.jpg,Serum\n")
    assert spelt.warnings == ("column 'arm': 'serum', 'Serum' are taken as different ones",)


def test_two_visits_of_one_week_are_told(folder: Path) -> None:
    text = f"{HEADER},week\nS,week 4,x,a.jpg,\nS,second,x,b.jpg,4\nT,week 4,x,c.jpg,4\n"
    assert read(folder, text).warnings == (
        "subject 'S': the visits 'week 4', 'second' are all of week 4; statistics take their mean",
    )


def test_cells_outside_the_columns(folder: Path) -> None:
    assert problems(folder, f"{HEADER}\nS,1,x,a.jpg,extra\n") == (
        "line 2: 'extra' stands in no named column; is a quotation mark or a separator missing?",
    )
    assert problems(folder, f"{HEADER},\nS,1,x,a.jpg,extra\n")[0].startswith("line 2: 'extra' stands in no named")
    assert len(read(folder, f"{HEADER},,\nS,1,x,a.jpg,,,\n").rows) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the manifest is empty"),
        (b" \n\n", "the manifest is empty"),
        (b"S01,baseline,vertex,a.jpg\n", "line 1 is not the header of a manifest: it lacks 'subject', 'visit', 'site'"),
        (b"subject;visit;site\n", "it lacks 'image' (found 'subject', 'visit', 'site', separated by semicolon)"),
        (b"subject,visit,site,image,age,Age\n", "more than one column is named 'age'"),
        (b"subject,visit,site,image\n", "the manifest names no image"),
        (b"PK\x03\x04" + bytes(99), "this is a workbook, not a CSV file"),
        (b"\x00\x01\x02\xff" * 99, "this is not a text file"),
        (b'subject,visit,site,image\nS,1,x,a.jpg\nS,"2,x,b.jpg\n', "line 3: the quotation marks do not fit together"),
        (b'subject,visit,site,image\nS,"2"x,x,b.jpg\n', "line 2: the quotation marks do not fit together"),
        (b"subject,visit,site,image\n" + b"S,1,x,a.jpg\n" * 2_000_000, "the manifest is larger than 20 MB"),
    ],
)
def test_what_is_no_manifest(folder: Path, content: bytes, words: str) -> None:
    with pytest.raises(UserFacingError) as caught:
        read(folder, content)
    assert words in caught.value.what
    assert caught.value.remedy


def test_a_missing_manifest_and_a_folder(folder: Path) -> None:
    with pytest.raises(UserFacingError, match="there is no such file"):
        read_manifest(folder / "none.csv")
    with pytest.raises(UserFacingError, match="this is a folder"):
        read_manifest(folder)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_no_content_makes_it_fail_otherwise(tmp_path_factory: pytest.TempPathFactory, junk: bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    for data in (junk, b"subject,visit,site,image,um_per_px,age,date\n" + junk):
        try:
            read(folder, data, "junk.csv")
        except UserFacingError:
            continue


def test_a_row_made_by_a_program_keeps_its_numbers() -> None:
    row = ManifestRow(line=1, subject="S", visit="v", site="x", image=Path("/a.png"), um_per_px=4.5, age=30, week=0)
    assert (row.um_per_px, row.age, row.week) == (4.5, 30.0, 0.0)
    with pytest.raises(ValidationError, match="is not a scale"):
        ManifestRow(line=1, subject="S", visit="v", site="x", image=Path("/a.png"), um_per_px=4e9)
