"""Who takes part in a study: what they may do, and by which keys their signatures are known."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody may do in a study; a person can have several roles."""

    OWNER = "owner"
    """Lists the people, enrols their keys, sets the reading rules."""
    ASSESSOR = "assessor"
    """Reads images."""
    QA_REVIEWER = "QA reviewer"
    """Accepts and returns the reads of others."""
    ADJUDICATOR = "adjudicator"
    """Settles where two reads differ; may accept and return, too."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key by which signatures of a person are checked."""

    key: str
    """Ed25519, the 32 bytes in base64."""
    enrolled_utc: str
    """ISO 8601, UTC, to the second."""
    withdrawn_utc: str = ""
    """From then on it signs nothing any more; empty while it is good."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is listed in a study."""

    name: str
    """As in the settings of their program: the reader's name."""
    roles: tuple[Role, ...] = ()
    keys: tuple[PublicKey, ...] = ()

    @property
    def id(self) -> str:
        """The name: what tells people apart."""
        return self.name
