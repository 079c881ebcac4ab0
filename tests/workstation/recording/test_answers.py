import csv
import io
from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.workstation.recorded_trial import GROWTH, WOULD, by_id, trial_study
from workstation.edits import NothingToDo, enter_answers
from workstation.errors import UserFacingError
from workstation.export.csv_file import write_rows
from workstation.model.patch import apply
from workstation.model.study import Subject, Visit
from workstation.recording import ANSWER_COLUMNS, TableError, answer_rows, read_answers

EMPTY = MappingProxyType({})
STUDY = trial_study()
ONE = trial_study(questionnaires=by_id([GROWTH]), responses=EMPTY)


@pytest.fixture
def read(tmp_path):
    """Reads a table of these bytes or this text."""

    def read(content, study=STUDY):
        path = tmp_path / "answers.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_answers(path, study)

    return read


@pytest.fixture
def faults(read):
    def faults(content, study=STUDY):
        with pytest.raises(TableError) as caught:
            read(content, study)
        return list(caught.value.problems)

    return faults


def given(found):
    return [(one.visit_id, one.questionnaire_id, dict(one.answers)) for one in found.given]


WIDE = """subject,visit,questionnaire,fuller,shedding,thicker,pleased,new-hair,friend
S01,baseline,growth,1,2,3,4,5,
S02,week 4,growth,,2,,,5,
S02,week 4,would_recommend,,,,,,-1
"""
LONG = """subject;visit;questionnaire;item;value
S02;week 4;growth;shedding;2
S01;baseline;would_recommend;friend;-1
S02;week 4;growth;new-hair;5
"""


def test_a_wide_table(read):
    found = read(WIDE)
    assert given(found) == [
        (1, "growth", {"fuller": 1, "shedding": 2, "thicker": 3, "pleased": 4, "new-hair": 5}),
        (4, "growth", {"shedding": 2, "new-hair": 5}),
        (4, "would_recommend", {"friend": -1}),
    ]
    assert found.warnings == ()


def test_a_long_table(read):
    assert given(read(LONG)) == [
        (4, "growth", {"shedding": 2, "new-hair": 5}),
        (1, "would_recommend", {"friend": -1}),
    ]


