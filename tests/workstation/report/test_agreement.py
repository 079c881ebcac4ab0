import re

import pytest

from tests.workstation.reader_study import read_trial
from tests.workstation.report.conftest import made_of
from tests.workstation.report.reading import html_page
from workstation.agreement.comparing import UNIT
from workstation.report.document import Chart, Facts, Heading, Paragraph, Table
from workstation.report.html import html_text


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("read")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRICHODESK_HOME", str(tmp_path_factory.mktemp("home")))
        return made_of(read_trial(n_subjects=4, repeats=3, hairs=(15, 45)), folder)


@pytest.fixture(scope="module")
def blocks(whole):
    """Those of the chapter."""
    titles = [(i, b) for i, b in enumerate(whole.blocks) if isinstance(b, Heading) and b.level == 1]
    start = next(rank for rank, (_, b) in enumerate(titles) if b.text == "Agreement of readers")
    return whole.blocks[titles[start][0] : titles[start + 1][0]]


def test_each_comparison_has_a_table_and_its_hairs(blocks):
    assert [b.text for b in blocks if isinstance(b, Heading)] == [
        "Agreement of readers",
        "Ada and Bo · both blank",
        "All readers, twice · both blank",
        "Ada, twice · both blank",
        "Bo, twice · both blank",
    ]
    tables = [b for b in blocks if isinstance(b, Table)]
    assert tables[0].caption == "Ada and Bo, both blank: 8 images of 4 subjects; difference: Bo less Ada"
    assert [c.title for c in tables[1].columns][-1] == "repeatability"
    row = next(r for r in tables[0].rows if r.cells[0] == "Hairs per cm²")
    assert row.cells[1] == "8"
    assert re.match(r"0\.\d{3} \(", row.cells[2])
    assert len([b for b in blocks if isinstance(b, Facts)]) == 4


def test_the_unit_is_said_and_the_differences_are_drawn(blocks):
    assert Paragraph(UNIT) in blocks
    (chart,) = [b for b in blocks if isinstance(b, Chart)]
    assert chart.caption.startswith("Differences of follicular units per cm²")
    assert len([axes for axes in chart.figure.axes if axes.get_visible()]) == 4
    assert "Ada and Bo · both blank: −" in chart.alt


def test_it_is_in_the_page(whole):
    page = html_page(html_text(whole))
    assert "Agreement of readers" in page.text
    assert "Class kappa, weighted" in page.text


def test_a_trial_with_one_reader_has_no_such_chapter(report):
    assert "Agreement of readers" not in [b.text for b in report.blocks if isinstance(b, Heading)]
