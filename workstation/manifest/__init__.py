"""The manifest: a CSV table that names a study's images and says of whom, when and where they were taken."""

from workstation.manifest.fault import Fault, Oddity
from workstation.manifest.reading import Inspection, Manifest, ManifestError, inspect_manifest, read_manifest
from workstation.manifest.row import ManifestRow

__all__ = [
    "Fault",
    "Inspection",
    "Manifest",
    "ManifestError",
    "ManifestRow",
    "Oddity",
    "inspect_manifest",
    "read_manifest",
]
