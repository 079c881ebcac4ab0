"""Train the network on rendered tiles: `python -m training.train TILES FOLDER STEPS`; run again, it goes on.

One thread. Every tenth tile is left out and says how training goes. `FOLDER/state.pt` holds everything needed to go on,
`FOLDER/weights.pt` the running mean of the weights, which is what is exported.
"""

import copy
import math
import os
import sys
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.learned import normalised
from training.network import EvidenceNet, loss
from training.targets import PLANES, STRIDE

BATCH = 2
RATE, WARM_UP = 2e-3, 200
DECAY = 0.998
"""Of the running mean of the weights."""
FRAMED = 0.2
"""Share of tiles of which a part is hidden, as by a round frame."""
CHECKED = 48
"""Held-out tiles looked at."""
SAVE_EVERY = 200
SIGN_X, SIGN_Y = ("sin", "mid_x", "chord_s"), ("sin", "mid_y", "chord_s")
SIGN_TURN = ("cos", "chord_c")
"""Planes that change sign when left and right, up and down, or x and y are exchanged."""

Image = NDArray[np.uint8]
Planes = NDArray[np.float32]


def index(name: str) -> int:
    return PLANES.index(name)


def turned(image: Image, planes: Planes, rng: np.random.Generator) -> tuple[Image, Planes]:
    """One of the eight ways to lay a square down."""
    planes = planes.copy()
    if rng.random() < 0.5:
        image, planes = image[:, ::-1], planes[:, :, ::-1]
        planes[[index(n) for n in SIGN_X]] *= -1
    if rng.random() < 0.5:
        image, planes = image[::-1], planes[:, ::-1]
        planes[[index(n) for n in SIGN_Y]] *= -1
    if rng.random() < 0.5:
        image, planes = image.swapaxes(0, 1), planes.swapaxes(1, 2)
        planes[[index("mid_x"), index("mid_y")]] = planes[[index("mid_y"), index("mid_x")]]
        planes[[index(n) for n in SIGN_TURN]] *= -1
    return np.ascontiguousarray(image), np.ascontiguousarray(planes)


def seen_otherwise(image: Image, rng: np.random.Generator) -> Image:
    """The same place by another camera: tone curve, saturation, blur, noise."""
    levels = image.astype(np.float32) / 255
    levels **= np.float32(np.exp(rng.normal(0, 0.2)))
    if rng.random() < 0.35:
        grey = levels.mean(axis=2, keepdims=True)
        levels = grey + np.float32(rng.choice([0.0, rng.uniform(0, 1.5)])) * (levels - grey)
    if rng.random() < 0.25:
        levels = cv2.GaussianBlur(levels, (0, 0), rng.uniform(0.4, 1.1))
    if rng.random() < 0.4:
        levels = levels + rng.normal(0, rng.uniform(0.003, 0.03), levels.shape).astype(np.float32)
    changed: Image = np.clip(np.rint(levels * 255), 0, 255).astype(np.uint8)
    return changed


def framed(seen: Planes, truth: Planes, rng: np.random.Generator) -> None:
    """Hide, in place, what lies outside a large circle: nothing is visible there, and nothing is to be said."""
    height, width = truth.shape[1:]
    y, x = np.mgrid[:height, :width]
    radius = width * np.exp(rng.uniform(np.log(0.7), np.log(8)))
    angle, inside = rng.uniform(0, 2 * np.pi), rng.uniform(0.05, 0.45) * width
    middle_x, middle_y = width / 2 + (radius - inside) * np.cos(angle), height / 2 + (radius - inside) * np.sin(angle)
    hidden = np.hypot(x - middle_x, y - middle_y) > radius
    truth[:, hidden] = 0
    seen[:, np.kron(hidden, np.ones((STRIDE, STRIDE), bool))] = 0


def example(path: Path, rng: np.random.Generator, *, plain: bool = False) -> tuple[Planes, Planes]:
    """Network input (3, h, w) and truth (len(PLANES), h / 2, w / 2)."""
    with np.load(path) as tile:
        image, truth = tile["image"], tile["planes"].astype(np.float32)
    if not plain:
        image, truth = turned(image, truth, rng)
        image = seen_otherwise(image, rng)
    seen = normalised(image, np.ones(image.shape[:2], bool))
    if not plain and rng.random() < FRAMED:
        framed(seen, truth, rng)
    return seen, truth


