"""What an exported table is: its columns with units and meanings, and where its rows come from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from workstation.agreement.results import Agreement
from workstation.endpoints import Cell, endpoint_rows
from workstation.image_names import image_names
from workstation.model.read import Read
from workstation.model.study import Study
from workstation.signing.checking import Checked, check_signatures
from workstation.storage.audit import AuditRow
from workstation.trial.results import Analysis

Row = Mapping[str, Cell]


class Kind(Enum):
    """What a column holds."""

    TEXT = "text"
    INTEGER = "whole number"
    NUMBER = "number"
    SMALL = "number, all its digits kept"
    """p values, say: rounded to the decimals of other numbers they would be nought."""
    FLAG = "true or false"
    DAY = "day"
    """ISO 8601, as text in CSV."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    name: str
    kind: Kind
    description: str
    unit: str = ""
    digits: int | None = None
    """Decimals that a person is shown; None: as they come. Files keep more."""

    @property
    def header(self) -> str:
        """The name with its unit: `fu_density_per_cm2 [1/cm²]`."""
        return f"{self.name} [{self.unit}]" if self.unit else self.name


@dataclass(frozen=True)
class Source:
    """A study and what several of its tables are made of, computed once."""

    study: Study
    trail: Sequence[AuditRow] | None = None
    """The audit trail; None where it is not at hand, and signatures cannot be checked."""

    @cached_property
    def names(self) -> Mapping[int, str]:
        """What each image is called."""
        return image_names(self.study)

    @cached_property
    def reads(self) -> tuple[Read, ...]:
        """The read in use of each image that has one, by the image's number."""
        in_use = (self.study.read_in_use(image_id) for image_id in sorted(self.study.images))
        return tuple(read for read in in_use if read is not None)

    @cached_property
    def endpoints(self) -> list[dict[str, Cell]]:
        """The rows of `endpoint_rows`."""
        return endpoint_rows(self.study)

    @cached_property
    def analysis(self) -> Analysis:
        """The analysis of the trial."""
        from workstation.trial.analysing import analyse  # statistics take long to import

        return analyse(self.study)

    @cached_property
    def agreement(self) -> Agreement:
        """The agreement of the readers."""
        from workstation.agreement.comparing import agreement_of

        return agreement_of(self.study)

    @cached_property
    def signatures(self) -> tuple[Checked, ...]:
        """The signatures, checked; none where the trail is not at hand."""
        return () if self.trail is None else check_signatures(self.study, self.trail)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of an export."""

    name: str
    """Of its file, without the ending."""
    sheet: str
    """Of its sheet in a workbook."""
    description: str
    """What a row is."""
    columns: tuple[Column, ...]
    rows_of: Callable[[Source], Iterable[Row]]
    n_rows: Callable[[Source], int] = lambda source: len(source.reads)
    """About how many rows there will be, for the progress."""

    @property
    def column_names(self) -> tuple[str, ...]:
        """The header of a CSV file."""
        return tuple(column.name for column in self.columns)


def text(name: str, description: str) -> Column:
    """A column of text."""
    return Column(name, Kind.TEXT, description)


def integer(name: str, description: str) -> Column:
    """A column of whole numbers."""
    return Column(name, Kind.INTEGER, description)


def number(name: str, description: str, unit: str = "", digits: int | None = None) -> Column:
    """A column of numbers."""
    return Column(name, Kind.NUMBER, description, unit, digits)


def flag(name: str, description: str) -> Column:
    """A column of true and false."""
    return Column(name, Kind.FLAG, description)


def day(name: str, description: str) -> Column:
    """A column of days."""
    return Column(name, Kind.DAY, description)
