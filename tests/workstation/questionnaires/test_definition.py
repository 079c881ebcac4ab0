from dataclasses import replace
from pathlib import Path

import pytest

from workstation.errors import UserFacingError
from workstation.model.trial import Item, Questionnaire, Scoring
from workstation.model.trial_validity import questionnaire_problems
from workstation.questionnaires.bundled import NAMES, bundled, named_questionnaire
from workstation.questionnaires.definition import DefinitionError, parse_questionnaire, read_questionnaire
from workstation.questionnaires.scoring import score, score_range

GOOD = '''id = "itch"
title = "Itching"
intro = """
Think of today.
id = 3"""
higher_is_better = false
scoring = "sum"
min_answered = 0.5
positive_from = 2

[scale]   # how bad
2 = "very"
0 = "not at all"
1 = "a little"

[[items]]
id = "day"
text = "It itches by day."

[[items]]
id = "calm"
text = "My scalp is calm."
reverse = true
'''
ITCH = Questionnaire(
    id="itch",
    title="Itching",
    items=(Item("day", "It itches by day."), Item("calm", "My scalp is calm.", reverse=True)),
    scale=((0, "not at all"), (1, "a little"), (2, "very")),
    intro="Think of today.\nid = 3",
    higher_is_better=False,
    scoring=Scoring.SUM,
    min_answered=0.5,
    positive_from=2.0,
)


def faults(text):
    with pytest.raises(DefinitionError) as caught:
        parse_questionnaire(text, "itch.toml")
    return list(caught.value.problems)


def changed(old, new):
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)


@pytest.mark.parametrize("text", [GOOD, GOOD.replace("\n", "\r\n"), "\ufeff" + GOOD])
def test_a_definition_file(tmp_path, text):
    path = tmp_path / "itch.toml"
    path.write_bytes(text.encode())
    assert read_questionnaire(path) == ITCH


def test_what_need_not_be_said():
    text = """id = "x"\ntitle = "X"\n[scale]\nfrom = 0\nto = 10\n0 = "none"\n10 = "worst"\n[[items]]\nid = "a"\n"""
    text += 'text = "?"'
    one = parse_questionnaire(text, "x.toml")
    assert one == Questionnaire("x", "X", (Item("a", "?"),), one.scale)
    assert one.scale == ((0, "none"), *((n, "") for n in range(1, 10)), (10, "worst"))


ONE_FAULT = [
    ('id = "itch"\n', "", "key 'id': is missing"),
    ('id = "itch"', "id = 7", "line 1, key 'id': must be text in quotation marks"),
    ('scoring = "sum"', 'scoring = "best"', "line 7, key 'scoring': must be \"mean\" or \"sum\""),
    ('scoring = "sum"', 'skoring = "sum"', "line 7, key 'skoring': is not known here (known are id, title, intro, "
     "higher_is_better, scoring, min_answered, positive_from, scale, items)"),
    ("= false", '= "false"', "line 6, key 'higher_is_better': must be true or false, without quotation marks"),
    ("= 0.5", '= "half"', "line 8, key 'min_answered': must be a number, without quotation marks"),
    ("= 0.5", "= true", "line 8, key 'min_answered': must be a number, without quotation marks"),
    ("= 0.5", "= nan", "the least share of answers of the questionnaire 'itch' is not above 0 and at most 1"),
    ("= 2\n", "= 5\n", "the questionnaire 'itch' counts a score of 5 as a yes, but scores go from 0 to 4"),
    ('0 = "not at all"', "0 = 1", "line 13, key '0' of [scale]: must be text in quotation marks: what the answer says"),
    ('0 = "not at all"', 'nought = "not at all"',
     "line 13, key 'nought' of [scale]: must be a whole number, or one of from and to"),
    ('0 = "not at all"', '02 = "not at all"', "line 13, key '02' of [scale]: is there twice"),
    ('0 = "not at all"', "from = 0", "line 13, key 'from' of [scale]: stands alone: from and to belong together"),
    ('0 = "not at all"', "from = 0\nto = 1", "line 12, key '2' of [scale]: is not between from and to"),
    ('0 = "not at all"', "from = 0\nto = 0", "line 14, key 'to' of [scale]: must be above from, by at most 200"),
    ('0 = "not at all"', "from = 0.5\nto = 2",
     "line 13, key 'from' of [scale]: must be a whole number from −1000 to 1000"),
    ('1 = "a little"\n', '1001 = "a little"\n',
     "the scale of the questionnaire 'itch' has an answer that is no whole number from −1000 to 1000"),
    ('text = "It itches by day."\n', "", "line 16, item 1, key 'text': is missing"),
    ("reverse = true", "reverse = 1", "line 23, item 2, key 'reverse': must be true or false, without quotation marks"),
    ("reverse = true", "turned = true",
     "line 23, item 2, key 'turned': is not known here (known are id, text, reverse)"),
    ('id = "day"', 'id = "by day"', "item 'by day' of the questionnaire 'itch' must have an id of 1 to 40 letters, "
     "digits, _ or -, the first a letter or a digit"),
    ('id = "day"', 'id = "Calm"', "the questionnaire 'itch' has more than one item 'Calm'"),
    ('id = "day"', 'id = "Visit"', "item 'Visit' of the questionnaire 'itch' has the name of another column in tables "
     "of answers"),
    ('"It itches by day."', '" "', "item 'day' of the questionnaire 'itch' has no text"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), ONE_FAULT)
