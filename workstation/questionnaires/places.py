"""Where a key of a TOML file stands, for what is said of it."""

import re
from collections.abc import Sequence

_TABLE = re.compile(r"\s*\[\[?\s*([A-Za-z0-9_-]+)\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"""\s*["']?([A-Za-z0-9_-]+)["']?\s*=""")


def place_of(place: Sequence[str | int], text: str) -> str:
    """`line 12, item 2, key 'text'`; without the line where the key is not there or not to be found.

    Args:
        place: names and, in a list of tables, numbers from 0, as pydantic gives them: `("items", 1, "text")`.
        text: the file.
    """
    line = _line_of(place, text)
    words = [] if line is None else [f"line {line}"]
    match list(place):
        case [str(_), int(number), str(key)]:
            words += [f"item {number + 1}", f"key {key!r}"]
        case [str(_), int(number), *_]:
            words.append(f"item {number + 1}")
        case [str(table), str(key), *_]:
            words.append(f"key {key!r} of [{table}]")
        case [key, *_]:
            words.append(f"key {key!r}")
    return ", ".join(words) + ":"


def _line_of(place: Sequence[str | int], text: str) -> int | None:
    """The line of the key, or of the table where the key is missing from it."""
    wanted: list[str | int] = list(place)
    table: list[str | int] = []
    seen: dict[str, int] = {}
    of_table: int | None = None
    open_quote = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if open_quote:  # within a text of several lines
            open_quote = "" if open_quote in line else open_quote
            continue
        if header := _TABLE.fullmatch(line):
            name = header[1]
            seen[name] = seen.get(name, -1) + 1
            table = [name, seen[name]] if line.lstrip().startswith("[[") else [name]
            if table == wanted[: len(table)]:
                of_table = number
        elif (key := _KEY.match(line)) and [*table, key[1]] == wanted[: len(table) + 1]:
            return number
        open_quote = next((quote for quote in ('"""', "'''") if line.count(quote) % 2), "")
    return of_table
