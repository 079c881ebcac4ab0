"""Reads from files of this and other programs: each becomes a new read beside those that an image has."""

from workstation.read_import.importing import Import, prepare_import

__all__ = ["Import", "prepare_import"]