def batch(paths: list[Path], rng: np.random.Generator, *, plain: bool = False) -> tuple[Tensor, Tensor]:
    pairs = [example(path, rng, plain=plain) for path in paths]
    inputs, truth = (torch.from_numpy(np.stack(column)) for column in zip(*pairs, strict=True))
    return inputs.contiguous(memory_format=torch.channels_last), truth


def rate(step: int, steps: int) -> float:
    """Learning rate: warmed up, then half a cosine down to a hundredth."""
    return RATE * min(1.0, (step + 1) / WARM_UP) * (0.505 + 0.495 * math.cos(math.pi * min(1.0, step / steps)))


def check(mean: EvidenceNet, held_out: list[Path]) -> dict[str, float]:
    mean.eval()
    sums: dict[str, float] = {}
    rng = np.random.default_rng(0)
    groups = [held_out[i : i + BATCH] for i in range(0, min(len(held_out), CHECKED), BATCH)]
    with torch.no_grad():
        for paths in groups:
            inputs, truth = batch(paths, rng, plain=True)
            for name, value in loss(mean(inputs), truth, PLANES).items():
                sums[name] = sums.get(name, 0.0) + float(value) / len(groups)
    return sums


def save(folder: Path, state: dict[str, Any]) -> None:
    for name, what in (("state.pt", state), ("weights.pt", state["mean"])):
        torch.save(what, folder / (name + ".part"))
        os.replace(folder / (name + ".part"), folder / name)


def average(mean: EvidenceNet, net: EvidenceNet, step: int) -> None:
    keep = min(DECAY, (step + 1) / (step + 10))
    with torch.no_grad():
        for old, new in zip(mean.state_dict().values(), net.state_dict().values(), strict=True):
            if old.is_floating_point():
                old.lerp_(new, 1 - keep)


def train(tiles: Path, folder: Path, steps: int) -> None:
    torch.manual_seed(0)
    folder.mkdir(parents=True, exist_ok=True)
    net = EvidenceNet().to(memory_format=torch.channels_last)
    mean = copy.deepcopy(net)
    optimiser = torch.optim.AdamW(net.parameters(), RATE, weight_decay=1e-4)
    first = 0
    if (folder / "state.pt").exists():
        state = torch.load(folder / "state.pt")
        net.load_state_dict(state["net"])
        mean.load_state_dict(state["mean"])
        optimiser.load_state_dict(state["optimiser"])
        first = state["step"]
    started, running = time.perf_counter(), {}
    for step in range(first, steps):
        if step == first or step % SAVE_EVERY == 0:
            paths = sorted(tiles.glob("*.npz"))
            held_out, seen = paths[::10], [p for i, p in enumerate(paths) if i % 10]
        rng = np.random.default_rng([step, 7])
        for group in optimiser.param_groups:
            group["lr"] = rate(step, steps)
        net.train()
        inputs, truth = batch([seen[i] for i in rng.integers(0, len(seen), BATCH)], rng)
        parts = loss(net(inputs), truth, PLANES)
        optimiser.zero_grad()
        sum(parts.values(), torch.zeros(())).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        average(mean, net, step)
        running = {n: 0.98 * running.get(n, float(v.detach())) + 0.02 * float(v.detach()) for n, v in parts.items()}
        if (step + 1) % SAVE_EVERY == 0 or step + 1 == steps:
            save(folder, {
                "net": net.state_dict(), "mean": mean.state_dict(), "optimiser": optimiser.state_dict(), "step": step + 1,
            })  # fmt: skip
            held = check(mean, held_out)
            pace = (time.perf_counter() - started) / (step + 1 - first)
            told = " ".join(f"{n} {v:.4f}/{held[n]:.4f}" for n, v in running.items())
            print(f"{step + 1} {pace:.2f} s/step, {len(seen)} tiles: {told}", flush=True)


def main() -> None:
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    train(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))


if __name__ == "__main__":
    main()
