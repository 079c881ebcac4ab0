"""How much of a long benchmark is run: `TRICHODESK_BENCH_SHARE`, a number up to 1."""

import math
import os
from collections.abc import Sequence
from typing import TypeVar

SHARE_VARIABLE = "TRICHODESK_BENCH_SHARE"
Item = TypeVar("Item")


def share(usual: float = 1.0) -> float:
    """What the variable says, else what is usual."""
    return float(os.environ.get(SHARE_VARIABLE, usual))


def some(items: Sequence[Item]) -> list[Item]:
    """The first of some items, as many as the share asks for, at least one."""
    return list(items[: max(1, math.ceil(share() * len(items)))])
