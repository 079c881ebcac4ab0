"""A study that several readers have read, with errors that are known."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np

from analysis.detection import DetectionParameters
from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from workstation.model.package import Package, PackageItem, Returned, Start
from workstation.model.read import DETECTOR, DetectionRecord, ReadState
from workstation.model.study import Visit

RECORD = DetectionRecord("0.1.0", DetectionParameters(), 10.0, 1.0)
DAYS = 7


def hairs_at(places, *, ids_from=1, shift_px=0.0, width_px=5.0, widths=None):
    """Hairs of one unit each, 30 px long, downwards; at 10 µm/px a width of 5 px is 50 µm."""
    n = len(places)
    widths = [width_px] * n if widths is None else widths
    return [
        make_hair(ids_from + i, 5000 + i, [[x + shift_px, y], [x + shift_px, y + 30]], widths[i])
        for i, (x, y) in enumerate(places)
    ]


def grid(n):
    """So many places, 60 px apart."""
    return [(50 + 60 * (i % 15), 50 + 60 * (i // 15)) for i in range(n)]


def blank(id_, image_id, n, reader, **more):
    """A submitted blank read of so many hairs."""
    more = {"state": ReadState.SUBMITTED, **more}
    hairs = more.pop("hairs", None)
    return make_read(hairs_at(grid(n)) if hairs is None else hairs, id_=id_, image_id=image_id, reader=reader, **more)


def detected(id_, image_id, n):
    """An untouched detection."""
    return make_read(
        hairs_at(grid(n)), id_=id_, image_id=image_id, reader=DETECTOR, state=ReadState.DETECTED, detection=RECORD
    )


def images_of(n_subjects, n_images=1):
    """Visits and images: so many of each subject."""
    visits, images = [], []
    for subject in range(1, n_subjects + 1):
        for k in range(n_images):
            visits.append(Visit(len(visits) + 1, f"S{subject:02}", f"week {4 * k}", 4.0 * k))
            images.append(make_image(len(images) + 1, len(visits), f"S{subject:02}-{k}.png"))
    return visits, images


def study_of(reads, n_subjects, n_images=1, **more):
    """A study of these reads, of images that are numbered through the subjects."""
    visits, images = images_of(n_subjects, n_images)
    return make_study(reads, images, visits, **more)


def noisy_hairs(rng, places, widths, *, missed=0.06, invented=1, jitter_px=1.5, shift_um=0.0, width_noise=0.4):
    """One reading: some hairs missed, some invented, all of them a little off."""
    kept = rng.random(len(places)) >= missed
    found = [(x + rng.normal(0, jitter_px), y + rng.normal(0, jitter_px)) for x, y in np.array(places)[kept]]
    found += [(rng.uniform(20, 980), rng.uniform(20, 940)) for _ in range(rng.poisson(invented))]
    wide = list(np.array(widths)[kept] + rng.normal(shift_um / 10, width_noise, int(kept.sum())))
    wide += list(rng.uniform(2, 9, len(found) - len(wide)))
    return hairs_at(found, widths=[max(1.0, w) for w in wide])


def read_trial(n_subjects=8, n_images=2, readers=("Ada", "Bo"), repeats=5, seed=1, hairs=(40, 170)):
    """A trial that readers have read blank, some images from the detection too, with hidden repeats.

    Every subject has a density of its own; Bo, the second reader, misses more and draws wider hairs.
    """
    rng = np.random.default_rng(seed)
    visits, images = images_of(n_subjects, n_images)
    counts = {subject: int(rng.integers(*hairs)) for subject in sorted({v.subject for v in visits})}
    reads, number = [], 0
    for image, visit in zip(images, visits, strict=True):
        n = counts[visit.subject] + int(rng.integers(-4, 8))
        places, widths = grid(n), rng.normal(5.2, 1.6, n).clip(1.5, 10)
        for rank, reader in enumerate(readers):
            number += 1
            more = {"missed": 0.03 + 0.04 * rank, "shift_um": 2.0 * rank}
            reads.append(blank(number, image.id, n, reader, hairs=noisy_hairs(rng, places, widths, **more)))
            if image.id <= repeats:
                number += 1
                again = noisy_hairs(rng, places, widths, **more)
                reads.append(blank(number, image.id, n, reader, hairs=again, repeat=1, package=f"p-{reader}"))
    packages = {f"p-{reader}": _package(reader, images[:repeats]) for reader in readers} if repeats else {}
    begun = rng.permutation(len(reads))
    reads = [_begun(read, int(place)) for read, place in zip(reads, begun, strict=True)]
    return make_study(reads, images, visits, packages=MappingProxyType(packages))


def _package(reader, images):
    """The hidden repeats that a reader was handed."""
    items = [PackageItem(f"K{i.id:03}", "A", i.id, i.id, f"{i.id:064x}", repeat=1) for i in images]
    made = ("2026-02-01T08:00:00Z", "Zoë", Start.BLANK, f"work-{reader}", "0" * 64)
    return Package(f"p-{reader}", reader, *made, tuple(items), Returned("2026-06-01T08:00:00Z", 0, "", ()))


def _begun(read, place):
    day, minute = divmod(place, 6)
    return replace(read, created_utc=f"2026-{3 + day // 28:02}-{1 + day % 28:02}T09:{10 + minute}:00Z")


def with_reads(study, *reads):
    """The study with further reads."""
    return replace(study, reads=MappingProxyType({**study.reads, **{read.id: read for read in reads}}))
