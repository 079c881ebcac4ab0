"""One measured figure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A row of the benchmark table. `value` None: it could not be measured, and `note` says why."""

    section: str
    name: str
    value: float | None
    unit: str
    goal: str = ""
    note: str = ""
