"""Study files as no program of ours writes them."""

from workstation.storage.content import Content
from workstation.storage.digest import content_digest, group_digest
from workstation.storage.tables import text_column


def resealed(content: Content, **attributes: object) -> Content:
    """The content with other attributes and with digests to match: what a forger would make of it."""
    groups = {name: dict(columns) for name, columns in content.groups.items()}
    digests = {name: group_digest(columns) for name, columns in groups.items() if name != "manifest"}
    groups["manifest"] = {
        "group": text_column(list(digests)), "sha256": text_column(list(digests.values())),
    }  # fmt: skip
    changed = {**content.attributes, **attributes}
    return Content({**changed, "content_sha256": content_digest(changed, digests)}, groups)
