import io
from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.workstation.recorded_trial import HOSPITAL, ITCHING, by_id, trial_study
from workstation.edits import add_events
from workstation.errors import UserFacingError
from workstation.export.csv_file import write_rows
from workstation.model.patch import apply
from workstation.model.trial import AdverseEvent, Relation, Severity
from workstation.recording import EVENT_COLUMNS, TableError, event_rows, read_events

STUDY = trial_study()
HEADER = "subject,term,severity,relation,serious,start,end,comment\n"


@pytest.fixture
def read(tmp_path):
    def read(content, study=STUDY):
        path = tmp_path / "events.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_events(path, study)

    return read


def test_a_table_of_events(read):
    text = HEADER + 's01,rash,Mild,Not_Related,yes,2026-03-01,,"a\r\nb"\n' + "S03,cold,severe,definite,,,2026-03-02,\n"
    found = read(text)
    assert found.events == (
        AdverseEvent(0, "S01", "rash", Severity.MILD, Relation.NOT_RELATED, True, "2026-03-01", "", "a\nb"),
        AdverseEvent(0, "S03", "cold", Severity.SEVERE, Relation.DEFINITE, False, "", "2026-03-02"),
    )
    assert (found.n_known, found.warnings) == (0, ())


def test_only_the_required_columns(read):
    (event,) = read("Relation;Severity;Term;Subject\npossible;mild;cold;S01\n".encode("utf-16")).events
    assert event == AdverseEvent(0, "S01", "cold", Severity.MILD, Relation.POSSIBLE)


FAULTS = [
    ("S09,rash,mild,possible,no,,,", "column 'subject': 'S09' is not in the study"),
    ("S01,,mild,possible,no,,,", "column 'term': is empty"),
    (f"S01,{'a' * 201},mild,possible,no,,,", f"column 'term': '{'a' * 60}' is longer than 200 characters"),
    ('S01,"a\nb",mild,possible,no,,,', "column 'term': 'a\\nb' holds a line break"),
    ("S01,rash,bad,possible,no,,,", "column 'severity': 'bad' is none of mild, moderate, severe"),
    ("S01,rash,,possible,no,,,", "column 'severity': is empty: it must be one of mild, moderate, severe"),
    ("S01,rash,mild,maybe,no,,,", "column 'relation': 'maybe' is none of not related, unlikely, possible, probable"),
    ("S01,rash,mild,possible,NaN,,,", "column 'serious': 'NaN' is neither yes nor no"),
    ("S01,rash,mild,possible,no,1.3.2026,,", "column 'start': '1.3.2026' is not a date: write it as year-month-day"),
    ("S01,rash,mild,possible,no,,2026-02-30,", "column 'end': '2026-02-30' is not a date"),
    ("S01,rash,mild,possible,no,2026-03-02,2026-03-01,", "column 'end': '2026-03-01' is before the start, 2026-03-02"),
]


@pytest.mark.parametrize(("row", "said"), FAULTS)
def test_a_faulty_cell_is_named(read, row, said):
    with pytest.raises(TableError) as caught:
        read(f"{HEADER}{row}\n")
    (problem,) = caught.value.problems
    assert problem.startswith(f"line 2, {said}")


def test_all_faults_are_said_at_once(read):
    rows = "S01,rash,mild,possible,no,,,\nS01,rash,mild,possible,no,,,\n,,x,y,z,1,2,\n"
    with pytest.raises(TableError) as caught:
        read(HEADER.replace("comment", "doctor") + rows)
    assert [problem.partition(": ")[0] for problem in caught.value.problems] == [
        "line 1, column 'doctor'", "line 3", "line 4, column 'subject'", "line 4, column 'severity'",
        "line 4, column 'relation'", "line 4, column 'serious'", "line 4, column 'term'", "line 4, column 'start'",
        "line 4, column 'end'",
    ]  # fmt: skip
    assert "the same event is already in line 2" in str(caught.value)


def test_events_of_the_study_are_not_added_again(read):
    found = read(f"{HEADER}S03,appendicitis,severe,not related,yes,2026-03-01,,\nS03,cold,mild,unlikely,no,,,\n")
    assert (found.n_known, [event.term for event in found.events]) == (1, ["cold"])


def test_an_event_that_the_study_has_with_other_values_is_a_fault(read):
    with pytest.raises(TableError, match="'Appendicitis' of 'S03' from 2026-03-01 is in the study with other values"):
        read(f"{HEADER}S03,Appendicitis,mild,not related,yes,2026-03-01,,\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "the table of adverse events is empty"),
        (HEADER, "the table has no adverse events"),
        (
            "subject,term\nS01,rash\n",
            "line 1 is not the header of a table of adverse events: it lacks 'severity', 'rel",
        ),
    ],
)
def test_what_is_no_table_of_events(read, content, said):
    with pytest.raises(UserFacingError, match=said):
        read(content)


def test_what_is_written_is_read_again(read):
    harmful = replace(ITCHING, id=9, term="=1+1", comment="@x\n'=y", start_date="")
    study = trial_study(events=by_id([ITCHING, HOSPITAL, harmful, replace(harmful, id=4, term="-5 kg", comment="-5")]))
    stream = io.StringIO()
    write_rows(stream, [name for name, _, _ in EVENT_COLUMNS], event_rows(study))
    assert "'=1+1" in stream.getvalue()
    blank = replace(study, events=MappingProxyType({}))
    found = apply(blank, add_events(blank, read(stream.getvalue(), blank).events))
    assert {replace(event, id=0) for event in found.events.values()} == {
        replace(event, id=0) for event in study.events.values()
    }
    assert read(stream.getvalue(), study).n_known == 4


def test_rows_are_in_the_order_of_subject_and_start():
    assert [(row["subject"], row["term"], row["serious"]) for row in event_rows(STUDY)] == [
        ("S02", "itching, scalp", False), ("S03", "appendicitis", True),
    ]  # fmt: skip
    assert list(event_rows(STUDY)[0]) == [name for name, _, _ in EVENT_COLUMNS]
