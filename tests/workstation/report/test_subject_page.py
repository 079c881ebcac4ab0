from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
import shapely

from tests.workstation.report.conftest import HOSTILE, made_of
from tests.workstation.report.reading import html_page, pdf_texts
from tests.workstation.report.small_trial import trial, with_files
from workstation.errors import UserFacingError
from workstation.model.read import ReadState, Review
from workstation.report.before_after import box_inside
from workstation.report.document import Bullets, Paragraph, SideBySide, Tiles
from workstation.report.html import html_text
from workstation.report.pdf import pdf_bytes

JARGON = (
    "follicular",
    "vellus",
    "terminal",
    "cm²",
    "µm",
    "p =",
    "CI",
    "SD",
    "endpoint",
    "calib",
    "density",
    "significan",
)
PROMISES = ("improve", "success", "works", "effective", "will grow", "better")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("subject")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRICHODESK_HOME", str(tmp_path_factory.mktemp("home")))
        study = with_files(trial(2, codes=("S01", HOSTILE)), folder)
        return made_of(study, folder, "S01")


def tiles(report):
    (found,) = [block.tiles for block in report.blocks if isinstance(block, Tiles)]
    return found


def said(report):
    texts = [block.text for block in report.blocks if isinstance(block, Paragraph)]
    texts += [item for block in report.blocks if isinstance(block, Bullets) for item in block.items]
    return "\n".join([*texts, *(f"{t.title} {t.value} {t.unit} {t.detail}" for t in tiles(report))])


def test_four_numbers_before_and_after(made):
    values = [tile.value for tile in tiles(made)]
    assert len(values) == 4
    assert values[1] == "87 → 101"  # 25 and 29 units on 0.288 cm²
    assert all(" → " in value for value in values)
    assert tiles(made)[1].detail == "16 % more: measuring twice seldom differs as much"


def test_it_speaks_plainly_and_promises_nothing(made):
    text = said(made)
    for word in (*JARGON, *PROMISES):
        assert word not in text, word
    assert "No measurement is exact" in text
    assert "They do not tell why something changed" in text
    assert "ask the study team" in text


def test_it_says_which_days_and_which_reads(made):
    text = said(made)
    assert "taken on 2 February 2026, and again 12 weeks later, on 27 April 2026" in text
    assert (
        "Measured on: S01_baseline_vertex.png (read 2, Ada, submitted), S01_week12_vertex.png (read 6, Ada, submitted)"
        in text
    )


def test_both_pictures_show_the_same_skin(made):
    (beside,) = [block for block in made.blocks if isinstance(block, SideBySide)]
    before, after = beside.pictures
    assert before.size_px == after.size_px
    assert before.size_px[0] < 600  # cut to what both show
    assert "the same piece of skin" in said(made)
    assert "Before, 2 February 2026, vertex" in before.caption


def test_it_is_one_page_in_both_kinds(made):
    (text,) = pdf_texts(pdf_bytes(made))
    assert "page 1 of 1" in text
    assert "87 → 101" in text
    page = html_page(html_text(made))
    assert len(page.attributes("img")) == 2
    assert not page.attributes("nav")
    assert "87 → 101" in page.text


def test_a_portrait_picture_does_not_make_a_second_page(made):
    (beside,) = [block for block in made.blocks if isinstance(block, SideBySide)]
    tall = SideBySide(tuple(replace(picture, size_px=(400, 900)) for picture in beside.pictures))
    blocks = tuple(tall if isinstance(block, SideBySide) else block for block in made.blocks)
    long = replace(
        made, blocks=blocks, title="Your hair: before and after", subtitle=f"{'A long title ' * 9}: subject S01"
    )
    assert len(pdf_texts(pdf_bytes(long))) == 1


