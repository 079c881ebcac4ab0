"""What a study was made with: it stands in the first row of the audit trail."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Creation:
    """All that a new study holds, as one hash, and how much that is."""

    content_sha256: str
    """Hexadecimal; over everything in canonical form (`workstation.storage.creation`)."""
    subjects: int
    visits: int
    images: int
    reads: int
    """How many of each."""
