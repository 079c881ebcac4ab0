"""What can be chosen about a tool, as data: the option bar draws it, the tool itself keeps the choice."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Toggle:
    """On or off."""

    name: str
    """Unique within the tool."""
    text: str
    tip: str
    value: bool
    choose: Callable[[bool], None]


@dataclass(frozen=True, slots=True)
class Item:
    """One that can be chosen."""

    value: str
    text: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several."""

    name: str
    text: str
    """What is chosen, as a heading; empty where the choices say it themselves."""
    tip: str
    value: str
    items: tuple[Item, ...]
    choose: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Amount:
    """A number within limits."""

    name: str
    text: str
    tip: str
    value: float
    low: float
    high: float
    unit: str
    choose: Callable[[float], None]


Option = Toggle | Choice | Amount