def test_a_detection_that_nobody_checked_is_said_and_allows_less(tmp_path):
    report = made_of(with_files(trial(2, codes=("S01", HOSTILE)), tmp_path), tmp_path, HOSTILE)
    assert "nobody has checked them yet" in said(report)
    assert "up to about 12 %" in said(report)
    assert HOSTILE not in html_text(report)
    assert HOSTILE in html_page(html_text(report)).text


def test_one_visit_is_shown_without_a_comparison(tmp_path):
    report = made_of(with_files(trial(1, weeks=(0,)), tmp_path), tmp_path, "S01")
    assert "nothing can be compared yet" in said(report)
    assert [tile.value for tile in tiles(report)][1] == "87"
    assert len(pdf_texts(pdf_bytes(report))) == 1


def test_pictures_that_are_gone_are_told_of(tmp_path):
    report = made_of(trial(1, weeks=(0, 12)), tmp_path, "S01")
    assert "The pictures cannot be shown: 1.png: there is no such file." in said(report)
    assert str(tmp_path) not in said(report)


def test_a_review_that_is_not_done_is_said_and_allows_less(tmp_path):
    study = trial(1, weeks=(0, 1))
    reads = {
        i: replace(r, review=Review(ReadState.IN_REVIEW)) if r.reader == "Ada" and r.image_id == 2 else r
        for i, r in study.reads.items()
    }
    text = said(made_of(replace(study, reads=MappingProxyType(reads)), tmp_path, "S01"))
    assert "counted by the program, and not all of them have been checked yet" in text
    assert "up to about 12 %" in text
    assert "again 1 week later" in text


def test_pictures_that_were_not_registered_are_not_called_the_same(tmp_path):
    study = with_files(replace(trial(1, weeks=(0, 12)), pairs=MappingProxyType({})), tmp_path)
    report = made_of(study, tmp_path, "S01")
    assert "may not show quite the same piece of skin" in said(report)


def test_several_areas_are_said_to_be_averaged(tmp_path):
    report = made_of(with_files(trial(1, weeks=(0, 12), sites=("vertex", "temple")), tmp_path), tmp_path, "S01")
    assert "averages of 2 areas" in said(report)


def test_a_subject_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UserFacingError, match=r"no subject 'S99'.*There are S01, S02"):
        made_of(trial(2), tmp_path, "S99")


def test_a_subject_of_whom_nothing_was_measured_is_named(tmp_path):
    study = trial(2)
    reads = {i: read for i, read in study.reads.items() if study.visit_of(read.image_id).subject != "S02"}
    pairs = {i: p for i, p in study.pairs.items() if study.visit_of(p.baseline_image_id).subject != "S02"}
    study = replace(study, reads=MappingProxyType(reads), pairs=MappingProxyType(pairs))
    with pytest.raises(UserFacingError, match="nothing was measured of subject S02"):
        made_of(study, tmp_path, "S02")


@pytest.mark.parametrize(
    "region",
    [
        shapely.box(-0.5, -0.5, 399.5, 299.5),
        shapely.box(40, 20, 399.5, 299.5),
        shapely.Polygon([(0, 60), (380, 0), (399, 290), (20, 299)]),
        shapely.box(0, 0, 399, 299).difference(shapely.Point(200, 150).buffer(20)),
    ],
    ids=["all", "moved", "turned", "with a hole"],
)
def test_the_box_lies_inside_what_both_show(region):
    left, top, right, bottom = box_inside(region, 400, 300)
    assert 0 <= left < right <= 400
    assert 0 <= top < bottom <= 300
    outline = shapely.Polygon(shapely.get_parts(region)[0].exterior).buffer(2.0)
    assert outline.contains(shapely.box(left, top, right - 1, bottom - 1))
    assert np.isclose((right - left) / (bottom - top), 4 / 3, rtol=0.02)
    assert (right - left) > 200


def test_there_is_no_box_where_too_little_is_shared():
    assert box_inside(shapely.box(0, 0, 60, 40), 400, 300) is None
    assert box_inside(shapely.Polygon(), 400, 300) is None
