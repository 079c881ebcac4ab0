"""What matching takes from a reader and what it gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import shapely


class Level(StrEnum):
    """What is matched."""

    UNIT = "fu"
    HAIR = "hair"


class Status(StrEnum):
    """What became of a unit or a hair."""

    KEPT = "kept"
    LOST = "lost"
    NEW = "new"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a reader decided; matching obeys it.

    Both ids: these two are the same, or with `same` false, they are not. The baseline's alone: it was lost. The
    follow-up's alone: it is new.
    """

    level: Level
    baseline_id: int | None
    followup_id: int | None
    same: bool = True


@dataclass(frozen=True, slots=True)
class Match:
    """A unit, or a hair, at one visit or at both."""

    level: Level
    baseline_id: int | None
    """None where it is new."""
    followup_id: int | None
    """None where it was lost."""
    status: Status
    """Of an uncertain one both ids are given where a partner is likely, else one.

    A unit is uncertain without a partner if its hairs are found in other units, which were grouped otherwise; if what
    could be its partner is as likely another's; or if it is hardly there at all.
    """
    distance_um: float = float("nan")
    """Between the two after registration, in µm on the skin; NaN without a partner."""
    width_change_um: float = float("nan")
    """Later width less earlier width, of hairs."""
    ruled: bool = False
    """A reader decided it."""


@dataclass(frozen=True)
class Matching:
    """All units and hairs of two visits, each once.

    What has no partner and lies outside the common field, or at its edge, is not listed.
    """

    units: tuple[Match, ...]
    hairs: tuple[Match, ...]
    common_baseline: shapely.Geometry
    """The part of the baseline's field that the follow-up's field shows too, in baseline pixels."""
    common_followup: shapely.Geometry
    """The same in pixels of the follow-up."""
    overlap: float
    """Area of the common field as a share of the baseline's field."""

    @cached_property
    def by_baseline(self) -> Mapping[tuple[Level, int], Match]:
        """The match of each unit and hair of the baseline that has one."""
        return {(m.level, m.baseline_id): m for m in (*self.units, *self.hairs) if m.baseline_id is not None}

    @cached_property
    def by_followup(self) -> Mapping[tuple[Level, int], Match]:
        """The match of each unit and hair of the follow-up that has one."""
        return {(m.level, m.followup_id): m for m in (*self.units, *self.hairs) if m.followup_id is not None}
