import re

import pytest
from PySide6.QtGui import QKeySequence

from ui.keys import BY_ID, COMMANDS, VIEW_KEYS, Kind, clashes, keys_of


def test_no_two_commands_share_a_key():
    assert clashes({}) == {}


def test_a_clash_names_its_commands():
    assert clashes({"hairs.reject": ["A"]}) == {"a": ["hairs.accept", "hairs.reject"]}


@pytest.mark.parametrize("key", ["H", "Return", "Shift+Left", "Alt+Up", "["])
def test_a_key_of_the_views_is_not_free(key):
    assert clashes({"help.about": [key]}) == {key.casefold(): ["help.about"]}


def test_every_id_is_there_once():
    assert len(BY_ID) == len(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_keys_are_understood(command):
    for key in command.keys:
        sequence = QKeySequence(key, QKeySequence.SequenceFormat.PortableText)
        assert sequence.count() == 1
        assert sequence.toString(QKeySequence.SequenceFormat.PortableText) == key


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_letters_are_tools_and_verdicts_and_commands_have_ctrl(command):
    bare_letters = [key for key in command.keys if re.fullmatch(r"[A-Z]", key)]
    if command.kind is Kind.TOOL:
        assert len(bare_letters) == 1
    if command.menu.value == "File":
        assert all("Ctrl" in key for key in command.keys)


def test_keys_can_be_changed_and_taken_away():
    accept = BY_ID["hairs.accept"]
    assert keys_of(accept, {}) == ("A",)
    assert keys_of(accept, {"hairs.accept": ["Ctrl+Alt+A"]}) == ("Ctrl+Alt+A",)
    assert keys_of(accept, {"hairs.accept": []}) == ()


def test_the_views_keys_are_told():
    assert all(name and what for name, what in VIEW_KEYS)
