"""The manifest: a CSV table that names a study's images and says of whom, when and where they were taken."""

from workstation.manifest.reading import Manifest, ManifestError, read_manifest
from workstation.manifest.row import ManifestRow

__all__ = ["Manifest", "ManifestError", "ManifestRow", "read_manifest"]