@pytest.mark.parametrize("text", [WIDE.replace(",", "\t"), WIDE.replace(",", ";"), WIDE.replace("\n", "\r\n")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separators_and_encodings(read, text, encoding):
    assert given(read(text.encode(encoding)))[1] == (4, "growth", {"shedding": 2, "new-hair": 5})


def test_the_only_questionnaire_need_not_be_named(read, faults):
    text = "Subject,Visit,Fuller,New Hair\nS01,baseline,1,2\n"
    assert given(read(text, ONE)) == [(1, "growth", {"fuller": 1, "new-hair": 2})]
    assert faults(text) == ["line 2: the column questionnaire is missing, and the study has growth, would_recommend"]


@pytest.mark.parametrize("visit", ["week 4", "Week  4", "W4", "4", "4.0"])
def test_a_visit_is_known_by_its_name_or_week(read, visit):
    assert given(read(f"subject,visit,fuller\ns02,{visit},1\n", ONE)) == [(4, "growth", {"fuller": 1})]


@pytest.mark.parametrize(("cell", "value"), [("4", 4), ("4.0", 4), ("4,0", 4), ("Much", 4), ("very much", 5)])
def test_an_answer_is_a_number_or_its_words(read, cell, value):
    assert given(read(f'subject,visit,fuller\nS01,0,"{cell}"\n', ONE)) == [(1, "growth", {"fuller": value})]


def test_words_that_are_numbers_or_stand_twice_are_not_taken_for_answers(faults, read):
    odd = replace(GROWTH, scale=((0, "1"), (1, "0"), (2, "maybe"), (3, "maybe")))
    study = replace(ONE, questionnaires=by_id([odd]))
    assert given(read("subject,visit,fuller\nS01,0,1\n", study)) == [(1, "growth", {"fuller": 1})]
    assert faults("subject,visit,fuller\nS01,0,maybe\n", study)[0].startswith("line 2, column 'fuller': 'maybe' is not")


ONE_FAULT = [
    ("S09,0,1", "line 2, column 'subject': 'S09' is not in the study"),
    (",0,1", "line 2, column 'subject': is empty"),
    ("S01,,1", "line 2, column 'visit': is empty"),
    ("S01,week 5,1", "line 2, column 'visit': 'week 5' is no visit of subject 'S01', who has 'baseline', 'week 12'"),
    ("S03,0,1", "line 2, column 'visit': '0' is no visit of subject 'S03', who has none yet"),
    ("S01,0,6", "line 2, column 'fuller': '6' is not on the scale of 'growth', which goes from 1 to 5"),
    ("S01,0,0", "line 2, column 'fuller': '0' is not on the scale of 'growth', which goes from 1 to 5"),
    ("S01,0,2.5", "line 2, column 'fuller': '2.5' is not on the scale of 'growth', which goes from 1 to 5"),
    ("S01,0,inf", "line 2, column 'fuller': 'inf' is not on the scale of 'growth', which goes from 1 to 5"),
    ("S01,0,0_3", "line 2, column 'fuller': '0_3' is not on the scale of 'growth', which goes from 1 to 5"),
    ("S01,0,quite", "line 2, column 'fuller': 'quite' is not on the scale of 'growth', which goes from 1 to 5"),
    ("S01,0,NaN", "line 2, column 'fuller': 'NaN' is no answer: leave the cell empty where none was given"),
    ("S01,0,N/A", "line 2, column 'fuller': 'N/A' is no answer: leave the cell empty where none was given"),
    ("S01,0,1,7", "line 2: '7' stands in no named column; is a quotation mark or a separator missing?"),
]


@pytest.mark.parametrize(("row", "said"), ONE_FAULT)
def test_a_faulty_cell_is_named(faults, row, said):
    assert faults(f"subject,visit,fuller\n{row}\n", ONE) == [said]


def test_all_faults_are_said_at_once(faults):
    text = """subject,visit,questionnaire,fuller,friend,nose,week
S01,baseline,growth,9,,,0
S01,baseline,Growth,8,,,0
S02,baseline,itch,1,,,0
S02,week 4,growth,1,1,,4
S02,baseline,,1,,,0
S09,baseline,growth,7,,,0
"""
    assert faults(text) == [
        "line 1, column 'nose': is no item of a questionnaire of the study",
        "line 2, column 'fuller': '9' is not on the scale of 'growth', which goes from 1 to 5",
        "line 3: 'growth' at 'baseline' of 'S01' is already in line 2",
        "line 3, column 'fuller': '8' is not on the scale of 'growth', which goes from 1 to 5",
        "line 4, column 'questionnaire': 'itch' is not in the study, which has growth, would_recommend",
        "line 5, column 'friend': '1' answers no item of 'growth'",
        "line 6, column 'questionnaire': is empty",
        "line 7, column 'subject': 'S09' is not in the study",
        "line 7, column 'fuller': '7' is not on the scale of 'growth', which goes from 1 to 5",
    ]


def test_faults_of_a_long_table(faults):
    text = LONG + "S02;4;growth;Shedding;3\nS02;4;growth;nose;3\nS02;4;growth;;3\nS02;4;growth;fuller;NaN\n"
    assert faults(text) == [
        "line 5, column 'value': '3' answers 'shedding' again, after line 2",
        "line 6, column 'item': 'nose' is no item of 'growth', which has fuller, shedding, thicker, pleased, new-hair",
        "line 7, column 'item': is empty",
        "line 8, column 'value': 'NaN' is no answer: leave the cell empty where none was given",
    ]
    assert faults("subject,visit,questionnaire,item,value,nose\nS01,0,growth,fuller,1,2") == [
        "line 1, column 'nose': is not a column of a long table of answers"
    ]


def test_the_header_may_stand_further_down(faults):
    assert faults("sep=;\nsubject;visit;nose\nS01;0;1\n", ONE)[0].startswith("line 2, column 'nose': is no item")


def test_twenty_faults_are_shown(read):
    rows = "".join(f"S{n},0,1\n" for n in range(30, 60))
    with pytest.raises(TableError, match=r"answers\.csv: 30 faults in the table of answers:\n") as caught:
        read(f"subject,visit,fuller\n{rows}", ONE)
    assert str(caught.value).count("is not in the study") == 20
    assert "… and 10 more. Mend the table; nothing was taken over." in str(caught.value)


def test_two_visits_of_a_week_are_not_guessed_between(faults):
    study = replace(ONE, visits=MappingProxyType({**ONE.visits, 5: Visit(5, "S02", "again", 4.0)}))
    assert faults("subject,visit,fuller\nS02,4,1\n", study) == [
        "line 2, column 'visit': '4' may be any of 'week 4', 'again' of 'S02'"
    ]


def test_a_row_without_answers_is_passed_over_and_said(read):
    found = read("subject,visit,fuller\nS01,0,\nS02,0,2\n", ONE)
    assert given(found) == [(3, "growth", {"fuller": 2})]
    assert found.warnings == ("line 2 answers nothing and was passed over",)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "the table of answers is empty. The first line must name the columns subject, visit"),
        ("subject,visit,fuller\n", "the table has no answers"),
        ("subject,fuller\nS01,1\n", "line 1 is not the header of a table of answers: it lacks 'visit'"),
        ("subject,visit\nS01,0\n", "neither a column for each item nor the columns item and value"),
        (b"PK\x03\x04", "this is a workbook"),
    ],
)
def test_what_is_no_table_of_answers(read, content, said):
    with pytest.raises(UserFacingError, match=said):
        read(content, ONE)


