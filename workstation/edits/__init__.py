"""Every correction, each a pure function from a read (or the study) and arguments to a `Patch`.

An edit that cannot be done raises `EditRefused` with the reason, one that would change nothing raises `NothingToDo`;
either way nothing happened. `Document.apply` makes a patch real. docs/editing.md says what each correction does.
"""

from workstation.edits.drafting import NothingToDo, new_ids
from workstation.edits.events import add_event, add_events, change_event, remove_event
from workstation.edits.field import (
    add_exclusion,
    erase_exclusion,
    paint_exclusion,
    remove_exclusions,
    reshape_exclusion,
    set_exclusion_cause,
    set_field_circle,
    set_field_image,
    set_field_polygon,
    set_field_rectangle,
)
from workstation.edits.grouping import UnitChoice
from workstation.edits.hairs import (
    add_hair,
    comment_hairs,
    delete_hairs,
    reset_width,
    set_root_visible,
    set_status,
    set_width,
)
from workstation.edits.images import add_to_study
from workstation.edits.pairs import (
    add_pair,
    add_registration,
    decide,
    move_landmark,
    place_landmark,
    remove_landmarks,
    set_change_rules,
    with_registration,
    withdraw,
)
from workstation.edits.pieces import join_hairs, split_hair
from workstation.edits.plan import primary_choices, set_plan
from workstation.edits.questionnaires import (
    GivenAnswers,
    add_questionnaire,
    answer,
    enter_answers,
    remove_questionnaire,
)
from workstation.edits.reading import set_reading_rules
from workstation.edits.reads import adopt_detection, begin_read
from workstation.edits.remarks import add_remark, change_remark, mark_done, reopen_remark, take_back_remark
from workstation.edits.review import (
    accept_read,
    amend,
    comment_image,
    return_read,
    signed_review,
    submit,
    withdraw_read,
)
from workstation.edits.settings import set_calibration, set_cutoffs
from workstation.edits.shape import (
    End,
    extend_hair,
    insert_vertex,
    move_hairs,
    move_vertex,
    remove_vertex,
    reshape_hair,
    reverse_hairs,
    trim_hair,
)
from workstation.edits.subjects import add_subject, change_subject, remove_subject
from workstation.edits.units import comment_unit, merge_units, move_unit, put_into_unit, split_unit
from workstation.edits.visits import add_visit, change_visit, remove_visit

__all__ = [
    "End",
    "GivenAnswers",
    "NothingToDo",
    "UnitChoice",
    "accept_read",
    "add_event",
    "add_events",
    "add_exclusion",
    "add_hair",
    "add_pair",
    "add_questionnaire",
    "add_registration",
    "add_remark",
    "add_subject",
    "add_to_study",
    "add_visit",
    "adopt_detection",
    "amend",
    "answer",
    "begin_read",
    "change_event",
    "change_remark",
    "change_subject",
    "change_visit",
    "comment_hairs",
    "comment_image",
    "comment_unit",
    "decide",
    "delete_hairs",
    "enter_answers",
    "erase_exclusion",
    "extend_hair",
    "insert_vertex",
    "join_hairs",
    "mark_done",
    "merge_units",
    "move_hairs",
    "move_landmark",
    "move_unit",
    "move_vertex",
    "new_ids",
    "paint_exclusion",
    "place_landmark",
    "primary_choices",
    "put_into_unit",
    "remove_event",
    "remove_exclusions",
    "remove_landmarks",
    "remove_questionnaire",
    "remove_subject",
    "remove_vertex",
    "remove_visit",
    "reopen_remark",
    "reset_width",
    "reshape_exclusion",
    "reshape_hair",
    "return_read",
    "reverse_hairs",
    "set_calibration",
    "set_change_rules",
    "set_cutoffs",
    "set_exclusion_cause",
    "set_field_circle",
    "set_field_image",
    "set_field_polygon",
    "set_field_rectangle",
    "set_plan",
    "set_reading_rules",
    "set_root_visible",
    "set_status",
    "set_width",
    "signed_review",
    "split_hair",
    "split_unit",
    "submit",
    "take_back_remark",
    "trim_hair",
    "with_registration",
    "withdraw",
    "withdraw_read",
]
