import json
import sys

import pytest

from tests.faults import writers
from tests.faults.writers import Extent, figures, look


@pytest.mark.skipif(sys.platform != "linux", reason="the programs are made by forking, the hosts by unshare")
def test_there_are_never_two_writers():
    found = figures(Extent(seconds=6, programs_per_host=1))
    assert [f.note for f in found if f.value] == []
    assert found[0].value == 0
    assert " 0 times one's own" not in found[0].note


def noted(path, *rows):
    path.with_suffix(".log").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return look(path)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["begin", "a", 0], ["edit", "a", 2], ["end", "a", 0], ["begin", "b", 0], ["edit", "b", 3]], []),
        ([["begin", "a", 0], ["edit", "a", 2], ["begin", "b", 0], ["edit", "b", 4]], []),  # killed, one edit untold
        ([["begin", "a", 0], ["begin", "b", 0], ["edit", "a", 2]], ["a wrote while the study was b's"]),
        ([["begin", "a", 0], ["begin", "b", 0], ["end", "a", 0]], ["a wrote while the study was b's"]),
        ([["begin", "a", 0], ["end", "a", 0], ["edit", "a", 2]], ["a wrote while the study was nobody's"]),
        ([["begin", "a", 0], ["edit", "a", 2], ["edit", "a", 4]], ["edit 4 followed edit 2"]),
        ([["begin", "a", 0], ["edit", "a", 2], ["end", "a", 0], ["begin", "b", 0], ["edit", "b", 2]],
         ["edit 2 followed edit 2"]),
    ],
)  # fmt: skip
def test_two_writers_and_lost_edits_would_be_seen(path, rows, said):
    found, _ = noted(path, *rows)
    assert found == said


def test_without_rights_two_computers_are_said_not_to_be_tried(monkeypatch):
    monkeypatch.setattr(writers, "can_have_hosts", lambda: False)
    monkeypatch.setattr(writers, "contend", lambda *_: None)
    assert figures()[1].value is None
