import json
import subprocess
import sys
from dataclasses import asdict, replace

import pytest

from tests.endurance.reviewing import ROOT, Extent, Look, figures_of, growth_percent

STEADY = Look(0, 300.0, 700, 25, 11, 2, 22, 0)
EXTENT = Extent(n_edits=1000, n_looks=10)


def looks(**grown):
    """Ten looks, each of the values grown by so much from one to the next."""
    return [
        replace(STEADY, n_edits=100 * k, **{name: getattr(STEADY, name) + step * k for name, step in grown.items()})
        for k in range(1, 11)
    ]


def test_a_steady_program_has_grown_by_nothing():
    assert [round(figure.value, 6) for figure in figures_of(looks(), EXTENT, 0.0)] == [0] * 7


def test_what_edits_take_by_design_is_taken_off_and_told():
    memory, *_ = figures_of(looks(memory_mib=1.0), EXTENT, 10.24)
    assert memory.value == pytest.approx(0, abs=1e-9)
    assert "302 MiB at edit 200, 310 MiB at edit 1,000" in memory.note
    assert "with them +2.6 %" in memory.note


@pytest.mark.parametrize("name", [name for name in asdict(STEADY) if name not in ("n_edits", "memory_mib")])
def test_what_stays_behind_is_seen(name):
    found = [figure.value for figure in figures_of(looks(**{name: 1}), EXTENT, 0.0)]
    assert sorted(found)[-1] >= 4


def test_growth_is_that_of_the_line_through_the_values():
    assert growth_percent([100, 105, 110]) == pytest.approx(10)
    assert growth_percent([100, 90, 100, 90, 100]) == pytest.approx(0)


def test_a_short_review_leaves_nothing_behind(tmp_path):
    """In a process of its own, whose memory and widgets nobody else uses."""
    code = (
        "import dataclasses, json, sys, tempfile; from pathlib import Path\n"
        "from tests.endurance.reviewing import Extent, review\n"
        "folder = Path(sys.argv[1]); tempfile.tempdir = sys.argv[2]\n"
        "print(json.dumps([dataclasses.astuple(l) for l in review(folder, Extent(60, 6, 3))]))"
    )
    (tmp_path / "temporary").mkdir()
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(tmp_path), str(tmp_path / "temporary")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr[-2000:]
    found = [Look(*values) for values in json.loads(ended.stdout.splitlines()[-1])]
    assert len(found) == 3
    assert found[-1].n_edits >= 60
    last, before = found[-1], found[-2]
    assert (last.windows, last.children, last.temporary) == (before.windows, before.children, 0)
    assert last.widgets - before.widgets < 40
    assert last.files <= before.files + 2
