import pytest
from PIL import Image

from tests.workstation.report.reading import html_page, pdf_texts
from tests.workstation.report.small_trial import study_file, trial, with_files


@pytest.fixture
def study(tmp_path):
    return study_file(with_files(trial(2, weeks=(0, 12)), tmp_path), tmp_path)


def test_a_page_and_its_figures_are_written_and_the_study_is_left_alone(study, tmp_path, run):
    folder, before = tmp_path / "made" / "figures", study.read_bytes()
    status, out, err = run("report", study, "-o", tmp_path / "report.html", "--figures", folder)
    assert (status, err) == (0, "")
    page = html_page((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert "Serum, open label" in page.text
    # two subjects are too few for an interval, so there is no chart of intervals at week 12
    names = ("change_by_visit", "subjects_over_visits", "hair_widths", "unit_composition", "scores_over_visits")
    files = [f"{name}.{kind}" for name in names for kind in ("svg", "png")] + ["best_pair.png", "worst_pair.png"]
    assert out.split() == [str(tmp_path / "report.html"), *(str(folder / name) for name in files)]
    assert sorted(path.name for path in folder.iterdir()) == sorted(files)
    assert (folder / "hair_widths.svg").read_text(encoding="utf-8").startswith("<?xml")
    with Image.open(folder / "hair_widths.png") as image:
        assert image.width == 2070  # 6.9 inches of 300 dots
    assert study.read_bytes() == before


def test_the_ending_decides_in_any_case(study, tmp_path, run_json):
    path = tmp_path / "S01.PDF"
    assert run_json("report", study, "--subject", "S01", "-o", path) == [str(path)]
    assert "page 1 of 1" in pdf_texts(path.read_bytes())[0]


def test_one_subject_has_a_page(study, tmp_path, run):
    status, _, err = run("report", study, "--subject", "S02", "-o", tmp_path / "S02.pdf")
    assert status == 0, err
    (text,) = pdf_texts((tmp_path / "S02.pdf").read_bytes())
    assert "subject S02" in text
    assert "S01" not in text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-o", "report.docx"], "report.docx: a report is a .pdf or an .html file"),
        (["-o", "report"], "a report is a .pdf or an .html file"),
        (["-o", "missing/report.pdf"], "the folder does not exist"),
        (["-o", "report.pdf", "--subject", "S99"], "there is no subject 'S99' in the study. There are S01, S02."),
    ],
)
def test_what_cannot_be_done_is_said_and_the_old_file_stays(study, tmp_path, run, monkeypatch, arguments, told):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "report.pdf").write_bytes(b"old")
    status, out, err = run("report", study, *arguments)
    assert (status, out) == (1, "")
    assert told in " ".join(err.split())
    assert (tmp_path / "report.pdf").read_bytes() == b"old"


def test_a_study_that_is_no_study_is_told(tmp_path, run):
    (tmp_path / "no.h5").write_bytes(b"nothing")
    status, _, err = run("report", tmp_path / "no.h5", "-o", tmp_path / "r.pdf")
    assert status == 1
    assert "no.h5" in err
    assert not (tmp_path / "r.pdf").exists()
