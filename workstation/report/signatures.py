"""Who signed which read, in which sense, and whether it holds."""

from collections.abc import Iterable

from workstation.report.document import Block, Column, Heading, Row, RowKind, Table
from workstation.report.material import Material
from workstation.signing.checking import Checked, Standing, summary, unsigned_locks
from workstation.signing.wording import utc_minute

_NOTE = (
    "Verified: made with a key that the study's owner enrolled for that name, over this image, this annotation and the "
    "audit trail as it was then. Unverified key: nobody vouches for whose it is. Typed name: no key at all; nothing "
    "shows who typed it. Broken: something is not what was signed."
)


def signatures(material: Material) -> list[Block]:
    """The chapter; none where nobody has signed."""
    checked = material.signatures
    locks = unsigned_locks(material.study, checked)
    if not checked and not locks:
        return []
    columns = (
        Column("image", share=1.6),
        Column("read", share=1.1),
        Column("signed by", share=1.1),
        Column("meaning", share=1.3),
        Column("time", share=1.1),
        Column("standing", share=2.6),
    )
    rows = tuple(_row(material, one) for one in _in_order(material, checked))
    table = Table("Signatures on reads", columns, rows, (*locks, _NOTE))
    return [Heading("Signatures"), table]


def signatures_fact(material: Material) -> tuple[str, str]:
    """The same in a line, for the chapter on quality."""
    return "Signatures", summary(material.signatures)


def _in_order(material: Material, checked: Iterable[Checked]) -> list[Checked]:
    def place(one: Checked) -> tuple[str, int, int]:
        read = material.study.reads[one.signature.read_id]
        return material.names[read.image_id], read.id, one.signature.id

    return sorted(checked, key=place)


def _row(material: Material, one: Checked) -> Row:
    signature = one.signature
    read = material.study.reads[signature.read_id]
    cells = (
        material.names[read.image_id],
        f"{read.id}, of {read.reader}",
        signature.signer,
        signature.meaning.value,
        utc_minute(signature.signed_utc),
        f"{one.word}\n{one.why}",
    )
    return Row(cells, RowKind.STRONG if one.standing is Standing.BROKEN else RowKind.PLAIN)
