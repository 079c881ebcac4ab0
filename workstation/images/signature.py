"""What kind of file it is, by its first bytes: the suffix is not believed."""

from pathlib import Path

from workstation.errors import UserFacingError

FORMATS_WANTED = "a JPEG, PNG, TIFF, BMP, WebP or DICOM image"
READ = (
    ("JPEG", b"\xff\xd8\xff", 0),
    ("PNG", b"\x89PNG\r\n\x1a\n", 0),
    ("TIFF", b"II*\x00", 0),
    ("TIFF", b"MM\x00*", 0),
    ("TIFF", b"II+\x00", 0),
    ("TIFF", b"MM\x00+", 0),
    ("BMP", b"BM", 0),
    ("WebP", b"WEBP", 8),
    ("DICOM", b"DICM", 128),
)

KNOWN_BUT_NOT_READ = (
    ("a HEIF picture (HEIC, AVIF)", b"ftyp", 4),
    ("a GIF picture", b"GIF8", 0),
    ("a JPEG 2000 picture", b"\x00\x00\x00\x0cjP", 0),
    ("a PDF document", b"%PDF", 0),
    ("a Photoshop file", b"8BPS", 0),
    ("an HDF5 file", b"\x89HDF", 0),
    ("a ZIP archive", b"PK\x03\x04", 0),
)

SIGNATURE_BYTES = 256


def format_of(first_bytes: bytes) -> str | None:
    """`JPEG`, `PNG`, `TIFF`, `BMP`, `WebP` or `DICOM`; None for anything else."""
    return _named(READ, first_bytes)


def other_kind_of(first_bytes: bytes) -> str | None:
    """What a file is that is known and not read: `a GIF picture`, say; None if that is unknown too."""
    return _named(KNOWN_BUT_NOT_READ, first_bytes)


def refuse_other_kinds(first_bytes: bytes, name: Path | None) -> str:
    """The name of the file's format, as `format_of`.

    Raises:
        UserFacingError: if it is none that is read; it says what it is where that is known.
    """
    kind = format_of(first_bytes)
    if kind is None:
        other = other_kind_of(first_bytes)
        what = f"this is {other}, which is not read" if other else f"this is not {FORMATS_WANTED}"
        remedy = "Export it as JPEG, PNG or TIFF." if other else "Choose an image file."
        raise UserFacingError(what, file=name, remedy=remedy)
    return kind


def _named(table: tuple[tuple[str, bytes, int], ...], first_bytes: bytes) -> str | None:
    return next((name for name, mark, at in table if first_bytes[at : at + len(mark)] == mark), None)
