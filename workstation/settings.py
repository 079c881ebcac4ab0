"""What the user has set for the program as a whole, kept as JSON in the user's configuration folder."""

import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from analysis.detection import DetectionParameters, parameters_fault
from workstation import home
from workstation.errors import UserFacingError
from workstation.images import DEFAULT_MAX_MEGAPIXELS
from workstation.model.study import WidthCutoffs
from workstation.storage.atomic import replacing

FILE_NAME = "settings.json"
ASIDE_NAME = "settings.unreadable.json"
MAX_RECENT_FILES = 12

_changing = threading.Lock()


class Settings(BaseModel):
    """The settings; what a newer version added is kept when this one saves."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)

    reader: Annotated[str, Field(max_length=200)] = ""
    """The name that reads are made under; empty until it was asked."""
    vellus_below_um: float = WidthCutoffs().vellus_below_um
    terminal_from_um: float = WidthCutoffs().terminal_from_um
    max_megapixels: Annotated[float, Field(gt=0, le=2000)] = DEFAULT_MAX_MEGAPIXELS
    """Larger images are refused before they are decoded: 150 take about 0.5 GB."""
    backups_kept: Annotated[int, Field(ge=0, le=100)] = 3
    """How many earlier states of a study lie beside it."""
    autosave_after_s: Annotated[float, Field(ge=1, le=3600)] = 15.0
    """An open study is saved when nothing was edited for as long."""
    doubtful_below: Annotated[float, Field(ge=0, le=1)] = 0.5
    """A hair of less confidence, not reviewed yet, is one to look at."""
    error_below_percent: Annotated[float, Field(ge=0, le=100)] = 5.0
    """A read is reviewed far enough when so many percent of its hairs are expected to be wrong, or fewer."""
    detection: DetectionParameters = DetectionParameters()
    """What is looked for unless told otherwise."""
    theme: Literal["system", "dark", "light"] = "system"
    keys: Mapping[str, tuple[str, ...]] = {}
    """The key sequences of commands, by the command's id, where they are not the usual ones; empty: no key."""
    recent_files: tuple[Path, ...] = ()
    """Studies that were opened, absolute, the latest first."""
    last_folder: Path | None = None
    """Where a file was last chosen."""
    window_layout: Annotated[str, Field(max_length=100_000)] = ""
    """Size and arrangement of the window, of use to the window alone."""

    @field_validator("recent_files")
    @classmethod
    def _few(cls, paths: tuple[Path, ...]) -> tuple[Path, ...]:
        return paths[:MAX_RECENT_FILES]

    @field_validator("detection", mode="before")
    @classmethod
    def _known_ones(cls, given: object) -> object:
        """Those of a newer version have no place in the parameters: they are left out."""
        known = {field.name for field in fields(DetectionParameters)}
        return {k: v for k, v in given.items() if k in known} if isinstance(given, dict) else given

    @field_validator("detection")
    @classmethod
    def _in_range(cls, parameters: DetectionParameters) -> DetectionParameters:
        if fault := parameters_fault(parameters):
            raise ValueError(fault)
        return parameters

    @model_validator(mode="after")
    def _cutoffs_make_sense(self) -> "Settings":
        _ = self.cutoffs
        return self

    @property
    def cutoffs(self) -> WidthCutoffs:
        """The width cut-offs of a new study."""
        return WidthCutoffs(self.vellus_below_um, self.terminal_from_um)

    def changed(self, **changes: object) -> "Settings":
        """The settings with other values.

        Raises:
            ValidationError: if a value is not one that it may have.
        """
        return Settings.model_validate({**{name: value for name, value in self}, **changes})

    def with_recent(self, path: Path) -> "Settings":
        """The settings with a study at the head of those opened lately, and its folder as the last one.

        A path that is no text in UTF-8 is not remembered, for no settings file could hold it.
        """
        opened = Path(os.path.abspath(path))
        try:
            f"{opened}".encode()
        except UnicodeEncodeError:
            return self
        others = (known for known in self.recent_files if known != opened)
        return self.changed(recent_files=(opened, *others), last_folder=opened.parent)

    def without_recent(self, path: Path) -> "Settings":
        """The settings without a study among those opened lately: one that is gone, say."""
        gone = Path(os.path.abspath(path))
        return self.changed(recent_files=tuple(known for known in self.recent_files if known != gone))


def settings_file() -> Path:
    """Where the settings are kept."""
    return home.config_dir() / FILE_NAME


def load_settings(say: Callable[[str], None] = lambda _: None) -> Settings:
    """The settings; the defaults where there are none yet.

    A file that cannot be understood is put aside, so that it is told only once and can be mended, and the defaults
    serve.

    Args:
        say: is told in one sentence what was wrong with the file.
    """
    try:
        path = settings_file()
        data = path.read_bytes()
    except FileNotFoundError:
        return Settings()
    except (OSError, UserFacingError) as error:
        why = error.what if isinstance(error, UserFacingError) else error.strerror
        say(f"The settings could not be read: {why}; the defaults are used.")
        return Settings()
    try:
        return Settings.model_validate_json(data)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"]))
        why = f"{where}: {fault['msg']}" if where else fault["msg"]
        say(f"The settings could not be understood ({why}); the defaults are used and {_put_aside(path)}.")
        return Settings()


def _put_aside(path: Path) -> str:
    aside = path.with_name(ASIDE_NAME)
    try:
        path.replace(aside)
    except OSError:
        return f"the file is left as {path}"
    return f"the file is kept as {aside}"


def save_settings(settings: Settings) -> None:
    """Write the settings, at once or not at all.

    Raises:
        UserFacingError: if they cannot be written.
    """
    with replacing(settings_file()) as temporary:
        temporary.write_text(settings.model_dump_json(indent=2) + "\n", encoding="utf-8")


def change_settings(change: Callable[[Settings], Settings], say: Callable[[str], None] = lambda _: None) -> Settings:
    """Change what is set now, be it by another program meanwhile, and write it; gives the settings after that.

    Args:
        change: makes the new settings of those in the file.
        say: as for `load_settings`.

    Raises:
        UserFacingError: if they cannot be written.
    """
    with _changing:
        settings = change(load_settings(say))
        save_settings(settings)
    return settings
