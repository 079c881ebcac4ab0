"""Render training tiles: `python -m training.tiles FOLDER FIRST LAST`, one file a seed, those that exist are kept.

A tile is 2.24 mm of a synthetic scalp at the working scale, drawn at another scale first and brought to it as any image
is. Wider and harder than `random_spec`: more hair, more pairs that touch or cover one another at a small angle, more
thin hair, more of what is taken for hair. Of a hair that ends under another the truth is what is seen.
"""

import sys
import zlib
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.preprocess import WORK_UM_PER_PX, Frame
from analysis.synthetic import Family, HairColour, HairSpec, HairStyle, ScalpSpec, SkinSpec, random_spec
from analysis.synthetic.camera import Pose
from analysis.synthetic.scalp import grow_scalp, reach_mm
from analysis.synthetic.scene import photograph
from analysis.synthetic.shafts import PlacedHair, place_hairs
from training.targets import STRIDE, targets
from training.visible import visible_parts

SIDE_PX = 320
"""Of a tile, in work pixels."""
FINEST_UM, COARSEST_UM = 4.0, 12.0
SPARE_MM = 1.3
"""Of the margin that a moving camera needs and a tile does not."""


def tile_spec(rng: np.random.Generator) -> ScalpSpec:
    """What one tile shows."""
    um_per_px = float(np.exp(rng.uniform(np.log(FINEST_UM), np.log(COARSEST_UM))))
    side = int(np.ceil(SIDE_PX * WORK_UM_PER_PX / um_per_px)) + 1
    family = Family.LONG if rng.random() < 0.28 else Family.CLIPPED
    spec = random_spec(rng, family, size_px=(side, side), um_per_px=um_per_px)
    camera = replace(spec.camera, banner=False, measuring_circle=False, round_frame=False, letterbox=False)
    camera = replace(camera, scale_bar=bool(rng.random() < 0.03))
    return replace(spec, hair=harder(rng, spec.hair), skin=_dirtier(rng, spec.skin), camera=camera)


def harder(rng: np.random.Generator, hair: HairSpec) -> HairSpec:
    """More hair, more pairs that touch at a small angle, more thin and more light hair."""
    if hair.style is HairStyle.CLIPPED and hair.units_per_cm2:
        hair = replace(hair, units_per_cm2=float(np.clip(hair.units_per_cm2 * rng.uniform(1.2, 2.8), 30, 200)))
    if rng.random() < 0.45:
        hair = replace(
            hair,
            spacing_um=float(rng.uniform(2, 30)),
            overlap=float(rng.uniform(0, 0.9)) * (rng.random() < 0.7),
            fan_deg=float(rng.uniform(1, 9)),
            unit_shares=(0.15, 0.5, 0.28, 0.06, 0.01),
        )
    if rng.random() < 0.3:
        hair = replace(hair, vellus_share=float(rng.uniform(0.15, 0.5)))
    if rng.random() < 0.3:
        hair = replace(hair, width_um=float(rng.uniform(36, 60)), width_sd_um=float(rng.uniform(14, 28)))
    if rng.random() < 0.12:
        hair = replace(hair, colour=HairColour.BLOND if rng.random() < 0.6 else HairColour.GREY)
    return hair


def _dirtier(rng: np.random.Generator, skin: SkinSpec) -> SkinSpec:
    if rng.random() < 0.3:
        skin = replace(skin, cuttings_per_cm2=float(rng.uniform(30, 180)))
    if rng.random() < 0.2:
        skin = replace(skin, crusts_per_cm2=float(rng.uniform(20, 120)), specks_per_cm2=float(rng.uniform(50, 300)))
    return skin


def render(seed: int) -> dict[str, NDArray[np.generic]]:
    """One tile: `image` uint8 (SIDE_PX, SIDE_PX, 3) and `planes` float16, see `targets`."""
    rng = np.random.default_rng([seed, zlib.crc32(b"tile")])
    spec = tile_spec(rng)
    scalp, pose = grow_scalp(spec, seed, reach_mm(spec) - SPARE_MM), Pose(spec.size_px, spec.um_per_px)
    made = photograph(scalp, spec, pose, seed, "baseline")
    frame = Frame.of(*made.image.shape[:2], spec.um_per_px)
    image = frame.resize(made.image)[:SIDE_PX, :SIDE_PX]
    seen = {h.id for h in made.truth.hairs}
    placed = [p for p in place_hairs(scalp.hairs, pose) if p.hair.id in seen]
    return {"image": np.ascontiguousarray(image), "planes": planes_of(placed, frame)}


def planes_of(placed: list[PlacedHair], frame: Frame) -> NDArray[np.float16]:
    """The truth of a tile as the network is to give it, from its hair, the lowest first."""
    widths_um = np.array([p.hair.width_um for p in placed])
    work_um = frame.um_per_work_px
    parts = visible_parts([frame.to_work(p.centreline_px) * work_um for p in placed], widths_um)
    kept = [i for i, part in enumerate(parts) if part is not None]
    lines = [(part / work_um + 0.5) / STRIDE - 0.5 for part in parts if part is not None]
    return targets(lines, widths_um[kept] / work_um / STRIDE, SIDE_PX // STRIDE)


def main(folder: Path, first: int, last: int) -> None:
    """Render the tiles of seeds from `first` to before `last`."""
    cv2.setNumThreads(1)
    folder.mkdir(parents=True, exist_ok=True)
    for seed in range(first, last):
        path = folder / f"{seed:07d}.npz"
        if not path.exists():
            temporary = path.with_suffix(".part")
            with temporary.open("wb") as file:
                np.savez(file, **render(seed))  # type: ignore[arg-type]
            temporary.replace(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
