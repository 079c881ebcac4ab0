"""A reader's signing key on this computer: made here, sealed with a passphrase, kept in the program's own folder.

The private half never leaves this module unsealed. A study holds public halves alone.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from workstation import home
from workstation.clock import utc_seconds
from workstation.edits.drafting import clean_line
from workstation.errors import UserFacingError
from workstation.file_names import safe_name
from workstation.signing.public_keys import (
    KEY_BYTES,
    OfferedKey,
    PublicKeyText,
    encoded,
    fingerprint,
    holds,
    proof_text,
    read_small,
)
from workstation.signing.sealing import Sealed, check_passphrase, seal, unseal
from workstation.storage.atomic import OWNER_ONLY, explain, replacing
from workstation.storage.codec import canonical, sha256_hex

log = logging.getLogger(__name__)

FOLDER = "keys"
SUFFIX = ".key"
SET_ASIDE = ".earlier"
"""What the file of a key ends in that another one took the place of."""
DAMAGED = "Restore it from a backup: trichodesk key restore FILE."


class SigningKey(BaseModel):
    """A reader's key as its file has it: all of it but the sealed part may be known to anybody."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    format: Literal["trichodesk signing key"] = "trichodesk signing key"
    version: Literal[1] = 1
    name: Annotated[str, Field(min_length=1, max_length=200)]
    """Whose it is: the name that the reads are made under."""
    created_utc: Annotated[str, Field(max_length=40)]
    public_key: PublicKeyText
    proof: Annotated[str, Field(max_length=200)]
    sealed: Sealed
    sha256: str = ""
    """Of all the rest: tells a damaged file from a wrong passphrase. It is no secret and protects none."""

    @property
    def fingerprint(self) -> str:
        """See `public_keys.fingerprint`."""
        return fingerprint(self.public_key)

    @property
    def offered(self) -> OfferedKey:
        """What the owner of a study enrols."""
        return OfferedKey(
            name=self.name, created_utc=self.created_utc, public_key=self.public_key, proof=self.proof
        )  # fmt: skip

    @property
    def file_name(self) -> str:
        """Of its file in the program's folder."""
        return f"{safe_name(self.name, 60)}-{self.fingerprint[:9].replace(' ', '').lower()}{SUFFIX}"

    def checksum(self) -> str:
        """The `sha256` that it must have."""
        return sha256_hex(canonical(self.model_dump(exclude={"sha256"})).encode())


def make_key(name: str, passphrase: str, *, another: bool = False) -> SigningKey:
    """Make a key for a reader and keep it on this computer.

    Args:
        name: the reader's name.
        passphrase: what locks it; nobody can open it without.
        another: although there is one; that one is kept beside it and no longer used.

    Raises:
        UserFacingError: if there is one already, the name or the passphrase cannot be, or the file cannot be written.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    check_passphrase(passphrase)
    name = refuse_second(name, another=another)
    private = Ed25519PrivateKey.generate()
    public, created = encoded(private.public_key().public_bytes_raw()), utc_seconds()
    proof = encoded(private.sign(proof_text(name, created, public)))
    offered = OfferedKey(name=name, created_utc=created, public_key=public, proof=proof)
    key = _locked(offered, private.private_bytes_raw(), passphrase)
    _keep(key)
    return key


def refuse_second(name: str, *, another: bool = False) -> str:
    """The name as a key has it, where a key may be made for it.

    Raises:
        UserFacingError: if the name cannot be, or has a key here and `another` is not meant.
    """
    clean = _reader_name(name)
    before = key_of(clean)
    if before is not None and not another:
        raise UserFacingError(
            f"{clean} has a key on this computer: {before.fingerprint}",
            remedy="Make another one only if its passphrase is lost, and have that enrolled too.",
        )
    return clean


def key_of(name: str, say: Callable[[str], None] = log.warning) -> SigningKey | None:
    """The key of a reader on this computer; None where there is none.

    Args:
        name: the reader's name.
        say: is told in one sentence of each file that is no key any more.
    """
    return next((key for key in known_keys(say) if key.name == name), None)


def known_keys(say: Callable[[str], None] = log.warning) -> tuple[SigningKey, ...]:
    """The keys in use on this computer, by their readers' names; see `key_of`."""
    found: list[SigningKey] = []
    for path in sorted(keys_folder().glob(f"*{SUFFIX}")):
        try:
            found.append(read_key(path))
        except UserFacingError as error:
            say(str(error))
    # two of one name: the program was stopped between writing the new one and setting the old one aside
    newest = {key.name: key for key in sorted(found, key=lambda key: key.created_utc)}
    return tuple(newest[name] for name in sorted(newest))


