import os
from io import BytesIO

import pypdfium2
import pytest

from tests.workstation.report.conftest import HOSTILE
from tests.workstation.report.reading import pdf_outline, pdf_texts
from workstation.errors import UserFacingError
from workstation.report.document import Column, Heading, Paragraph, Report, Row, RowKind, Table
from workstation.report.pdf import pdf_bytes, write_pdf
from workstation.report.pdf_style import TEXT_WIDTH
from workstation.report.pdf_table import fitted


@pytest.fixture(scope="module")
def data(report):
    return pdf_bytes(report)


@pytest.fixture(scope="module")
def texts(data):
    return pdf_texts(data)


def leaf(*blocks, title="A title", **more):
    return Report(title, "A kind", "A foot", blocks, **{"has_contents": False, **more})


def test_its_text_is_text_with_every_sign(texts):
    whole = " ".join(texts)
    assert "Serum, open label" in texts[0]
    for signs in ("cm²", "µm", "±", "−", "95 % CI", "“Would recommend”"):
        assert signs in whole, signs


def test_what_users_wrote_is_text_and_never_markup(texts):
    whole = " ".join(texts)
    assert HOSTILE in whole
    assert "S04 & <b>Söhne</b>" in whole
    assert "Itching <b>& redness</b>" in whole


def test_pages_are_numbered_and_say_what_they_are_of(texts):
    for place, text in enumerate(texts, start=1):
        assert f"page {place} of {len(texts)}" in text
        assert "Serum, open label · trichodesk report · 20" in text


def test_chapters_have_bookmarks_on_their_pages(data, texts):
    outline = pdf_outline(data)
    assert [title for title, _ in outline][:2] == ["Summary", "Subjects"]
    assert "Appendix: images and reads" in [title for title, _ in outline]
    for title, page in outline:
        assert title in texts[page]


def test_the_contents_name_the_pages(data, texts):
    pages = dict(pdf_outline(data))
    for title in ("Methods", "Adverse events", "Appendix: images and reads"):
        number = texts[0].split(f"{title} . ", 1)[1].replace(". ", "").split()[0]
        assert int(number.strip(".")) == pages[title] + 1


def test_words_of_charts_are_text_too(texts):
    assert any("mean change in % of the mean at baseline" in text for text in texts)


def test_no_page_is_empty_and_no_heading_stands_alone_at_the_end(data):
    document = pypdfium2.PdfDocument(data)
    for page in document:
        text = page.get_textpage()
        *_, top = text.get_rect(0) if text.count_rects() else (0, 0, 0, 0)
        assert text.count_chars() > 120
        assert top > 0
    document.close()


def test_the_head_of_a_table_is_repeated_and_no_row_is_lost():
    rows = tuple(Row((f"row {k}", f"{k}.5")) for k in range(200))
    table = Table("Many rows", (Column("name"), Column("height", "mm", is_number=True)), rows)
    texts = pdf_texts(pdf_bytes(leaf(table)))
    assert len(texts) > 2
    assert all("height mm" in text for text in texts)
    whole = " ".join(texts)
    assert all(f"row {k} {k}.5" in whole for k in range(200))


def test_a_heading_goes_to_the_next_page_with_what_it_is_of():
    filler = [Paragraph("Words and words. " * 30) for _ in range(9)]
    table = Table("A table", (Column("name"),), tuple(Row((f"row {k}",)) for k in range(12)))
    for n in range(1, 12):
        blocks = (*filler, *(Paragraph("line") for _ in range(n)), Heading("A heading"), table)
        texts = pdf_texts(pdf_bytes(leaf(*blocks)))
        (place,) = [place for place, text in enumerate(texts) if "A heading" in text]
        assert "row 0" in texts[place], n
        assert "row 11" in texts[place], n


def test_no_number_is_broken_where_a_smaller_type_can_hold_it():
    columns = (Column("outcome"), *(Column(f"c{k}", is_number=True) for k in range(7)))
    rows = (Row(("a name", *("−0.073 to −0.020" for _ in range(7)))),)
    size, widths = fitted(Table("Wide", columns, rows))
    assert size < 7.2
    assert sum(widths) == pytest.approx(TEXT_WIDTH)
    text = " ".join(pdf_texts(pdf_bytes(leaf(Table("Wide", columns, rows)))))
    assert text.count("−0.073 to −0.020") == 7


def test_a_long_word_is_broken_and_stays_on_the_page():
    name = "image_" + "x" * 180 + ".png"
    table = Table("Long", (Column("image"), Column("n", is_number=True)), (Row((name, "1")),))
    document = pypdfium2.PdfDocument(pdf_bytes(leaf(table, title=name)))
    page = document[0]
    text = page.get_textpage()
    rights = [text.get_rect(k)[2] for k in range(text.count_rects())]
    whole = text.get_text_bounded().replace("\r\n", "")
    document.close()
    assert max(rights) <= page_width() - 40
    assert whole.count("x") >= 180


def page_width():
    return 595.3


def test_a_group_is_a_title_over_the_whole_width():
    rows = (Row(("A group with a rather long title that no single column could hold",), RowKind.GROUP), Row(("a", "1")))
    table = Table("Grouped", (Column("name"), Column("n", is_number=True)), rows)
    assert "A group with a rather long title that no single column could hold a 1" in pdf_texts(pdf_bytes(leaf(table)))[
        0
    ].replace("  ", " ")


def test_a_row_that_does_not_fit_its_columns_is_an_error():
    with pytest.raises(ValueError, match="a row has 1 cells"):
        Table("Wrong", (Column("a"), Column("b")), (Row(("1",)),))


def test_it_replaces_a_file_whole_or_leaves_it_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "report.pdf"
    path.write_bytes(b"old")
    write_pdf(path, leaf(Paragraph("text")))
    assert path.read_bytes().startswith(b"%PDF-")

    def no_space(*_):
        raise OSError(28, "No space left on device")

    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(UserFacingError, match="the disk is full"):
        write_pdf(path, leaf(Paragraph("text")))
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["report.pdf"]


def test_a_document_says_what_it_is(data):
    document = pypdfium2.PdfDocument(BytesIO(data))
    about = document.get_metadata_dict()
    document.close()
    assert about["Title"] == "Serum, open label"
    assert about["Subject"] == "Report of a trial of hair growth"
