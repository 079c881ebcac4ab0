"""The agreement of readers as tables."""

from workstation.agreement.rows import AGREEMENT_COLUMNS, IMAGE_COLUMNS, agreement_rows, image_rows
from workstation.export.described import columns_of
from workstation.export.table import Table

AGREEMENT_TABLES = (
    Table(
        "agreement", "Agreement", "One row two readers, or one reader twice, and an endpoint: how far they agree.",
        columns_of(AGREEMENT_COLUMNS), lambda source: agreement_rows(source.agreement),
    ),
    Table(
        "agreement_images", "Agreement images", "One row two reads of an image: the hairs and units that both have.",
        columns_of(IMAGE_COLUMNS), lambda source: image_rows(source.agreement, source.names),
    ),
)  # fmt: skip
