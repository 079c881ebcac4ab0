"""Tables as Parquet, which keeps types and all digits; for pandas, R and DuckDB. Needs pyarrow, an optional extra."""

from collections.abc import Iterable, Sequence
from datetime import date
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workstation.endpoints import Cell
from workstation.errors import UserFacingError
from workstation.export.state import ExportState
from workstation.export.table import Column, Kind, Row

if TYPE_CHECKING:
    import pyarrow

ROWS_AT_ONCE = 50_000


def parquet_is_there() -> bool:
    """Whether pyarrow is installed."""
    return find_spec("pyarrow") is not None


def need_parquet() -> None:
    """Refuse where pyarrow is not installed.

    Raises:
        UserFacingError: saying how to install it.
    """
    if not parquet_is_there():
        raise UserFacingError(
            "Parquet cannot be written: pyarrow is not installed",
            remedy="Install it with: pip install trichodesk[parquet]; or choose csv, whose tables say the same.",
        )


def write_parquet(path: Path, columns: Sequence[Column], rows: Iterable[Row], state: ExportState | None) -> None:
    """Write a table; what is not known is null. Units and meanings stand in the fields' metadata.

    Args:
        path: the file.
        columns: in order.
        rows: column name to value.
        state: which state of the study it is, kept in the file's metadata; None where that is not known.

    Raises:
        OSError: if it cannot be written.
    """
    import pyarrow as pa
    from pyarrow import parquet as pq

    about = {f"trichodesk.{name}": str(value) for name, value in (state.as_dict() if state else {}).items()}
    schema = pa.schema([_field(column) for column in columns], metadata=about)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        left = iter(rows)
        while batch := list(islice(left, ROWS_AT_ONCE)):
            arrays = [
                pa.array([_value(row.get(column.name), column.kind) for row in batch], type=field.type)
                for column, field in zip(columns, schema, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _field(column: Column) -> "pyarrow.Field":
    import pyarrow as pa

    types = {
        Kind.TEXT: pa.string(),
        Kind.INTEGER: pa.int64(),
        Kind.NUMBER: pa.float64(),
        Kind.SMALL: pa.float64(),
        Kind.FLAG: pa.bool_(),
        Kind.DAY: pa.date32(),
    }
    return pa.field(column.name, types[column.kind], metadata={"unit": column.unit, "description": column.description})


def _value(cell: Cell, kind: Kind) -> Any:
    if kind is Kind.DAY and isinstance(cell, str):
        try:
            return date.fromisoformat(cell)
        except ValueError:
            return None
    if kind is Kind.INTEGER and isinstance(cell, float):
        return int(cell)  # counts are computed as floats
    return cell
