"""How fast 5,000 hairs are measured and written, and how far the edge correction is to be trusted."""

import tempfile
import time
from pathlib import Path

import numpy as np
import shapely

from analysis.calibration import Calibration, CalibrationSource
from analysis.measures import HairColumns, MeasuredField, measure
from tests.analysis.point_patterns import window_bias
from tests.benchmarks.figure import Figure
from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from workstation.endpoints import endpoints_of
from workstation.export.study_files import export_study
from workstation.model.field import Field
from workstation.model.study import WidthCutoffs
from workstation.pictures import overlay_picture

SECTION = "Measures"
N_HAIRS, N_UNITS = 5000, 2300
WIDTH_PX, HEIGHT_PX = 2274, 2048
SCALE = Calibration(5.34, CalibrationSource.MANIFEST)


def figures() -> list[Figure]:
    """Speed and accuracy."""
    return [*_measuring(), *_erosion(), *_bias(), *_writing()]


def _best_ms(action, repeats: int = 5) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return 1000 * min(times)


def _hairs() -> HairColumns:
    rng = np.random.default_rng(0)
    unit = rng.integers(0, N_UNITS, N_HAIRS)
    centre = rng.uniform([20, 20], [WIDTH_PX - 21, HEIGHT_PX - 21], (N_UNITS, 2))
    root = centre[unit] + rng.normal(0, 4, (N_HAIRS, 2))
    return HairColumns(root, rng.uniform(3, 15, N_HAIRS), unit, np.ones(N_HAIRS, bool))


def _glare_field() -> shapely.Geometry:
    rng = np.random.default_rng(1)
    spots = [shapely.Point(rng.uniform([0, 0], [WIDTH_PX, HEIGHT_PX])).buffer(rng.uniform(10, 80)) for _ in range(40)]
    return shapely.box(-0.5, -0.5, WIDTH_PX - 0.5, HEIGHT_PX - 0.5).difference(shapely.union_all(spots))


def _measuring() -> list[Figure]:
    hairs, fields = _hairs(), {"whole image": shapely.box(-0.5, -0.5, 2273.5, 2047.5), "40 exclusions": _glare_field()}
    rows = []
    measure(hairs, MeasuredField(fields["whole image"]), SCALE, vellus_below_um=30, terminal_from_um=60)  # imports
    for name, region in fields.items():
        field = MeasuredField(region)

        def run(field: MeasuredField = field) -> None:
            measure(hairs, field, SCALE, vellus_below_um=30, terminal_from_um=60)

        first = _best_ms(run, 1)
        rows.append(Figure(SECTION, f"endpoints of 5,000 hairs, {name}", _best_ms(run), "ms", "20"))
        rows.append(Figure(SECTION, f"the same on a new field, {name}", first, "ms", note="its erosions are computed"))
    return rows


def _erosion() -> list[Figure]:
    region = _glare_field()
    distance = np.linspace(0, 150, 301)
    exact = shapely.area(shapely.buffer(region, -distance, quad_segs=64))
    error = np.abs(MeasuredField(region).eroded_area_px2(distance) / exact - 1).max()
    note = "distances up to 0.8 mm, 40 exclusions, against one erosion each"
    return [Figure(SECTION, "eroded area, largest relative error", float(error) * 100, "%", note=note)]


def _bias() -> list[Figure]:
    rows = []
    for apart_mm in (0.0, 0.6):
        for estimator, bias in window_bias(apart_mm, n_patterns=100, seed=5).items():
            note = f"75 units/cm², none nearer than {apart_mm:g} mm, 1,200 fields of 0.4 cm²"
            rows.append(Figure(SECTION, f"nearest-neighbour distance, bias: {estimator}", 100 * bias, "%", note=note))
    return rows


def _writing() -> list[Figure]:
    columns = _hairs()
    turns = np.linspace(0, 80, 12)[:, None] * [1.0, 0.1]
    lines = np.clip(columns.root_px[:, None] + turns, 0, [WIDTH_PX - 1, HEIGHT_PX - 1])
    units = (columns.unit + N_HAIRS + 1).tolist()
    hairs = [make_hair(i + 1, units[i], lines[i], columns.width_px[i]) for i in range(N_HAIRS)]
    read = make_read(hairs, field=Field.whole_image(WIDTH_PX, HEIGHT_PX))
    study = make_study([read], [make_image(calibration=SCALE)])
    image = np.full((HEIGHT_PX, WIDTH_PX, 3), 180, np.uint8)
    with tempfile.TemporaryDirectory() as folder:
        actions = {
            "endpoints of a read of 5,000 hairs": (lambda: endpoints_of(study, read), "20"),
            "GeoJSON of 5,000 hairs": (lambda: export_study(study, Path(folder), "geojson"), ""),
            "CSV of 5,000 hairs": (lambda: export_study(study, Path(folder), "csv"), ""),
            "picture of 5,000 hairs, 4.7 MP": (lambda: overlay_picture(image, read, 5.34, WidthCutoffs()), ""),
        }
        return [Figure(SECTION, name, _best_ms(action, 3), "ms", goal) for name, (action, goal) in actions.items()]
