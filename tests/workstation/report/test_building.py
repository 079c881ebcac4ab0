import math
from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.workstation.report.conftest import made_of
from tests.workstation.report.small_trial import FIELD_CM2, study_file, trial, with_files
from workstation.model.hair import Origin
from workstation.model.read import ReadState
from workstation.model.study import Study
from workstation.report import sources
from workstation.report.building import material_of
from workstation.report.document import Bullets, Chart, Facts, Heading, Paragraph, Picture, RowKind, Table
from workstation.report.pdf import pdf_bytes
from workstation.report.quality import work_in
from workstation.session import open_study
from workstation.trial.analysing import analyse


def said(report):
    """Every text of the running text and lists."""
    texts = [block.text for block in report.blocks if isinstance(block, (Paragraph, Heading))]
    texts += [item for block in report.blocks if isinstance(block, Bullets) for item in block.items]
    texts += [f"{name}: {value}" for block in report.blocks if isinstance(block, Facts) for name, value in block.pairs]
    return "\n".join(texts)


def table(report, caption):
    """The one table whose caption begins so."""
    (found,) = [b for b in report.blocks if isinstance(b, Table) and b.caption.startswith(caption)]
    return found


def row(of, name):
    """The cells of the one row of that name."""
    (found,) = [
        each.cells for each in of.rows if each.cells[0].split("\n")[0] == name and each.kind is not RowKind.GROUP
    ]
    return found


def charts(report):
    return [block.name for block in report.blocks if isinstance(block, (Chart, Picture))]


def test_the_summary_gives_the_primary_result_in_words(report):
    lead = next(block.text for block in report.blocks if isinstance(block, Paragraph))
    assert lead.startswith("4 subjects took part, seen at baseline and at weeks 6 and 12. The primary endpoint, ")
    # 25, 26, 25, 26 units on 0.288 cm² at the baseline, 29, 30, 30, 29 at week 12: changes of 4, 4, 5, 3
    assert "follicular units per cm² at week 12, rose from 88.5 ± 2.0 to 102.4 ± 2.0" in lead
    assert "a mean change of +13.9 (+15.7 %; 95 % CI 9.4 to 18.4; n = 4)" in lead
    assert "more than chance alone would explain (paired t test, p = 0.002)" in lead
    assert "yes in 3 of 4 (75 %; 95 % CI 19.4 to 99.4 %)" in lead
    assert "1 adverse event was recorded, and it was not serious." in lead
    assert "There was no control" in lead


def test_the_outcome_table_has_the_numbers_of_the_primary_week(report):
    cells = row(table(report, "Outcomes at week 12"), "Follicular units per cm²")
    assert cells[0].endswith("(primary)")
    assert cells[1:6] == ("4", "88.5 ± 2.0", "102.4 ± 2.0", "+13.9\n9.4 to 18.4", "+15.7 %")
    assert cells[6] == "0.002"  # the primary one is not adjusted
    assert cells[7] == "0.125"  # of four subjects the least that there is
    assert "\n" in row(table(report, "Outcomes at week 12"), "Hairs per cm²")[6]  # Holm below


def test_all_visits_stand_in_the_appendix(report):
    found = table(report, "Every outcome at every visit")
    groups = [each.cells[0] for each in found.rows if each.kind is RowKind.GROUP]
    assert "Follicular units per cm²" in groups
    place = [each.cells[0] for each in found.rows].index("Follicular units per cm²")
    assert [each.cells[0].split("\n")[0] for each in found.rows[place + 1 : place + 3]] == ["Week 6", "Week 12"]


def test_table_one_describes_the_subjects(report):
    found = table(report, "Subjects")
    assert row(found, "Subjects, n")[1] == "4"
    assert row(found, "  women")[1] == "2 (50 %)"
    assert row(found, "  Norwood III")[1] == "2 (50 %)"
    assert row(found, "  vertex")[1] == "4 (100 %)"
    assert row(found, "Age in years, mean ± SD")[1] == "34.5 ± 9.0"
    assert row(found, "  range")[1] == "24 to 45"


def test_attendance_counts_who_came_when(report):
    found = table(report, "Attendance")
    assert row(found, "Week 12")[1:3] == ("−3 to +3", "4")  # nothing was planned: the usual window
    assert row(found, "Week 12")[-1] == "0 (0 to 2)"


