"""Signing a read: what is bound to what, by the reader's key or as a typed name alone."""

from dataclasses import replace
from datetime import datetime

from workstation.clock import utc_seconds
from workstation.edits.signatures import add_signature, signed_already, why_not
from workstation.errors import EditRefused
from workstation.model.patch import Patch
from workstation.model.signature import Meaning, Signature
from workstation.model.study import Study
from workstation.session import Moment
from workstation.signing.keys import SigningKey, sign_with
from workstation.signing.signed_text import signed_text
from workstation.storage.annotation import annotation_digest


def typed_signature(
    moment: Moment, read_id: int, signer: str, meaning: Meaning, *, now: datetime | None = None
) -> Signature:
    """A signature that is a typed name alone: bound to all that the others are, but by nobody's key.

    Args:
        moment: the study as the signer sees it.
        read_id: what is signed.
        signer: the name.
        meaning: in which sense.
        now: the time of signing.

    Raises:
        EditRefused: if there is no such read, or the signer may not sign it in this sense, or did.
    """
    study = moment.study
    read = study.reads.get(read_id)
    if read is None:
        raise EditRefused(f"there is no read {read_id}")
    if why := why_not(study, read, meaning, signer):
        raise EditRefused(why)
    return Signature(
        id=0,
        read_id=read_id,
        signer=signer,
        meaning=meaning,
        signed_utc=utc_seconds(now),
        image_sha256=study.images[read.image_id].sha256,
        annotation_sha256=annotation_digest(read),
        chain_sha256=moment.audit_sha256,
    )


def signature_by_key(typed: Signature, study: Study, key: SigningKey, passphrase: str) -> Signature:
    """The same signature made with a key. Takes half a second: not for the main thread of a window.

    Args:
        typed: what is signed, by `typed_signature`.
        study: the study that it was made of.
        key: the signer's.
        passphrase: of the key.

    Raises:
        WrongPassphraseError: if it is not the key's passphrase.
        EditRefused: if the key is another one's, or this was signed with it.
        UserFacingError: if the key is damaged.
    """
    if key.name != typed.signer:
        raise EditRefused(f"this is the key of {key.name}, and {typed.signer} signs", remedy="Make a key of your own.")
    unsigned = replace(typed, public_key=key.public_key)
    if signed_already(study, unsigned):
        raise EditRefused(f"{typed.signer} has signed this already: “{typed.meaning}”")
    return replace(unsigned, signature=sign_with(key, passphrase, signed_text(unsigned, study.id, typed.read_id)))


def signing_patch(moment: Moment, signature: Signature) -> Patch:
    """The edit that puts a signature into the study, if the study is what it was when it was made.

    Raises:
        EditRefused: if the study was changed meanwhile, or `edits.signatures.add_signature` refuses.
    """
    if moment.audit_sha256 != signature.chain_sha256:
        raise EditRefused("the study was changed while it was being signed", remedy="Look at it again and sign anew.")
    return add_signature(moment.study, signature)
