"""Manifests, CSV tables of images and visits, as spreadsheets and people may have made them."""

import random
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.fuzz import mutation
from workstation.errors import UserFacingError
from workstation.manifest import read_manifest

IMAGES = ("a.jpg", "b.jpg", "c.jpg")


@cache
def seeds() -> tuple[bytes, ...]:
    """Good files: each must be read."""
    full = (
        "subject,visit,site,image,date,um_per_px,device,sex,age,grade,arm,week,operator\n"
        "S01,baseline,vertex,a.jpg,2026-03-31,5.34,HairMetrix,F,34.5,Ludwig II,serum,0,Dr. A\n"
        "S01,week 12,vertex,b.jpg,2026-06-23,5.34,HairMetrix,F,34.5,Ludwig II,serum,12,\n"
        'S02,baseline,vertex,c.jpg,2026-03-31,,,m,41,Norwood III vertex,placebo,0,"Dr. ""B"", Köln"\n'
    )
    plain = "subject,visit,site,image\nS01,baseline,vertex,a.jpg\nS01,week 12,vertex,b.jpg\n"
    german = plain.replace(",", ";").replace("\n", "\r\n")
    return (
        full.encode(), plain.encode(), german.encode("utf-8-sig"), plain.replace(",", "\t").encode("utf-16"),
        full.encode("cp1252"),
    )  # fmt: skip


def make(seed: int) -> bytes:
    """The changed file of a seed."""
    return mutation.text(random.Random(seed), seeds())


def opening(folder: str) -> Callable[[int | bytes], tuple[str, str]]:
    """For `Worker`: reads the table of a seed, or the one given."""
    own = Path(tempfile.mkdtemp(dir=folder))
    for name in IMAGES:
        (own / name).write_bytes(b"only there: not looked into")
    path = own / "visits.csv"

    def check(job: int | bytes) -> tuple[str, str]:
        path.write_bytes(make(job) if isinstance(job, int) else job)
        try:
            manifest = read_manifest(path)
        except UserFacingError as error:
            return "refused", error.what
        assert all(row.image.parent == own for row in manifest.rows if row.image.name in IMAGES)
        return "read", ""

    return check
