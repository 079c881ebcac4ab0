"""What a read says of its image, as one SHA-256: what a signature is bound to.

It is the same wherever the read lies, in a work file or in the study: the ids of the read and of its image are no part
of it, nor is how far the read has come.
"""

from collections.abc import Iterable

from workstation.model.read import Read
from workstation.storage.codec import canonical, canonical_flat, plain, sha256_hex


def annotation_digest(read: Read) -> str:
    """SHA-256, hexadecimal, of a read's hairs, units, field, settlements and comment in canonical form."""
    parts = {
        "comment": canonical(read.review.comment),
        "field": canonical(plain(read.field)),
        "hairs": _listed(canonical_flat(plain(read.hairs[i])) for i in sorted(read.hairs)),
        "settlements": _listed(canonical(plain(read.settlements[i])) for i in sorted(read.settlements)),
        "units": _listed(canonical_flat(plain(read.units[i])) for i in sorted(read.units)),
    }
    return sha256_hex(("{" + ",".join(f'"{name}":{parts[name]}' for name in sorted(parts)) + "}").encode())


def _listed(texts: Iterable[str]) -> str:
    return f"[{','.join(texts)}]"