def test_methods_name_what_the_figures_rest_on(report):
    text = said(report)
    for part in (
        "12 images; device: HairMetrix (12)",
        "10 µm per pixel; from: manifest (12)",
        "trichodesk 0.1.0, clipped or long hair, dark or light, sensitivity 0.5 (12 reads)",
        "vellus below 30 µm, terminal from 60 µm",
        "named on 2026-01-05",
        "degrees of freedom for small samples: ",
        "Kenward–Roger",
        "The subject is the unit",
    ):
        assert part in text, part


def test_every_image_is_named_with_its_read_and_reader(report):
    found = table(report, "Images and the reads")
    rows = [each.cells for each in found.rows if each.kind is not RowKind.GROUP]
    assert len(rows) == 12
    first = row(found, "S01_baseline_vertex.png")
    assert first[:7] == ("S01_baseline_vertex.png", "baseline", "vertex", "2026-02-02", "2", "Ada", "submitted")
    assert first[9:] == (f"{FIELD_CM2:.3f}", "10.000", "HairMetrix")
    assert [each.cells[0] for each in found.rows if each.kind is RowKind.GROUP][1:3] == ["Subject S01", "Subject S02"]


def test_values_name_their_reads(report):
    found = table(report, "Values of every subject")
    assert row(found, "S01") == ("S01", "86.8\n2", "97.2\n4", "100.7\n6")


def test_questionnaires_are_described_counted_and_their_answers_shown(report):
    text = said(report)
    assert (
        "Quality of life with hair loss: 1 (never) to 4 (always); the score is the mean of 2 items, 1 of them turned"
        in text
    )
    assert "Would recommend, week 12: 3 of 4 (75 %; 95 % CI 19.4 to 99.4 %) said yes (a score of 1 or more)" in text
    assert row(table(report, "Would recommend: answers at week 12"), "Would you recommend it to a friend?")[1:] == (
        "1",
        "3",
    )


def test_adverse_events_stand_in_a_table(report):
    cells = row(table(report, "Adverse events"), "S02")
    assert cells == ("S02", "Itching <b>& redness</b>", "mild", "possible", "no", "2026-02-20", "2026-02-23")


def test_pairs_are_counted_and_the_best_and_worst_are_shown(report):
    found = table(report, "Units and hairs matched")
    assert row(found, "S01, vertex")[1] == "S01_baseline_vertex.png\u00a0(2)\nS01_week12_vertex.png\u00a0(6)"
    kept, lost, new = row(found, "S01, vertex")[5].split(" / ")
    assert int(kept) > 20
    assert int(lost) <= 2
    assert int(new) >= 3
    assert charts(report)[-2:] == ["best_pair", "worst_pair"]


def test_review_is_counted_by_reader(report):
    found = table(report, "Review of the detection")
    ada, program, every = (each.cells for each in found.rows)
    assert ada[:2] == ("Ada", "6 submitted")
    assert ada[3:] == ("100", "0", "6", "0", "6", "0")
    assert program[:2] == ("trichodesk", "6 detected")
    assert program[3] == "0"
    assert int(every[2]) == int(ada[2]) + int(program[2])
    assert int(every[8]) == int(program[8]) > 0


def test_work_is_counted_next_to_the_detection_that_a_read_began_with():
    study = trial(1)
    read = study.reads[2]
    hairs = dict(read.hairs)
    first = next(iter(hairs))
    hairs[9999] = replace(hairs[first], id=9999, origin=Origin.ADDED)
    work = work_in(study, replace(read, hairs=MappingProxyType(hairs)), 0.5)
    assert (work.added, work.changed, work.deleted, work.doubtful) == (1, 1, 1, 0)
    assert work.judged == work.hairs == len(hairs)


def test_quality_tells_of_registrations_and_times(report):
    text = said(report)
    assert "Registered pairs: 8: 8 good, 0 check, 0 failed; 0 with landmarks set by hand" in text
    assert "Reads in use made: 2026-05-01 08:00:00 UTC to 2026-05-02 09:30:00 UTC" in text


def test_warnings_and_gaps_are_listed(tmp_path):
    study = trial(3)
    visits = {i: visit for i, visit in study.visits.items() if i != 2}
    images = {i: image for i, image in study.images.items() if image.visit_id != 2}
    images[1] = replace(images[1], device="Other camera")
    reads = {i: read for i, read in study.reads.items() if read.image_id in images}
    pairs = {i: pair for i, pair in study.pairs.items() if set(pair.image_ids) <= set(images)}
    study = replace(
        study, visits=MappingProxyType(visits), images=MappingProxyType(images), reads=MappingProxyType(reads),
        pairs=MappingProxyType(pairs),
    )  # fmt: skip
    report = made_of(study, tmp_path)
    assert "Other camera" in said(report)  # of two devices
    assert ("S01", "visit", "–", "week 6") in [each.cells[:4] for each in table(report, "Missing data").rows]
    assert row(table(report, "Attendance"), "Week 6")[6] == "1"


