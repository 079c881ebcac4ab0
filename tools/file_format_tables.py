"""Writes the tables of `docs/file-format.md` anew from the format's own table in the code."""

from pathlib import Path

from workstation.storage import schema
from workstation.storage.columns import ENDPOINTS
from workstation.storage.tables import Column, Group

DOCUMENT = Path(__file__).parents[1] / "docs" / "file-format.md"
MARK = "<!-- what follows is written by tools/file_format_tables.py -->\n"


def tables() -> str:
    root = [f"| `{name}` | {meaning} |" for name, meaning in schema.ROOT_ATTRIBUTES.items()]
    groups = [group_table(g) for g in (*schema.GROUPS.values(), ENDPOINTS, schema.MANIFEST)]
    head = ["## Root attributes", "", "| attribute | meaning |", "|---|---|"]
    return "\n".join([*head, *root, "", "## Tables", "", *groups])


def group_table(group: Group) -> str:
    head = [f"### /{group.name}", group.description, "", "| column | type | unit | meaning |", "|---|---|---|---|"]
    return "\n".join([*head, *map(column_row, group.columns), ""])


def column_row(column: Column) -> str:
    mark = " (derived)" if column.derived else ""
    return f"| `{column.name}` | {column.type.name.lower()} | {column.units or '–'} | {column.description}{mark} |"


if __name__ == "__main__":
    text = DOCUMENT.read_text(encoding="utf-8").split(MARK)[0]
    DOCUMENT.write_text(text + MARK + "\n" + tables(), encoding="utf-8")
