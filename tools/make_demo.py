"""Draws the bundled demo study into resources/demo: one subject, at baseline and after twelve weeks of treatment.

    python tools/make_demo.py [FOLDER]

The pictures are synthetic; their truth lies beside them. Running this again gives the same files.
"""

import csv
import sys
from dataclasses import replace
from pathlib import Path

import cv2

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from analysis.synthetic import (  # noqa: E402
    CameraSpec,
    Change,
    FollowUp,
    HairSpec,
    Phantom,
    ScalpSpec,
    SkinSpec,
    follow_up,
    make_phantom,
)

SEED = 17
SPEC = ScalpSpec(
    size_px=(1600, 1200),
    um_per_px=5.3,
    hair=HairSpec(units_per_cm2=80, width_um=64, length_mm=0.55, vellus_share=0.08, disorder_deg=7),
    skin=SkinSpec(tone=0.12, redness=0.3, oil=0.4, vessels_per_cm2=14, moles_per_cm2=1.2, specks_per_cm2=12),
    camera=CameraSpec(jpeg_quality=None, cast=(1.03, 1.0, 1.02), brightness=1.12, defocus_um=4, unevenness=0.4),
    case="demo",
)
LATER = replace(
    SPEC,
    skin=replace(SPEC.skin, oil=0.35),
    camera=replace(SPEC.camera, cast=(1.0, 1.0, 1.03), brightness=1.17),
)
CHANGE = Change(visit="week 12", lost_share=0.03, new_share=0.13, width_gain=1.03, shift_mm=0.45, turn_deg=7, zoom=0)
JPEG_QUALITY = 92
COLUMNS = ("subject", "visit", "site", "image", "date", "um_per_px", "device", "sex", "age", "grade", "week")
VISITS = (
    ("baseline", "baseline.jpg", "2025-03-03", 0),
    ("week 12", "week12.jpg", "2025-05-26", 12),
)


def draw() -> tuple[Phantom, FollowUp]:
    """The pair, not yet compressed."""
    return make_phantom(SPEC, SEED), follow_up(SPEC, SEED, CHANGE, later=LATER)


def main(folder: Path) -> None:
    cv2.setNumThreads(1)
    folder.mkdir(parents=True, exist_ok=True)
    first, later = draw()
    rows = []
    for (visit, name, date, week), made in zip(VISITS, (first, later.phantom), strict=True):
        done, data = cv2.imencode(".jpg", made.image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
        if not done:
            raise OSError(f"{name} could not be compressed")
        (folder / name).write_bytes(data.tobytes())
        (folder / name).with_suffix(".truth.json").write_text(made.truth.to_json(), encoding="utf-8")
        scale = f"{made.truth.um_per_px:g}"
        rows.append(("demo-01", visit, "vertex", name, date, scale, "synthetic", "m", 36, "Norwood III", week))
        print(
            f"{folder / name}: {len(data) / 1e6:.2f} MB, {len(made.truth.units)} units, {len(made.truth.hairs)} hairs"
        )
    with (folder / "visits.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        table.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "resources" / "demo")
