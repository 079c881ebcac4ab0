import os
import shutil
import subprocess

import pytest

from tests.workstation.report.conftest import HOSTILE
from tests.workstation.report.reading import html_page
from workstation.errors import UserFacingError
from workstation.report.document import Column, Paragraph, Report, Row, Table
from workstation.report.html import html_text, write_html

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def text(report):
    return html_text(report)


@pytest.fixture(scope="module")
def page(text):
    return html_page(text)


def test_it_is_a_whole_page_with_a_title_a_language_and_every_chapter(text, page):
    assert text.startswith("<!DOCTYPE html>")
    assert page.attributes("html") == [{"lang": "en"}]
    for chapter in (
        "Summary", "Subjects", "Methods", "Results", "Questionnaires", "Adverse events", "Hair by hair", "Quality",
        "Missing data and warnings", "Appendix: all visits", "Appendix: values and their reads",
        "Appendix: images and reads",
    ):  # fmt: skip
        assert page.text.count(chapter) >= 2, chapter  # in the contents, and above the chapter
    targets = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    assert {a["href"].removeprefix("#") for a in page.attributes("a")} <= targets


def test_every_id_is_there_once(page):
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_nothing_is_loaded_and_nothing_runs(text, page):
    assert "http://" not in text
    assert "https://" not in text
    assert not page.attributes("script")
    assert not page.attributes("link")
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert all(img["src"].startswith("data:image/jpeg;base64,") for img in page.attributes("img"))
    references = [a[name] for _, a in page.tags for name in ("href", "xlink:href") if name in a]
    assert all(reference.startswith("#") for reference in references)
    assert "url(http" not in text
    (policy,) = [m["content"] for m in page.attributes("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")


def test_what_users_wrote_is_text_and_never_markup(text, page):
    assert HOSTILE not in text
    assert HOSTILE in page.text
    assert "S04 & <b>Söhne</b>" in page.text
    assert "Itching <b>& redness</b>" in page.text


def test_tables_have_captions_and_heads_with_a_scope(page):
    n_tables = len(page.attributes("table"))
    assert n_tables == len(page.attributes("caption"))
    assert n_tables >= 8
    assert {th.get("scope") for th in page.attributes("th")} == {"col", "row", "rowgroup"}


def test_charts_are_drawn_in_the_page_and_every_picture_says_what_it_shows(page):
    charts = [svg for svg in page.attributes("svg") if svg.get("role") == "img"]
    assert len(charts) >= 6
    assert all(len(svg["aria-label"]) > 40 for svg in charts)
    assert len(page.attributes("img")) == 2
    assert all("vertex" in img["alt"] for img in page.attributes("img"))


def test_the_forest_says_its_figures_to_who_cannot_see_it(page):
    (said,) = [svg["aria-label"] for svg in page.attributes("svg") if "Change at week" in svg.get("aria-label", "")]
    assert said.startswith("Change at week 12: follicular units per cm² +")
    assert "mean hair width" in said


def test_it_replaces_a_file_whole_or_leaves_it_as_it_was(tmp_path, monkeypatch):
    report = Report("A title", "A kind", "A foot", (Paragraph("text"),))
    path = tmp_path / "report.html"
    path.write_text("old")
    write_html(path, report)
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")

    def no_space(*_):
        raise OSError(28, "No space left on device")

    path.write_text("old")
    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(UserFacingError, match="the disk is full"):
        write_html(path, report)
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]


def test_a_long_word_may_be_broken_and_stays_the_same_word():
    name = "S01_baseline_vertex_with_a_long_name-0001.png"
    table = Table("Long", (Column("image"),), (Row((name,)), Row(("x" * 60,))))
    text = html_text(Report("A title", "A kind", "A foot", (table,)))
    assert "S01_<wbr>baseline_<wbr>" in text
    assert f"{'x' * 24}<wbr>{'x' * 24}<wbr>{'x' * 12}</th>" in text
    assert name in html_page(text).text


def test_control_characters_do_not_reach_the_page():
    text = html_text(Report("A\x00B\x07C\ud800D", "A kind", "A foot", (Paragraph("a\x1bb"),)))
    assert "ab</p>" in text
    assert "<h1>ABCD</h1>" in text
    text.encode("utf-8")


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this computer")
def test_a_browser_opens_it_and_finds_the_same(tmp_path, report):
    path = tmp_path / "report.html"
    write_html(path, report)
    command = [
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
        f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", path.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    dom = html_page(done.stdout)
    assert len(dom.attributes("table")) == len(html_page(html_text(report)).attributes("table"))
    assert not dom.attributes("script")
    assert HOSTILE in dom.text
    assert "http://" not in done.stdout
    assert "https://" not in done.stdout
    assert "Refused to" not in done.stderr  # by its own policy


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this computer")
def test_a_browser_prints_it_on_pages(tmp_path, report):
    import pypdfium2

    path, printed = tmp_path / "report.html", tmp_path / "printed.pdf"
    write_html(path, report)
    command = [
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
        f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={printed}", "--no-pdf-header-footer", path.as_uri(),
    ]  # fmt: skip
    subprocess.run(command, capture_output=True, timeout=120, check=True)
    document = pypdfium2.PdfDocument(printed)
    width, height = document[0].get_size()
    n_pages = len(document)
    document.close()
    assert (round(width), round(height)) == (595, 842)  # A4, as the page asks for
    assert 5 <= n_pages <= 30
