"""A secret locked with a passphrase: scrypt makes a key of it, ChaCha20-Poly1305 seals the secret with that key.

scrypt (RFC 7914) with N = 2^17, r = 8, p = 1, as OWASP's sheet on password storage has it: 128 MiB and about half a
second for each guess. Seal and what stands beside it are authenticated together (RFC 8439).
"""

import os
import unicodedata
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from workstation.errors import UserFacingError
from workstation.signing.public_keys import decoded, encoded

MIN_PASSPHRASE = 12
"""Characters: four or five plain words have more."""
MAX_PASSPHRASE = 1000
COST = 2**17
BLOCK = 8
LANES = 1
SALT_BYTES = 16
NONCE_BYTES = 12
TAG_BYTES = 16


class WrongPassphraseError(UserFacingError):
    """The passphrase is not the one that the secret was locked with."""


class Sealed(BaseModel):
    """A locked secret."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    method: Literal["scrypt, ChaCha20-Poly1305"] = "scrypt, ChaCha20-Poly1305"
    cost: Annotated[int, Field(ge=2, le=2**19)]
    """scrypt's N. Bounds keep a foreign file from asking for all of the memory."""
    block: Annotated[int, Field(ge=1, le=8)]
    lanes: Annotated[int, Field(ge=1, le=4)]
    salt: Annotated[str, Field(max_length=100)]
    """Base64, as are the two after it."""
    nonce: Annotated[str, Field(max_length=100)]
    text: Annotated[str, Field(max_length=1000)]


def check_passphrase(passphrase: str) -> None:
    """Refuse a new passphrase that is too short to lock anything.

    Raises:
        UserFacingError: with the reason.
    """
    if len(passphrase.strip()) < MIN_PASSPHRASE:
        raise UserFacingError(
            f"the passphrase has fewer than {MIN_PASSPHRASE} characters",
            remedy="Take four or five words that do not belong together.",
        )
    if len(passphrase) > MAX_PASSPHRASE:
        raise UserFacingError(f"the passphrase has more than {MAX_PASSPHRASE} characters", remedy="Take a shorter one.")
    if len(set(passphrase)) < 5:
        raise UserFacingError(
            "the passphrase repeats a few characters", remedy="Take four or five words that do not belong together."
        )


def seal(secret: bytes, passphrase: str, beside: bytes) -> Sealed:
    """Lock a secret.

    Args:
        secret: what is locked.
        passphrase: with what.
        beside: what must be the same when it is opened.
    """
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    key = _derived(passphrase, salt, COST, BLOCK, LANES)
    text = ChaCha20Poly1305(key).encrypt(nonce, secret, beside)
    return Sealed(cost=COST, block=BLOCK, lanes=LANES, salt=encoded(salt), nonce=encoded(nonce), text=encoded(text))


def unseal(sealed: Sealed, passphrase: str, beside: bytes, n_bytes: int) -> bytes:
    """The secret.

    Args:
        sealed: what was locked, undamaged.
        passphrase: as typed.
        beside: as it was when it was locked.
        n_bytes: how long the secret is.

    Raises:
        WrongPassphraseError: if it is not that passphrase.
        ValueError: if what is sealed is of another form.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    salt, nonce = decoded(sealed.salt, SALT_BYTES), decoded(sealed.nonce, NONCE_BYTES)
    text = decoded(sealed.text, n_bytes + TAG_BYTES)
    key = _derived(passphrase, salt, sealed.cost, sealed.block, sealed.lanes)
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, text, beside)
    except InvalidTag as error:
        raise WrongPassphraseError(
            "the passphrase is wrong", remedy="Type it again; upper and lower case count."
        ) from error


def _derived(passphrase: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    # the same letters, whichever keyboard and system composed them
    plain = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    return Scrypt(salt=salt, length=32, n=cost, r=block, p=lanes).derive(plain)
