"""Writing a report: the file's ending says how, and its charts go into a folder of their own if wanted."""

from pathlib import Path

from workstation.errors import UserFacingError
from workstation.report.document import Chart, Report
from workstation.report.rendering import png_file, png_of_jpeg, svg_file
from workstation.storage.atomic import replacing

ENDINGS = (".pdf", ".html", ".htm")
FIGURE_DPI = 300


def check_ending(path: Path) -> None:
    """Refuse a name that tells no kind of file, before any work is done.

    Raises:
        UserFacingError: if it does not end in .pdf or .html, or its folder is missing.
    """
    if path.suffix.lower() not in ENDINGS:
        raise UserFacingError("a report is a .pdf or an .html file", file=path, remedy="Choose a name that ends so.")
    if path.is_dir():
        raise UserFacingError("a folder has this name", file=path, remedy="Choose another name.")
    if not path.absolute().parent.is_dir():
        raise UserFacingError("the folder does not exist", file=path.absolute().parent, remedy="Make it first.")


def write_report(path: Path, report: Report) -> None:
    """Write a report as PDF or HTML, at once or not at all.

    Raises:
        UserFacingError: if the name ends otherwise, or the file cannot be written.
    """
    check_ending(path)
    if path.suffix.lower() == ".pdf":
        from workstation.report.pdf import write_pdf  # reportlab is not for the start of the program

        write_pdf(path, report)
    else:
        from workstation.report.html import write_html

        write_html(path, report)


def write_figures(folder: Path, report: Report) -> list[Path]:
    """Write every chart as SVG and as PNG, and every photograph as PNG.

    Args:
        folder: made if need be.
        report: whose figures; their names are those of the files.

    Returns:
        The files.

    Raises:
        UserFacingError: if the folder or a file cannot be written; files that were written stay.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserFacingError(
            f"the folder cannot be made ({error.strerror})", file=folder, remedy="Choose another one."
        ) from error
    written: list[Path] = []
    for image in report.images():
        if isinstance(image, Chart):
            written.append(_write(folder / f"{image.name}.svg", svg_file(image.figure)))
            written.append(_write(folder / f"{image.name}.png", png_file(image.figure, FIGURE_DPI)))
        else:
            written.append(_write(folder / f"{image.name}.png", png_of_jpeg(image.jpeg)))
    return written


def _write(path: Path, data: bytes) -> Path:
    with replacing(path) as temporary:
        temporary.write_bytes(data)
    return path
