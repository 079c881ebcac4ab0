"""The chapter on the record."""

from dataclasses import replace

from tests.workstation.record.test_rows import worked
from workstation.report.document import Facts, Paragraph, Table
from workstation.report.material import Material
from workstation.report.record import record


def chapter(study, trail):
    return record(
        Material(study, None, "trial.h5", len(trail), 0, "", "2026-03-01T00:00:00Z", 0.5, lambda _: None, tuple(trail))
    )


def test_it_gives_the_head_hash_who_changed_what_and_what_came_late():
    study, trail = worked()
    blocks = chapter(study, trail)
    facts = dict(next(block for block in blocks if isinstance(block, Facts)).pairs)
    assert facts["Rows"] == "7 rows, beginning after the study's creation (older format)"
    assert facts["Head hash (SHA-256)"] == trail[-1].sha256
    who, late = (block for block in blocks if isinstance(block, Table))
    assert who.rows[0].cells == ("Ada", "7", "1", "3", "hairs and units 2, reads and states 5")
    assert [row.cells[1:3] for row in late.rows] == [("Ada", "scalp.png")] * 3
    assert late.rows[0].cells[3] == "Reject hairs\nhair 1, status: accepted → rejected"
    assert late.rows[0].cells[4] == "=HYPERLINK(1)"
    assert blocks[-1] == replace(blocks[-1], text="For 2 of 3 no reason is given.")


def test_nothing_after_submission_is_said():
    study, trail = worked()
    blocks = chapter(study, trail[:4])
    assert blocks[-1] == Paragraph("No read was changed after it had been submitted.")


def test_without_a_trail_there_is_no_chapter():
    study, _trail = worked()
    assert chapter(study, ()) == []
