"""Text that a spreadsheet would take for a formula: an apostrophe before it keeps it text (OWASP, *CSV injection*).

Whatever was written so is read back as it was: a text that begins with apostrophes itself gets one more.
"""

SIGNS = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")
"""The last ones are what a Japanese keyboard gives, which Excel takes for the first."""


def seems_formula(text: str) -> bool:
    """Whether a spreadsheet would take a text for a formula. A plain number, such as a code −1, is none."""
    if not text.lstrip(" ").startswith(SIGNS):
        return False
    try:
        float(text)
    except ValueError:
        return True
    return False


def guarded(text: str) -> str:
    """The text as it stands in a table that spreadsheets open."""
    return f"'{text}" if seems_formula(text.lstrip("'")) else text


def without_guard(cell: str) -> str:
    """The text that was written as `guarded` gave it."""
    return cell[1:] if cell.startswith("'") and seems_formula(cell.lstrip("'")) else cell
