"""What is recorded of subjects besides images: answers and adverse events, from tables and as tables."""

from workstation.recording.answers import AnswersFound, lost_answers, read_answers
from workstation.recording.events import EventsFound, read_events
from workstation.recording.faults import TableError
from workstation.recording.people import read_subjects, read_visits
from workstation.recording.rows import (
    ANSWER_COLUMNS,
    EVENT_COLUMNS,
    SCORE_COLUMNS,
    SUBJECT_COLUMNS,
    VISIT_COLUMNS,
    answer_rows,
    event_rows,
    score_rows,
    subject_rows,
    visit_rows,
)
from workstation.recording.together import Recorded, read_together

__all__ = [
    "ANSWER_COLUMNS",
    "EVENT_COLUMNS",
    "SCORE_COLUMNS",
    "SUBJECT_COLUMNS",
    "VISIT_COLUMNS",
    "AnswersFound",
    "EventsFound",
    "Recorded",
    "TableError",
    "answer_rows",
    "event_rows",
    "lost_answers",
    "read_answers",
    "read_events",
    "read_subjects",
    "read_together",
    "read_visits",
    "score_rows",
    "subject_rows",
    "visit_rows",
]
