"""Who signed which read, and what each signature is worth, as a table."""

from collections.abc import Iterator

from workstation.endpoints import Cell
from workstation.export.table import Source, Table, flag, integer, text
from workstation.signing.public_keys import fingerprint

SIGNATURES = (
    integer("id", "the signature's number"),
    integer("read_id", "the read that it is on"),
    text("image", "name of the image"),
    text("reader", "who made the read"),
    text("read_state", "how far the read has come"),
    text("signer", "who signed, as the name stood in the settings"),
    text("meaning", "in which sense"),
    text("signed_utc", "when, by the signer's clock, ISO 8601"),
    text("standing", "verified, unverified key, typed name or broken; empty where the record was not at hand"),
    flag("on_earlier_version", "whether the read was corrected after that"),
    text("why", "by which key, or what does not hold"),
    text("key_fingerprint", "of the public key; empty for a typed name"),
    text("image_sha256", "SHA-256 of the image that was read"),
    text("annotation_sha256", "SHA-256 of what the read said then"),
    text("chain_sha256", "SHA-256 of the last row of the audit trail then"),
)


def signature_rows(source: Source) -> Iterator[dict[str, Cell]]:
    """One row a signature."""
    study = source.study
    checked = {one.signature.id: one for one in source.signatures}
    for id_ in sorted(study.signatures):
        signature = study.signatures[id_]
        read, found = study.reads[signature.read_id], checked.get(id_)
        yield {
            "id": id_,
            "read_id": signature.read_id,
            "image": source.names[read.image_id],
            "reader": read.reader,
            "read_state": read.review.state.value,
            "signer": signature.signer,
            "meaning": signature.meaning.value,
            "signed_utc": signature.signed_utc,
            "standing": None if found is None else found.standing.value,
            "on_earlier_version": None if found is None else found.on_earlier,
            "why": None if found is None else found.why,
            "key_fingerprint": fingerprint(signature.public_key) if signature.public_key else None,
            "image_sha256": signature.image_sha256,
            "annotation_sha256": signature.annotation_sha256,
            "chain_sha256": signature.chain_sha256,
        }


SIGNATURE_TABLE = Table(
    "signatures", "Signatures", "One row a signature on a read, and what it is worth.", SIGNATURES, signature_rows,
    lambda source: len(source.study.signatures),
)  # fmt: skip
