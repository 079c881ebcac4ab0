"""How many hairs a second go into each format of an export, and that time and memory grow in proportion at most."""

import math
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from tests.benchmarks.figure import Figure
from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from workstation.export.catalogue import HAIR_TABLE
from workstation.export.csv_file import write_csv
from workstation.export.study_files import export_study
from workstation.export.table import Source
from workstation.model.study import Study, Visit

SECTION = "Export"
HAIRS_AN_IMAGE = 100
VISITS = 6
N_IMAGES = 600
FORMATS = {"csv": "CSV, all tables", "xlsx": "XLSX", "coco": "COCO", "parquet": "Parquet", "geojson": "GeoJSON"}


def trial(n_images: int) -> Study:
    """A study of so many images with 100 hairs in 50 units each, a subject for every six."""
    rng = np.random.default_rng(0)
    start = rng.uniform(50, 950, (HAIRS_AN_IMAGE, 1, 2))
    lines = np.clip(start + np.linspace(0, 40, 12)[:, None] * [1.0, 0.2], 0, 999)
    hairs = [make_hair(i + 1, 1001 + i // 2, lines[i], float(rng.uniform(3, 8))) for i in range(HAIRS_AN_IMAGE)]
    read, numbers = make_read(hairs), range(1, n_images + 1)
    visits = [Visit(i, f"S{i // VISITS:04d}", f"visit {i % VISITS}", 2.0 * (i % VISITS)) for i in numbers]
    images = [make_image(i, i, f"scalp {i}.png") for i in numbers]
    return make_study([replace(read, id=i, image_id=i) for i in numbers], images, visits)


def figures() -> list[Figure]:
    """Hairs a second of each format; seconds and memory of a million hairs as CSV."""
    rows = []
    note = f"{N_IMAGES} images of {HAIRS_AN_IMAGE} hairs"
    for format, name in FORMATS.items():
        with tempfile.TemporaryDirectory() as folder:
            study = trial(N_IMAGES)
            start = time.perf_counter()
            export_study(study, Path(folder), format)
            rate = N_IMAGES * HAIRS_AN_IMAGE / (time.perf_counter() - start)
        rows.append(Figure(SECTION, f"{name}, hairs a second", rate, "1/s", note=note))
    return rows + _hair_table()


def _hair_table() -> list[Figure]:
    """Each size in a process of its own, so that one's memory is not counted as another's."""
    rows = []
    for n_images in (1_000, 10_000):
        command = [sys.executable, "-m", "tests.benchmarks.bench_export", str(n_images)]
        seconds, mebibytes = map(float, subprocess.run(command, capture_output=True, check=True).stdout.split())
        name = f"hairs.csv of {n_images * HAIRS_AN_IMAGE:,} hairs"
        rows += [
            Figure(SECTION, name, seconds, "s"),
            Figure(SECTION, f"{name}, memory beside the study", None if math.isnan(mebibytes) else mebibytes, "MiB"),
        ]
    return rows


def _peak_mib() -> float:
    """The most memory this process ever had; NaN where the system does not tell."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), math.nan)


def _measure(n_images: int) -> None:
    study = trial(n_images)
    with tempfile.TemporaryDirectory() as folder:
        source, before, start = Source(study), _peak_mib(), time.perf_counter()
        write_csv(Path(folder) / "hairs.csv", HAIR_TABLE.column_names, HAIR_TABLE.rows_of(source))
        print(time.perf_counter() - start, _peak_mib() - before)


if __name__ == "__main__":
    _measure(int(sys.argv[1]))
