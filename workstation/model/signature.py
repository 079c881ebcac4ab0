"""A signature on a read: who, when, in which sense, and bound to what."""

from dataclasses import dataclass
from enum import StrEnum


class Meaning(StrEnum):
    """What the signer says with it."""

    AUTHORSHIP = "I made this read"
    REVIEW = "I reviewed this read"
    APPROVAL = "I approve this read"
    ADJUDICATION = "I adjudicated this image"


@dataclass(frozen=True, slots=True)
class Signature:
    """See the module. What was signed and how it is checked: `workstation.signing`."""

    id: int
    read_id: int
    signer: str
    """The name as it stood in the settings."""
    meaning: Meaning
    signed_utc: str
    """ISO 8601, UTC, to the second, by the signer's clock."""
    image_sha256: str
    """Of the image file that was read: the study's, or the one in the work file of a blinded package."""
    annotation_sha256: str
    """Of what the read said then: `workstation.storage.annotation`."""
    chain_sha256: str
    """The last row of the audit trail then, of the study or of the work file."""
    public_key: str = ""
    """Ed25519, base64; empty where there is a typed name alone."""
    signature: str = ""
    """Ed25519, base64; empty with the key."""
