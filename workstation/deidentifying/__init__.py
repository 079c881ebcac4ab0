"""A study for others' eyes, without codes, dates, names and free text of the original: docs/deidentification.md."""

from workstation.deidentifying.package import Package, write_package

__all__ = ["Package", "write_package"]
