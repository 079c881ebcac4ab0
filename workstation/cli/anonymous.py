"""`trichodesk export --anonymous`: the de-identified package."""

from pathlib import Path
from typing import Annotated

import typer

from workstation.cli.console import output, print_json, progress_bar, say
from workstation.deidentifying import write_package
from workstation.session import Session

Anonymous = Annotated[
    bool,
    typer.Option("--anonymous", help="Write a de-identified study into DIR, which is empty: docs/deidentification.md."),
]
KeyFile = Annotated[
    Path | None,
    typer.Option(
        "--key", metavar="FILE.csv", help="With --anonymous: where to note what stands for what.", readable=False
    ),
]
KeepComments = Annotated[
    bool, typer.Option("--keep-comments", help="With --anonymous: keep free text, which may tell who it is of.")
]


def export_anonymous(session: Session, out: Path, key: Path | None, *, keep_comments: bool, as_json: bool) -> None:
    """Write the package and say what is in it."""
    with progress_bar("de-identifying") as report:
        package = write_package(session, out, key_file=key, keep_comments=keep_comments, report=report)
    n_masked = sum(package.masked.values())
    for sentence in package.sentences:
        say(sentence)
    if as_json:
        print_json({"study": str(package.study), "images": [str(path) for path in package.images],
                    "key": None if key is None else str(key), "masked_regions": n_masked})  # fmt: skip
        return
    output.print(str(package.study), markup=False)