def without_reads(study: Study) -> Study:
    return replace(study, reads=MappingProxyType({}), pairs=MappingProxyType({}))


def without_scale(study: Study) -> Study:
    images = {i: replace(image, calibration=None) for i, image in study.images.items()}
    return replace(study, images=MappingProxyType(images))


def baseline_alone() -> Study:
    return trial(3, weeks=(0,))


def empty() -> Study:
    return Study("6d1d9b3e-3f6e-4c3a-9a39-0a6b1f9f2f11", "2026-01-02T03:04:05Z")


@pytest.mark.parametrize(
    ("study", "expected"),
    [
        (without_reads(trial(2, told=False)), "No outcome has a value after the baseline"),
        (without_scale(trial(2)), "Scale: none is known."),
        (baseline_alone(), "no value of a later visit is there yet"),
        (empty(), "The study has no questionnaire."),
        (trial(1, weeks=(0, 12)), "Whether that is more than chance cannot be said"),
        (trial(2, weeks=(0, 6), told=False), "No adverse event was recorded."),
        (replace(trial(2), plan=replace(trial(2).plan, primary_week=26.0)), "No subject has a value at week 26"),
    ],
    ids=["no reads", "no scale", "baseline alone", "empty", "one subject", "nothing told", "no primary week"],
)
def test_a_study_that_lacks_something_says_so_in_a_sensible_report(tmp_path, study, expected):
    report = made_of(study, tmp_path)
    assert expected in said(report)
    assert "nan" not in said(report).lower().split()
    assert (
        "nan" not in " ".join(c for b in report.blocks if isinstance(b, Table) for r in b.rows for c in r.cells).split()
    )
    if not any(isinstance(block, Chart) for block in report.blocks):  # to draw them again takes long, and tells nothing
        assert pdf_bytes(report).startswith(b"%PDF")


def test_an_image_that_is_gone_is_told_instead_of_its_picture(tmp_path):
    report = made_of(trial(2, weeks=(0, 12)), tmp_path)  # no file lies beside it
    assert "It cannot be drawn" in said(report)
    assert not any(isinstance(block, Picture) for block in report.blocks)


def test_a_single_pair_is_not_called_best_or_worst(tmp_path):
    report = made_of(with_files(trial(1, weeks=(0, 12)), tmp_path), tmp_path)
    assert charts(report)[-1] == "matched_pair"
    assert "best" not in charts(report)[-1]


def test_arms_stand_beside_each_other_and_against_the_control(tmp_path):
    study = trial(8, weeks=(0, 12), arms=("serum", "vehicle"))
    study = replace(study, plan=replace(study.plan, control_arm="vehicle"))
    report = made_of(study, tmp_path)
    found = table(report, "Outcomes at week 12")
    names = [each.cells[0].split("\n")[0] for each in found.rows]
    place = names.index("Follicular units per cm²")
    assert names[place + 1 : place + 4] == ["serum", "  against control", "vehicle"]
    assert found.rows[place + 2].cells[1] == "4/4"
    assert "Control: arm vehicle" in said(report)
    assert "There was no control" not in said(report)
    assert [column.title for column in table(report, "Subjects").columns] == ["", "serum", "vehicle", "all"]


def test_many_weeks_stand_in_several_tables(tmp_path):
    study = trial(1, weeks=tuple(range(0, 20, 2)), told=False)
    with open_study(study_file(study, tmp_path), "Ada", read_only=True) as session:
        blocks = sources.values(material_of(session, analyse(session.study)))
    tables = [b for b in blocks if isinstance(b, Table)]
    assert [len(each.columns) for each in tables] == [8, 4]


def test_the_state_of_reads_is_told(report):
    assert f"6 {ReadState.SUBMITTED}, 6 {ReadState.DETECTED}" in said(report)


def test_figures_have_names_of_their_own_and_alternative_texts(report):
    images = list(report.images())
    names = [image.name for image in images]
    assert len(names) == len(set(names))
    assert all(len(image.alt) > 40 and math.isfinite(len(image.caption)) for image in images)
