"""A state of a study, for exports in tests."""

from workstation.export.state import ExportState

STATE = ExportState(
    study_id="6d1d9b3e-3f6e-4c3a-9a39-0a6b1f9f2f11",
    study="trial",
    title="Serum",
    revision=12,
    audit_sha256="a" * 64,
    content_sha256="b" * 64,
    software="trichodesk 0.1.0",
    format_version="1.3",
    utc="2026-02-03T09:15:00Z",
)