def test_a_fault_is_said_with_its_line_and_key(old, new, said):
    assert faults(changed(old, new)) == [said]


def test_all_faults_are_said_at_once_in_the_order_of_lines():
    text = changed('title = "Itching"', "title = 1").replace('1 = "a little"', "1 = 1").replace("= true", "= 3")
    assert [problem.split(":")[0] for problem in faults(text)] == [
        "line 2, key 'title'", "line 14, key '1' of [scale]", "line 23, item 2, key 'reverse'",
    ]  # fmt: skip
    with pytest.raises(DefinitionError, match=r"itch\.toml: 3 faults:\n  line 2, key 'title': must be text"):
        parse_questionnaire(text, "itch.toml")


def test_other_shapes():
    top = GOOD.split("[scale]")[0]
    assert faults(top + 'scale = [1, 2]\n[[items]]\nid = "a"\ntext = "?"') == [
        "line 11, key 'scale': must be a table of its own, [scale]"
    ]
    scale = '[scale]\n0 = "no"\n1 = "yes"\n'
    assert faults(f"{top}items = []\n{scale}") == ["line 11, key 'items': must hold at least one question, [[items]]"]
    assert faults(f"{top}items = [1]\n{scale}")[0].endswith("item 1: must be a table of its own, [[items]]")
    assert faults(f'{top}{scale}[items]\nid = "a"') == [
        "line 14, key 'items': must be written as tables of their own, [[items]]"
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"id = itch", r"this is no valid TOML: .*line 1"),
        (b'id = "\xe4"', "the file is not in UTF-8"),
        (b"#" * (2 << 20), "too large for a questionnaire"),
        (b"id = " + b"9" * 5000, "too large or too deeply nested for a questionnaire"),
        (b"id = " + b"[" * 5000 + b"]" * 5000, "too large or too deeply nested for a questionnaire"),
    ],
)
def test_what_is_no_definition(tmp_path, content, said):
    (tmp_path / "a.toml").write_bytes(content)
    with pytest.raises(UserFacingError, match=said):
        read_questionnaire(tmp_path / "a.toml")


def test_a_missing_file_and_a_folder(tmp_path):
    with pytest.raises(UserFacingError, match="there is no such file"):
        read_questionnaire(tmp_path / "a.toml")
    with pytest.raises(UserFacingError, match="the file cannot be read"):
        read_questionnaire(tmp_path)


def test_the_bundled_ones():
    found = {one.id: one for one in bundled()}
    assert tuple(found) == NAMES
    assert all(questionnaire_problems(one) == [] for one in found.values())
    assert [one.higher_is_better for one in found.values()] == [True, False, False, True]
    assert [score_range(one) for one in found.values()] == [(1, 5), (0, 28), (0, 40), (1, 5)]
    assert [sum(item.reverse for item in one.items) for one in found.values()] == [3, 2, 2, 0]
    assert [one.positive_from for one in found.values()] == [None, None, None, 4]
    growth = found["hair_growth"]
    best = {item.id: 1 if item.reverse else 5 for item in growth.items}
    assert score(growth, best) == 5
    assert all(label for one in found.values() for _, label in one.scale)


def test_a_questionnaire_by_name_or_file(tmp_path, monkeypatch):
    assert named_questionnaire("would_recommend") is bundled()[3]
    (tmp_path / "itch.toml").write_text(GOOD, encoding="utf-8")
    assert named_questionnaire(str(tmp_path / "itch.toml")) == ITCH
    monkeypatch.chdir(tmp_path)
    Path("hair_growth").write_text(GOOD, encoding="utf-8")
    assert named_questionnaire("hair_growth") == ITCH  # a file goes before
    with pytest.raises(UserFacingError, match=r"there is no questionnaire 'hair'.*hair_growth, need_to_hide"):
        named_questionnaire("hair")
    with pytest.raises(UserFacingError, match="there is no such file"):
        named_questionnaire("hair.toml")


def test_the_documented_file_is_the_tested_one():
    text = (Path(__file__).parents[3] / "docs" / "questionnaires.md").read_text(encoding="utf-8")
    shown = text.split("```toml\n")[1].split("```")[0]
    one = parse_questionnaire(shown, "docs")
    assert one == replace(bundled()[1], items=one.items[:3])
    assert one.items == bundled()[1].items[:3]
