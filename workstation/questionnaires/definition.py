"""Reads a questionnaire from its definition file, TOML: `docs/questionnaires.md` shows one in full.

All that is wrong with a file is said at once, with the line and the key.
"""

import re
import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictStr, ValidationError
from pydantic_core import ErrorDetails

from workstation.errors import UserFacingError
from workstation.model.trial import Item, Questionnaire, Scoring
from workstation.model.trial_validity import MAX_ANSWER, MAX_STEPS, questionnaire_problems
from workstation.questionnaires.places import place_of

MAX_BYTES = 1 << 20
_NUMBER = re.compile(r"-?\d{1,6}")
_MEANINGS = {
    "missing": "is missing",
    "string_type": "must be text in quotation marks",
    "bool_type": "must be true or false, without quotation marks",
    "float_type": "must be a number",
    "model_type": "must be a table of its own, [[items]]",
    "list_type": "must be written as tables of their own, [[items]]",
    "dict_type": "must be a table of its own, [scale]",
    "enum": 'must be "mean" or "sum"',
}
"""What pydantic found, in plain words, by its own name of the fault."""


class DefinitionError(UserFacingError):
    """A definition file with faults, each with its line and key."""

    def __init__(self, problems: list[str], path: Path | str) -> None:
        problems = sorted(problems, key=_line_number)
        self.problems = tuple(problems)
        what = problems[0] if len(problems) == 1 else "\n  ".join([f"{len(problems)} faults:", *problems])
        super().__init__(what, file=path, remedy="Mend the definition of the questionnaire.")


def _line_number(problem: str) -> int:
    told = re.match(r"line (\d+)", problem)
    return int(told[1]) if told else 0


def _number(value: object) -> object:
    """A number as TOML has it: true and false are none, though Python takes them for 1 and 0."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("must be a number, without quotation marks")
    return value


Number = Annotated[float, BeforeValidator(_number)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Item(_Strict):
    id: StrictStr
    text: StrictStr
    reverse: StrictBool = False


class _Definition(_Strict):
    id: StrictStr
    title: StrictStr
    intro: StrictStr = ""
    higher_is_better: StrictBool = True
    scoring: Scoring = Scoring.MEAN
    min_answered: Number = 0.8
    positive_from: Number | None = None
    scale: dict[str, object]
    items: list[_Item] = Field(min_length=1)


def read_questionnaire(path: Path) -> Questionnaire:
    """A questionnaire from its definition file.

    Raises:
        UserFacingError: if the file cannot be read or is no TOML.
        DefinitionError: if keys or values in it do not make a questionnaire.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise UserFacingError("there is no such file", file=path, remedy="Check its name and folder.") from error
    except OSError as error:
        why = error.strerror or str(error)
        raise UserFacingError(f"the file cannot be read ({why})", file=path, remedy="Name a TOML file.") from error
    if len(data) > MAX_BYTES:
        raise UserFacingError("this is too large for a questionnaire", file=path, remedy="Is it the right file?")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserFacingError("the file is not in UTF-8", file=path, remedy="Save it as UTF-8 text.") from error
    return parse_questionnaire(text, path)


def parse_questionnaire(text: str, path: Path | str) -> Questionnaire:
    """A questionnaire from the text of its definition file.

    Args:
        text: TOML.
        path: of the file, for what is said of faults.

    Raises:
        UserFacingError, DefinitionError: as `read_questionnaire`.
    """
    text = text.replace("\r\n", "\n")
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        remedy = "Mend that line; docs/questionnaires.md shows a whole file."
        raise UserFacingError(f"this is no valid TOML: {error}", file=path, remedy=remedy) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, brackets without end
        said = "this is too large or too deeply nested for a questionnaire"
        raise UserFacingError(said, file=path, remedy="Is it the right file?") from error
    given = found.get("scale")
    scale, problems = _scale(given, text) if isinstance(given, dict) else ((), [])
    try:
        definition = _Definition.model_validate(found)
    except ValidationError as error:
        problems += [_in_words(fault, text) for fault in error.errors()]
        raise DefinitionError(problems, path) from error
    if problems:
        raise DefinitionError(problems, path)
    questionnaire = Questionnaire(
        id=definition.id,
        title=definition.title.strip(),
        items=tuple(Item(item.id, item.text.strip(), item.reverse) for item in definition.items),
        scale=scale,
        intro=definition.intro.strip(),
        higher_is_better=definition.higher_is_better,
        scoring=definition.scoring,
        min_answered=float(definition.min_answered),
        positive_from=None if definition.positive_from is None else float(definition.positive_from),
    )
    if problems := questionnaire_problems(questionnaire):
        raise DefinitionError(problems, path)
    return questionnaire


def _in_words(fault: ErrorDetails, text: str) -> str:
    place = fault["loc"]
    said = _MEANINGS.get(fault["type"]) or fault.get("ctx", {}).get("error") or fault["msg"]
    if fault["type"] == "extra_forbidden":
        model: type[BaseModel] = _Item if len(place) > 1 else _Definition
        said = f"is not known here (known are {', '.join(model.model_fields)})"
    if fault["type"] == "too_short":
        said = "must hold at least one question, [[items]]"
    return f"{place_of(place, text)} {said}"


Scale = tuple[tuple[int, str], ...]


def _scale(given: dict[str, object], text: str) -> tuple[Scale, list[str]]:
    """The answers of the table `[scale]`, and what is wrong with it.

    Labels stand under their numbers; `from` and `to` fill in the numbers that have no label.
    """
    ends: dict[str, int] = {}
    labels: dict[int, str] = {}
    problems: list[str] = []
    for key, value in given.items():
        where = place_of(("scale", key), text)
        if key in ("from", "to"):
            ends[key] = value if type(value) is int else MAX_ANSWER + 1
            if abs(ends[key]) > MAX_ANSWER:
                problems.append(f"{where} must be a whole number from −{MAX_ANSWER} to {MAX_ANSWER}")
        elif not _NUMBER.fullmatch(key):
            problems.append(f"{where} must be a whole number, or one of from and to")
        elif not isinstance(value, str):
            problems.append(f"{where} must be text in quotation marks: what the answer says")
        elif int(key) in labels:
            problems.append(f"{where} is there twice")
        else:
            labels[int(key)] = value.strip()
    if len(ends) == 1:
        problems.append(f"{place_of(('scale', *ends), text)} stands alone: from and to belong together")
    elif ends and not problems:
        first, last = ends["from"], ends["to"]
        if not first < last <= first + MAX_STEPS - 1:
            problems.append(f"{place_of(('scale', 'to'), text)} must be above from, by at most {MAX_STEPS - 1}")
        elif outside := [number for number in labels if not first <= number <= last]:
            problems.append(f"{place_of(('scale', str(outside[0])), text)} is not between from and to")
        else:
            labels = {number: labels.get(number, "") for number in range(first, last + 1)}
    return tuple(sorted(labels.items())), problems
