"""How much a piece of work in another process may use."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allowance:
    """Of a piece of work, or of its next part."""

    memory_bytes: int
    """Beside what the worker takes when it is idle."""
    cpu_seconds: float
    """Of all its threads."""
    seconds: float
    """By the clock: more than of the processor, for a busy computer is no reason to stop."""
