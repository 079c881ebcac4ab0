"""All that a study file holds, as columns, and which state of the study that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workstation.errors import UserFacingError
from workstation.model.study import Study
from workstation.storage import schema
from workstation.storage.audit import AuditRow, genesis
from workstation.storage.columns import audit_columns, endpoint_columns, study_columns
from workstation.storage.digest import Attributes, content_digest, group_digest
from workstation.storage.pair_columns import match_columns
from workstation.storage.tables import Columns, text_column
from workstation.version import software_version


@dataclass(frozen=True, slots=True)
class FileState:
    """Which state of which study a file holds."""

    study_id: str
    revision: int
    """Number of committed edits in it."""
    audit_sha256: str
    """Hash of its last audit row."""
    digest: str
    """Of the whole content."""


@dataclass(frozen=True)
class Content:
    """All that goes into a study file, as columns."""

    attributes: Attributes
    groups: Mapping[str, Columns]

    @property
    def state(self) -> FileState:
        """Which state of the study this is."""
        a = self.attributes
        return FileState(
            str(a["study_id"]), int(a["revision"]), str(a["audit_sha256"]), str(a["content_sha256"])
        )  # fmt: skip


def content_of(
    study: Study,
    audit_rows: Sequence[AuditRow],
    endpoint_rows: Sequence[Mapping[str, object]],
    *,
    saved_utc: str = "",
) -> Content:
    """A study as the content of a file.

    Raises:
        UserFacingError: if a text cannot be stored.
    """
    try:
        groups: dict[str, Columns] = {
            **study_columns(study),
            schema.ENDPOINTS: endpoint_columns(endpoint_rows),
            **audit_columns(audit_rows),
        }
    except ValueError as error:  # UnicodeEncodeError is one
        raise unstorable(error) from error
    groups["matches"] = match_columns(study)
    digests = {name: group_digest(columns) for name, columns in groups.items()}
    attributes: dict[str, str | int | float] = {
        "format": schema.FORMAT,
        "format_version": schema.FORMAT_VERSION,
        "software_version": software_version(),
        "study_id": study.id,
        "created_utc": study.created_utc,
        "revision": len(audit_rows),
        "audit_sha256": audit_rows[-1].sha256 if audit_rows else genesis(study.id),
        "vellus_below_um": float(study.cutoffs.vellus_below_um),
        "terminal_from_um": float(study.cutoffs.terminal_from_um),
        "min_overlap": float(study.rules.min_overlap),
        "width_change_limit_um": float(study.rules.width_error_um),
    }
    attributes |= {"content_sha256": content_digest(attributes, digests), "saved_utc": saved_utc}
    groups["manifest"] = {
        "group": text_column(list(digests)),
        "sha256": text_column(list(digests.values())),
    }
    return Content(attributes, groups)


def unstorable(error: ValueError) -> UserFacingError:
    """What is said of a text that no file can hold."""
    return UserFacingError(f"the study cannot be saved: {error}", remedy="Change that name or comment and save again.")
