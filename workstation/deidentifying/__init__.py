"""A study for others' eyes: no codes, dates, names, file names or free text of the original. docs/deidentification.md."""

from workstation.deidentifying.package import Package, write_package

__all__ = ["Package", "write_package"]
