"""The bytes that are signed.

They are the canonical JSON of study, read, signer, meaning, time, the SHA-256 of the image, of the annotation and of
the last row of the audit trail, and the public key, after a line that says what they are.
"""

from workstation.model.signature import Signature
from workstation.storage.codec import canonical


def signed_text(signature: Signature, study_id: str, read_id: int) -> bytes:
    """See the module.

    Args:
        signature: all but its `id`, `read_id` and `signature` is part of them.
        study_id: of the file in which it was signed: the study, or a blinded reader's work file.
        read_id: the read's id in that file.
    """
    said = {
        "study_id": study_id,
        "read_id": read_id,
        "signer": signature.signer,
        "meaning": signature.meaning.value,
        "signed_utc": signature.signed_utc,
        "image_sha256": signature.image_sha256,
        "annotation_sha256": signature.annotation_sha256,
        "chain_sha256": signature.chain_sha256,
        "public_key": signature.public_key,
    }
    return f"trichodesk signature 1\n{canonical(said)}".encode()
