"""Work files for blinded readers: what was handed out to whom under which codes, and what came back."""

from dataclasses import dataclass
from enum import StrEnum


class Start(StrEnum):
    """What a read begins with."""

    BLANK = "blank"
    DETECTION = "detection"
    """Reads that begin with one detection are not independent of each other."""


@dataclass(frozen=True, slots=True)
class PackageItem:
    """One picture in a work file, and whose it is."""

    code: str
    """The subject–site pair in the work file: nothing of it can be told from the code."""
    place: str
    """`A` or `B`, at random: which of the pair's pictures it is in the work file."""
    image_id: int
    """The image in the study."""
    package_image_id: int
    """The image in the work file."""
    sha256: str
    """Of the picture's bytes in the work file."""
    repeat: int = 0
    """1: the hidden second time that this reader is shown it."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back."""

    utc: str
    """When it was merged, ISO 8601, UTC, to the second."""
    revision: int
    """Number of edits that the reader made in the work file."""
    head_sha256: str
    """Hash of the last of them."""
    rows: tuple[str, ...]
    """The work file's whole audit trail, oldest first: the canonical JSON of each row."""


@dataclass(frozen=True, slots=True)
class Package:
    """A work file that was made from the study."""

    id: str
    """UUID."""
    reader: str
    """Whom it was made for."""
    created_utc: str
    created_by: str
    start: Start
    study_id: str
    """Of the work file, which is a study file of its own."""
    handed_sha256: str
    """Of what was handed out and its reader cannot change: pictures, scales, codes, detections."""
    items: tuple[PackageItem, ...]
    returned: Returned | None = None
    """None until it is merged."""


@dataclass(frozen=True, slots=True)
class Blinding:
    """In a work file: that it is one. It is there from the start and never changes."""

    package_id: str
    reader: str
    """Whom it was made for: nobody else reads in it."""
    start: Start