def test_a_study_without_a_questionnaire_has_no_answers(read):
    with pytest.raises(UserFacingError, match="the study has no questionnaire"):
        read(WIDE, trial_study(questionnaires=EMPTY, responses=EMPTY))


def test_what_is_written_is_read_again(read):
    codes = {"=S1+1": Subject("=S1+1"), "-2": Subject("-2")}
    visits = {5: Visit(5, "=S1+1", "@home", 1.0), 6: Visit(6, "-2", "+1")}
    study = replace(
        STUDY,
        subjects=MappingProxyType({**STUDY.subjects, **codes}),
        visits=MappingProxyType({**STUDY.visits, **visits}),
    )
    text = "subject,visit,questionnaire,friend\n=S1+1,@home,would_recommend,-1\n-2,+1,would_recommend,1\n"
    study = apply(study, enter_answers(study, read(text, study).given))
    stream = io.StringIO()
    write_rows(stream, [name for name, _, _ in ANSWER_COLUMNS], answer_rows(study))
    text = stream.getvalue()
    assert "'=S1+1,'@home" in text
    blank = replace(study, responses=EMPTY)
    again = apply(blank, enter_answers(blank, read(text, blank).given))
    found, wanted = (
        {(r.visit_id, r.questionnaire_id): r.answers for r in one.responses.values()} for one in (again, study)
    )
    assert found == wanted
    with pytest.raises(NothingToDo):
        enter_answers(study, read(text, study).given)
    first = next(csv.DictReader(io.StringIO(text)))
    assert first["subject"] == "-2"


def test_rows_are_in_the_order_of_subject_time_and_item():
    rows = answer_rows(STUDY)
    assert [(r["subject"], r["visit"], r["questionnaire"], r["item"], r["value"], r["answer"]) for r in rows][4:10] == [
        ("S01", "baseline", "growth", "new-hair", 1, "not at all"),
        ("S01", "week 12", "growth", "fuller", 4, "much"),
        ("S01", "week 12", "growth", "shedding", 2, "a little"),
        ("S01", "week 12", "growth", "thicker", 3, "somewhat"),
        ("S01", "week 12", "growth", "pleased", 5, "very much"),
        ("S01", "week 12", "would_recommend", "friend", 1, "yes"),
    ]
    assert set(rows[0]) == {name for name, _, _ in ANSWER_COLUMNS}
    assert WOULD.id in {r["questionnaire"] for r in rows}
