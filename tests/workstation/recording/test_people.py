import io

import pytest

from tests.workstation.recorded_trial import trial_study
from workstation.errors import UserFacingError
from workstation.export.csv_file import write_rows
from workstation.model.patch import apply
from workstation.model.study import Subject, Visit
from workstation.recording import (
    SUBJECT_COLUMNS,
    VISIT_COLUMNS,
    TableError,
    read_subjects,
    read_visits,
    subject_rows,
    visit_rows,
)

STUDY = trial_study()


@pytest.fixture
def file(tmp_path):
    def file(text):
        (tmp_path / "people.csv").write_text(text, encoding="utf-8")
        return tmp_path / "people.csv"

    return file


def after(patches, study=STUDY):
    for patch in patches:
        study = apply(study, patch)
    return study


def faults(read, path):
    with pytest.raises(TableError) as caught:
        read(path, STUDY)
    return list(caught.value.problems)


def test_subjects_are_added_and_described(file):
    patches = read_subjects(file("Subject;Sex;Age;Arm\nS04;w;40,5;serum\ns02;;51;\nS01;female;34.5;serum\n"), STUDY)
    assert [patch.operation for patch in patches] == ["add subjects", "change subjects"]
    assert [patch.undoable for patch in patches] == [False, True]
    subjects = after(patches).subjects
    assert subjects["S04"] == Subject("S04", "female", 40.5, "", "serum")
    assert subjects["S02"] == Subject("S02", "male", 51.0, "Norwood III", "placebo")
    assert subjects["S01"] is STUDY.subjects["S01"]


def test_visits_are_added_and_described(file):
    text = "subject,visit,week,date\nS03,week 4,,2026-03-31\nS01,Week 12,13,\nS03,extra,,\nS02,week 4,4,\n"
    patches = read_visits(file(text), STUDY)
    assert [patch.operation for patch in patches] == ["add visits", "change visits"]
    visits = after(patches).visits
    assert visits[5] == Visit(5, "S03", "week 4", 4.0, "2026-03-31")
    assert visits[6] == Visit(6, "S03", "extra")
    assert visits[2] == Visit(2, "S01", "week 12", 13.0, "2026-04-28")
    assert visits[4] is STUDY.visits[4]


def test_new_visits_of_subjects_in_turn_are_numbered_through(file):
    lines = [f"{code},week {week},{week}" for week in (20, 24, 28) for code in ("S03", "S01", "S02")]
    patches = read_visits(file("\n".join(["subject,visit,week", *lines])), STUDY)
    added = [(change.id, change.after.subject, change.after.week) for patch in patches for change in patch.changes]
    weeks = [(code, week) for week in (20.0, 24.0, 28.0) for code in ("S03", "S01", "S02")]
    assert added == [(5 + i, code, week) for i, (code, week) in enumerate(weeks)]
    assert len(after(patches).visits) == len(STUDY.visits) + 9


def test_what_is_there_is_no_edit(file):
    assert read_subjects(file("subject\nS01\n"), STUDY) == ()
    assert read_visits(file("subject,visit,week\nS01,baseline,0\n"), STUDY) == ()


def test_faults_of_subjects(file):
    text = "subject,sex,age,height\nS04,f,130,1\n,m,,\nS01,,x,\nS05,,,\ns05,,,\n"
    assert faults(read_subjects, file(text)) == [
        "line 1, column 'height': is not a column of this table, which has subject, sex, age, grade, arm",
        "line 2, column 'age': '130' is not an age in years",
        "line 3, column 'subject': is empty",
        "line 4, column 'age': 'x' is not a number",
        "line 6: the same one is already in line 5",
    ]


def test_faults_of_visits(file):
    text = (
        "subject,visit,week,date\nS09,x,,\nS01,,,\nS01,x,nan,\nS01,y,,1.1.2026\nS01,again,12,\nS03,a,1,\nS03,A,2,\n"
        "S03,b,1,\n"
    )
    assert faults(read_visits, file(text)) == [
        "line 2, column 'subject': 'S09' is not in the study",
        "line 3, column 'visit': is empty",
        "line 4, column 'week': 'nan' is not a number",
        "line 5, column 'date': '1.1.2026' is not a date: write it as year-month-day, 2026-03-31",
        "line 6: subject 'S01' has a visit of week 12 already, 'week 12'",
        "line 8: the same one is already in line 7",
        "line 9: subject 'S03' has a visit of week 1 already, 'a'",
    ]


@pytest.mark.parametrize(
    ("read", "text", "said"),
    [
        (read_subjects, "code\nS01\n", "line 1 is not the header of a table of subjects: it lacks 'subject'"),
        (read_visits, "subject\nS01\n", "line 1 is not the header of a table of visits: it lacks 'visit'"),
    ],
)
def test_what_is_no_table_of_people(file, read, text, said):
    with pytest.raises(UserFacingError, match=said):
        read(file(text), STUDY)


def test_what_is_written_is_read_again(file):
    empty = trial_study(subjects={}, visits={}, images={}, responses={}, events={})
    for columns, rows, read in (
        (SUBJECT_COLUMNS, subject_rows(STUDY), read_subjects),
        (VISIT_COLUMNS, visit_rows(STUDY), read_visits),
    ):
        stream = io.StringIO()
        write_rows(stream, [name for name, _, _ in columns], rows)
        empty = after(read(file(stream.getvalue()), empty), empty)
    assert (empty.subjects, empty.visits) == (STUDY.subjects, STUDY.visits)