def read_key(path: Path) -> SigningKey:
    """The key in a file.

    Raises:
        UserFacingError: if it cannot be read, is no key, or was damaged.
    """
    data = read_small(path, "the signing key")
    try:
        key = SigningKey.model_validate_json(data)
    except ValidationError as error:
        raise UserFacingError("this is no signing key, or a damaged one", file=path, remedy=DAMAGED) from error
    if key.sha256 != key.checksum() or not key.offered.proven:
        raise UserFacingError("the signing key is damaged: its checksum does not hold", file=path, remedy=DAMAGED)
    return key


def sign_with(key: SigningKey, passphrase: str, message: bytes) -> str:
    """A signature over a message, in base64. Takes half a second: not for the main thread of a window.

    Raises:
        WrongPassphraseError: if it is not the key's passphrase.
        UserFacingError: if the key does not fit on its public half.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.from_private_bytes(_opened(key, passphrase))
    signature = encoded(private.sign(message))
    if not holds(key.public_key, signature, message):
        raise _unfitting(key)
    return signature


def change_passphrase(key: SigningKey, old: str, new: str) -> SigningKey:
    """Lock a key with another passphrase. Backups of it keep the one that they were made with.

    Raises:
        WrongPassphraseError: if `old` is not its passphrase.
        UserFacingError: if the new one is too short, or the file cannot be written.
    """
    check_passphrase(new)
    changed = _locked(key.offered, _opened(key, old), new)
    _write(keys_folder() / key.file_name, changed)
    return changed


def back_up(key: SigningKey, path: Path) -> None:
    """Put a copy of a key, sealed as it is, into a new file that its owner alone may read.

    Raises:
        UserFacingError: if there is a file of this name, or it cannot be written.
    """
    if path.exists():
        raise UserFacingError("there is already a file of this name", file=path, remedy="Choose another name.")
    _write(path, key)


def restore(path: Path, *, another: bool = False) -> SigningKey:
    """Take a key back from a backup, or over from another computer.

    Args:
        path: the backup.
        another: although the reader has another key here, which is then set aside.

    Raises:
        UserFacingError: if the file is no key or damaged, or the reader has another one here.
    """
    key = read_key(path)
    before = key_of(_reader_name(key.name))
    if before is not None and before.public_key != key.public_key and not another:
        raise UserFacingError(
            f"{key.name} has another key on this computer: {before.fingerprint}",
            file=path,
            remedy="Say that the one of the file is to take its place.",
        )
    _keep(key)
    return key


def keys_folder() -> Path:
    """Where the keys of this computer's user lie; made if it is missing, for nobody else to look into.

    Raises:
        UserFacingError: if it cannot be made.
    """
    folder = home.data_dir() / FOLDER
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise UserFacingError(
            f"the folder of the keys cannot be made ({error.strerror or error})",
            file=folder,
            remedy=f"Set {home.HOME_VARIABLE} to a folder that can be written.",
        ) from error
    return folder


def _reader_name(name: str) -> str:
    clean = clean_line(name, "the reader's name")
    if not clean:
        raise UserFacingError("a key needs its reader's name", remedy="Name the reader.")
    return clean


def _locked(offered: OfferedKey, private: bytes, passphrase: str) -> SigningKey:
    sealed = seal(private, passphrase, _beside(offered))
    open_parts = offered.model_dump(include={"name", "created_utc", "public_key", "proof"})
    unchecked = SigningKey(**open_parts, sealed=sealed)
    return unchecked.model_copy(update={"sha256": unchecked.checksum()})


def _opened(key: SigningKey, passphrase: str) -> bytes:
    try:
        return unseal(key.sealed, passphrase, _beside(key.offered), KEY_BYTES)
    except ValueError as error:
        raise _unfitting(key) from error


def _beside(offered: OfferedKey) -> bytes:
    return canonical(offered.model_dump()).encode()


def _unfitting(key: SigningKey) -> UserFacingError:
    return UserFacingError(f"the signing key of {key.name} is damaged: its two halves do not fit", remedy=DAMAGED)


def _keep(key: SigningKey) -> None:
    """Put a key into the folder, and set aside what it takes the place of."""
    folder = keys_folder()
    others = [path for path in folder.glob(f"*{SUFFIX}") if path.name != key.file_name and _is_of(path, key.name)]
    _write(folder / key.file_name, key)
    for path in others:
        try:
            path.replace(path.with_name(path.name + SET_ASIDE))
        except OSError as error:
            raise explain(error, path) from error


def _is_of(path: Path, name: str) -> bool:
    try:
        return read_key(path).name == name
    except UserFacingError:
        return False


def _write(path: Path, key: SigningKey) -> None:
    def check(written: Path) -> None:
        read_key(written)

    with replacing(path, check=check, mode=OWNER_ONLY) as temporary:
        temporary.write_text(key.model_dump_json(indent=1) + "\n", encoding="utf-8")
