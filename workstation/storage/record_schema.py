"""The tables of the record: people, reading rules, remarks, settlements, signatures, work files of blinded readers."""

from workstation.storage.tables import Column, Group, Type, integer, number, text

SINCE = 4
"""The minor version that first had these tables."""

PEOPLE = Group(
    "people",
    "Who takes part. Without a row: everybody may do everything, but decide on an own read.",
    (
        text("person", "the name, as a reader's"),
        text("roles", "owner, assessor, QA reviewer, adjudicator; several stand in lines of their own"),
    ),
    SINCE,
)
PUBLIC_KEYS = Group(
    "public_keys",
    "Keys by which signatures are checked, in the order of enrolling.",
    (
        text("person", "the name in /people"),
        text("public_key", "Ed25519, 32 bytes in base64"),
        text("enrolled_utc", "ISO 8601, UTC"),
        text("withdrawn_utc", "from then on it signs nothing any more, ISO 8601, UTC; empty while it is good"),
    ),
    SINCE,
)
READING_RULES = Group(
    "reading_rules",
    "What the study asks of its reads; one row.",
    (
        number("adjudicate_above_percent", "counts that differ by more, of their mean, need a third read", "%"),
        text("reasons", "for which changes a reason is asked: never, after submission, every change"),
    ),
    SINCE,
)
REMARKS = Group(
    "remarks",
    "What people say about a read to its reader, and the reader in answer.",
    (
        integer("remark_id", "number of the remark in this file"),
        integer("read_id", "the read in /reads"),
        text("author", "who says it"),
        text("created_utc", "ISO 8601, UTC"),
        text("text", "the remark"),
        integer("hair_id", "the hair that it is about; -1: the whole read"),
        integer("answers", "the remark that it answers; -1 where it is none"),
        text("done_by", "who said that it is dealt with; empty while it waits"),
        text("done_utc", "ISO 8601, UTC, or empty"),
    ),
    SINCE,
)
SETTLEMENTS = Group(
    "settlements",
    "Where each part of a third read comes from. What stands in none of these rows the adjudicator added.",
    (
        integer("read_id", "the third read in /reads"),
        integer("settlement_id", "number of the settlement in its read"),
        text("about", "hair, unit or field"),
        text("choice", "agreed, first, second, both, neither or edited"),
        text("first_ids", "hairs or units of the first read, with spaces between"),
        text("second_ids", "hairs or units of the second read, with spaces between"),
        text("result_ids", "hairs or units of the third read, with spaces between; some may be deleted since"),
    ),
    SINCE,
)
SIGNATURES = Group(
    "signatures",
    "Signatures on reads; docs/signatures.md says what was signed and how to check it.",
    (
        integer("signature_id", "number of the signature in this file"),
        integer("read_id", "the read in /reads"),
        text("signer", "the name"),
        text("meaning", "what the signer says with it"),
        text("signed_utc", "ISO 8601, UTC, by the signer's clock"),
        text("image_sha256", "SHA-256 of the image file that was read"),
        text("annotation_sha256", "SHA-256 of what the read said"),
        text("chain_sha256", "hash of the last audit row then"),
        text("public_key", "Ed25519, base64; empty where there is a typed name alone"),
        text("signature", "Ed25519, base64; empty with the key"),
    ),
    SINCE,
)
PACKAGES = Group(
    "packages",
    "Work files for blinded readers. What came back has the bytes first_byte … first_byte + n_bytes - 1 of "
    "/package_text/json: the rows of its audit trail, one JSON object a line.",
    (
        text("package_id", "UUID"),
        text("reader", "whom it was made for"),
        text("created_utc", "ISO 8601, UTC"),
        text("created_by", "who made it"),
        text("start", "what its reads begin with: blank or detection"),
        text("work_study_id", "the study_id of the work file"),
        text("handed_sha256", "SHA-256 of what its reader cannot change"),
        text("returned_utc", "when it was merged, ISO 8601, UTC; empty until then"),
        integer("returned_revision", "number of edits made in it; -1 until it is merged"),
        text("returned_head_sha256", "hash of the last of them; empty until it is merged"),
        integer("first_byte", "index of the first byte in /package_text/json"),
        integer("n_bytes", "number of bytes"),
    ),
    SINCE,
)
PACKAGE_TEXT = Group(
    "package_text",
    "The audit trails of work files that came back.",
    (Column("json", Type.BYTES, "UTF-8 text of all of them, one after the other"),),
    SINCE,
)
PACKAGE_ITEMS = Group(
    "package_items",
    "The pictures in work files, and which image each is.",
    (
        text("package_id", "the package in /packages"),
        text("code", "the subject-site pair in the work file"),
        text("place", "A or B: which of the pair's pictures it is there"),
        integer("image_id", "the image in /images"),
        integer("package_image_id", "the image in the work file"),
        text("sha256", "SHA-256 of the picture's bytes in the work file"),
        integer("repeat", "1: the second time that the reader is shown it"),
    ),
    SINCE,
)
BLINDING = Group(
    "blinding",
    "One row in a work file for a blinded reader; else none.",
    (
        text("package_id", "the package in the study that it was made from"),
        text("reader", "whom it was made for"),
        text("start", "what its reads begin with: blank or detection"),
    ),
    SINCE,
)
RECORD_GROUPS = (
    PEOPLE, PUBLIC_KEYS, READING_RULES, REMARKS, SETTLEMENTS, SIGNATURES, PACKAGES, PACKAGE_TEXT, PACKAGE_ITEMS,
    BLINDING,
)  # fmt: skip
