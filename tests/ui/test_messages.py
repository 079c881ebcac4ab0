from pathlib import Path

from ui.messages import Message, MessageKind
from workstation.errors import EditRefused, UserFacingError


def test_an_error_says_what_happened_to_which_file_and_what_to_do():
    error = UserFacingError("the study cannot be read", file=Path("/data/trial.h5"), remedy="Open its copy.")
    message = Message.of_error(error)
    assert message.text == "The study cannot be read (trial.h5). Open its copy."
    assert message.kind is MessageKind.ERROR
    assert "/data/trial.h5" in message.details


def test_a_refused_correction_is_told_and_passes_by_itself():
    message = Message.of_error(EditRefused("these hairs are a unit of their own already"))
    assert message == Message("These hairs are a unit of their own already.", MessageKind.WARNING)
