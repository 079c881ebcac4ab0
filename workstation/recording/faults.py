"""What is wrong with a table, collected so that all of it can be said at once."""

from pathlib import Path

from workstation.errors import UserFacingError
from workstation.manifest.table import Line, Table

PROBLEMS_SHOWN = 20


class TableError(UserFacingError):
    """A table with faults; the first twenty are in the message."""

    def __init__(self, problems: list[str], path: Path, what: str) -> None:
        self.problems = tuple(problems)
        many = len(problems)
        more = [f"… and {many - PROBLEMS_SHOWN} more"] if many > PROBLEMS_SHOWN else []
        heading = f"{many} faults in the {what}:"
        said = problems[0] if many == 1 else "\n  ".join([heading, *problems[:PROBLEMS_SHOWN], *more])
        super().__init__(said, file=path, remedy="Mend the table; nothing was taken over.")


class Faults:
    """The faults of one table.

    Args:
        path: of the file.
        what: names the table: `table of answers`.
    """

    def __init__(self, path: Path, what: str) -> None:
        self._path = path
        self._what = what
        self._found: list[tuple[int, str]] = []

    def add(self, line: Line, column: str, said: str) -> None:
        """Note a fault of a cell.

        Args:
            line: where it stands.
            column: its name; empty where the fault is the line's own.
            said: what is wrong, as it follows the cell's own text.
        """
        cell = line.cells.get(column, "")
        where = f", column {column!r}: " if column else ": "
        quoted = f"{cell[:60]!r} " if cell else ""
        self._found.append((line.number, f"{where}{quoted}{said}"))

    def add_surplus(self, table: Table) -> None:
        """Note the cells that stand in no named column."""
        for line in table.lines:
            if line.surplus:
                said = f"{line.surplus[0]!r} stands in no named column; is a quotation mark or a separator missing?"
                self.add(line, "", said)

    def refuse(self) -> None:
        """Raise all that was noted, by line.

        Raises:
            TableError: if there is any fault.
        """
        if self._found:
            listed = sorted(self._found, key=lambda fault: fault[0])
            raise TableError([f"line {number}{said}" for number, said in listed], self._path, self._what)
