"""Bringing images into a study: checked, named, placed beside the study file, and described."""

from workstation.importing.embedding import discard_embedded, embedded_files
from workstation.importing.placing import images_folder
from workstation.importing.studies import (
    add_images,
    empty_study,
    same_pictures,
    study_from_images,
    study_from_manifest,
)

__all__ = [
    "add_images",
    "discard_embedded",
    "embedded_files",
    "empty_study",
    "images_folder",
    "same_pictures",
    "study_from_images",
    "study_from_manifest",
]
