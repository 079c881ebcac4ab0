"""Where the data lies that detection is measured on but that is no part of the product, and the scorers beside it."""

import os
from pathlib import Path

FIELDS = Path("realdata", "clipped_annotated")
LOOKED_AT = ("unclipped", "free", "phone", "signs")
"""Folders of real images without truth."""


def shared() -> Path:
    """The folder that `TRICHODESK_SHARED` names, else `shared` beside the checkout, whether it is there or not."""
    named = os.environ.get("TRICHODESK_SHARED")
    return Path(named) if named else Path(__file__).parents[3] / "shared"
