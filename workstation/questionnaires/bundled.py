"""The questionnaires that come with the program, in the order in which they are offered."""

from functools import cache
from importlib import resources
from pathlib import Path

from workstation.errors import UserFacingError
from workstation.model.trial import Questionnaire
from workstation.questionnaires.definition import parse_questionnaire, read_questionnaire

NAMES = ("hair_growth", "need_to_hide", "quality_of_life", "would_recommend")


@cache
def bundled() -> tuple[Questionnaire, ...]:
    """All of them."""
    folder = resources.files("resources").joinpath("questionnaires")
    files = [folder.joinpath(f"{name}.toml") for name in NAMES]
    return tuple(parse_questionnaire(file.read_text(encoding="utf-8"), file.name) for file in files)


def named_questionnaire(name: str) -> Questionnaire:
    """A bundled questionnaire by its id, or the one in the definition file of that path.

    Raises:
        UserFacingError: if it is neither, and as `read_questionnaire`.
    """
    path = Path(name)
    if name in NAMES and not path.is_file():
        return bundled()[NAMES.index(name)]
    if not path.suffix and not path.exists():
        raise UserFacingError(
            f"there is no questionnaire {name!r}",
            remedy=f"Name one of {', '.join(NAMES)}, or a definition file that ends in .toml.",
        )
    return read_questionnaire(path)
