"""Which state of a study an export was made from, and whether the study has changed since."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from workstation.clock import local_time, utc_seconds
from workstation.session import Moment, Session
from workstation.storage.schema import FORMAT_VERSION
from workstation.version import software_version


@dataclass(frozen=True, slots=True)
class ExportState:
    """One state of one study, as every export and report names it."""

    study_id: str
    study: str
    """The study file's name without its ending."""
    title: str
    """Of the trial; empty where none was given."""
    revision: int
    """Number of committed edits, those that were not in the study file yet included."""
    audit_sha256: str
    """Hash of the last of these edits, and through it of all before: it tells one state from another."""
    content_sha256: str
    """Hash of the study file's content; empty where some of the edits were not in the file yet."""
    software: str
    """`trichodesk 0.1.0`."""
    format_version: str
    """Of the study file."""
    utc: str
    """When the export was made, ISO 8601."""

    @property
    def text(self) -> str:
        """The state in one line, for the foot of a page: revision, digest, program and time."""
        return f"revision {self.revision} · state {self.audit_sha256[:12]} · {self.software} · {self.utc}"

    def as_dict(self) -> dict[str, str | int]:
        """For JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "ExportState":
        """Back from `as_dict`; further values are passed over.

        Raises:
            ValueError: if one is missing or of the wrong kind.
        """
        found = {}
        for name, type_ in cls.__annotations__.items():
            value = values.get(name)
            if not isinstance(value, type_) or isinstance(value, bool):
                raise ValueError(f"{name} is missing or of the wrong kind")
            found[name] = value
        return cls(**found)


def export_state(session: Session, moment: Moment | None = None) -> ExportState:
    """Which state of its study a session shows; from any thread.

    Args:
        session: the open study.
        moment: the moment that is exported; None: now.
    """
    now = moment or session.moment
    saved = session.state
    is_in_file = (saved.revision, saved.audit_sha256) == (now.revision, now.audit_sha256)
    return ExportState(
        study_id=now.study.id,
        study=session.path.stem,
        title=now.study.plan.title,
        revision=now.revision,
        audit_sha256=now.audit_sha256,
        content_sha256=saved.digest if is_in_file else "",
        software=f"trichodesk {software_version()}",
        format_version=FORMAT_VERSION,
        utc=utc_seconds(),
    )


def staleness(made: ExportState, now: ExportState) -> str:
    """Why an export is not what would be made now, as a clause; empty where it is up to date.

    Args:
        made: what it was made from.
        now: the study.
    """
    if made.study_id != now.study_id:
        return f"made from another study ({made.study})"
    if made.audit_sha256 != now.audit_sha256:
        if made.revision < now.revision:
            return f"made from an older state (revision {made.revision}; the study is at {now.revision})"
        if made.revision > now.revision:
            return f"made from a newer state (revision {made.revision}; the study is at {now.revision})"
        return f"made from another state of the same revision ({made.revision}): the study was edited elsewhere"
    if made.software != now.software:
        return f"made by {made.software}; this is {now.software}"
    return ""


def when_made(made: ExportState) -> str:
    """When an export was made, as people here say it: `3 Feb 2026 14:02`."""
    return local_time(made.utc)
