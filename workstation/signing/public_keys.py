"""The half of a key that everybody may have: its fingerprint, the file that carries it, and what was signed with it.

Ed25519 as in RFC 8032, by the library `cryptography`, which is imported when the first signature is looked at.
"""

import base64
import binascii
import hashlib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from workstation.edits.drafting import clean_line
from workstation.errors import EditRefused, UserFacingError
from workstation.storage.atomic import replacing
from workstation.storage.codec import canonical

KEY_BYTES = 32
SIGNATURE_BYTES = 64
MAX_FILE_BYTES = 64_000
"""Of a file with a key: a thousand times what one needs."""
SUFFIX = ".trichokey"
_PRIME = 2**255 - 19
_ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_WEAK = frozenset({0, 1, _PRIME - 1, _ORDER_8, _PRIME - _ORDER_8})
"""The y of the eight points of small order. With one as a key a signature fits texts that were never signed."""


def fingerprint(public_key: str) -> str:
    """What people compare two keys by: 32 hexadecimal digits of its SHA-256, in groups of four.

    Args:
        public_key: in base64.
    """
    digits = hashlib.sha256(decoded(public_key, KEY_BYTES)).hexdigest()[:32].upper()
    return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))


def decoded(text: str, n_bytes: int) -> bytes:
    """The bytes of a base64 text.

    Raises:
        ValueError: if it is not the one base64 text of so many bytes.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not a text in base64") from error
    if len(data) != n_bytes or encoded(data) != text:
        raise ValueError(f"not {n_bytes} bytes in base64")
    return data


def encoded(data: bytes) -> str:
    """Bytes as base64."""
    return base64.b64encode(data).decode("ascii")


def holds(public_key: str, signature: str, message: bytes) -> bool:
    """Whether a signature was made over a message with the private half of a key.

    Args:
        public_key: in base64.
        signature: in base64.
        message: what was signed.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(decoded(sound_key(public_key), KEY_BYTES))
        key.verify(decoded(signature, SIGNATURE_BYTES), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def sound_key(public_key: str) -> str:
    """The same text, if it is a public key that can be relied on.

    Raises:
        ValueError: if it is not, or is one of the few points with which anything can seem signed.
    """
    y = int.from_bytes(decoded(public_key, KEY_BYTES), "little") & (2**255 - 1)
    if y >= _PRIME or y in _WEAK:
        raise ValueError("not a key that can be relied on")
    return public_key


def proof_text(name: str, created_utc: str, public_key: str) -> bytes:
    """What a key signs about itself when it is made, so that nobody can offer a key that is another's."""
    return f"trichodesk public key 1\n{canonical([name, created_utc, public_key])}".encode()


PublicKeyText = Annotated[str, AfterValidator(sound_key)]
"""A public key in base64."""


class OfferedKey(BaseModel):
    """What a reader hands to the study's owner: the public half of a key, signed with the other half."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    format: Literal["trichodesk public key"] = "trichodesk public key"
    version: Literal[1] = 1
    name: Annotated[str, Field(min_length=1, max_length=200)]
    created_utc: Annotated[str, Field(max_length=40)]
    public_key: PublicKeyText
    proof: Annotated[str, Field(max_length=200)]
    """Base64 of the signature over `proof_text`."""

    @property
    def fingerprint(self) -> str:
        """See `fingerprint`."""
        return fingerprint(self.public_key)

    @property
    def proven(self) -> bool:
        """Whether who made the file has the private half, and name and key are what they were then."""
        return holds(self.public_key, self.proof, proof_text(self.name, self.created_utc, self.public_key))


def write_offer(path: Path, offered: OfferedKey) -> None:
    """Put a public key into a file of its own; nothing in it is secret.

    Raises:
        UserFacingError: if it cannot be written, or there is another file of this name.
    """
    text = offered.model_dump_json(indent=1) + "\n"
    if path.exists() and not _same_text(path, text):
        raise UserFacingError("there is already a file of this name", file=path, remedy="Choose another name.")
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def read_offer(path: Path) -> OfferedKey:
    """A public key from a file that a reader handed over.

    Raises:
        UserFacingError: if it cannot be read, is no public key, or was damaged or changed.
    """
    remedy = "Ask the reader for it again: trichodesk key export."
    data = read_small(path, "the public key")
    if b"trichodesk signing key" in data:
        raise UserFacingError(
            "this is a sealed private key, and those are never handed over",
            file=path,
            remedy="Delete this copy, and ask the reader for the public key: trichodesk key export.",
        )
    try:
        offered = OfferedKey.model_validate_json(data)
        clean_line(offered.name, "the name")
    except (ValidationError, EditRefused) as error:
        raise UserFacingError("this is not a reader's public key", file=path, remedy=remedy) from error
    if not offered.proven:
        raise UserFacingError(
            "the public key was damaged or changed: its own signature does not hold", file=path, remedy=remedy
        )
    return offered


def read_small(path: Path, what: str) -> bytes:
    """The bytes of a small file.

    Raises:
        UserFacingError: if it cannot be read or is far too large.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UserFacingError(
            f"{what} cannot be read ({error.strerror or error})", file=path, remedy="Check the name."
        ) from error
    if len(data) > MAX_FILE_BYTES:
        raise UserFacingError(f"the file is far too large for {what}", file=path, remedy="Choose another file.")
    return data


def _same_text(path: Path, text: str) -> bool:
    try:
        return path.stat().st_size == len(text.encode()) and path.read_text(encoding="utf-8") == text
    except (OSError, ValueError):
        return False
