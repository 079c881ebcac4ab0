"""Train the network on rendered tiles: `python -m training.train TILES FOLDER STEPS`; run again, it goes on.

One thread. The tile of every tenth seed is left out and says how training goes. `FOLDER/state.pt` holds what is needed
to go on, `FOLDER/weights.pt` the running mean of the weights, which is what is exported.
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
from training.augment import framed, seen_otherwise, turned, written_on
from training.network import EvidenceNet, loss
from training.targets import PLANES

BATCH = 4
RATE, WARM_UP = 2e-3, 200
DECAY = 0.998
"""Of the running mean of the weights."""
FRAMED = 0.2
"""Share of tiles of which a part is hidden, as by a round frame."""
WRITTEN_ON = 0.06
"""Share of tiles with burnt-in lines or signs."""
CHECKED = 48
"""Held-out tiles looked at."""
SAVE_EVERY = 200
Planes = NDArray[np.float32]


def example(path: Path, rng: np.random.Generator, *, plain: bool = False) -> tuple[Planes, Planes]:
    """Network input (3, h, w) and truth (len(PLANES), h / 2, w / 2)."""
    with np.load(path) as tile:
        image, truth = tile["image"], tile["planes"].astype(np.float32)
    if not plain:
        image, truth = turned(image, truth, rng)
        if rng.random() < WRITTEN_ON:
            written_on(image, rng)
        image = seen_otherwise(image, rng)
    seen = normalised(image, np.ones(image.shape[:2], bool))
    if not plain and rng.random() < FRAMED:
        framed(seen, truth, rng)
    return seen, truth


def batch(paths: list[Path], rng: np.random.Generator, *, plain: bool = False) -> tuple[Tensor, Tensor]:
    """Input (B, 3, h, w) and truth (B, len(PLANES), h / 2, w / 2)."""
    pairs = [example(path, rng, plain=plain) for path in paths]
    inputs, truth = (torch.from_numpy(np.stack(column)) for column in zip(*pairs, strict=True))
    return inputs.contiguous(memory_format=torch.channels_last), truth


def rate(step: int, steps: int) -> float:
    """Learning rate: warmed up, then half a cosine down to a hundredth."""
    return RATE * min(1.0, (step + 1) / WARM_UP) * (0.505 + 0.495 * math.cos(math.pi * min(1.0, step / steps)))


def check(mean: EvidenceNet, held_out: list[Path]) -> dict[str, float]:
    """Parts of the loss on tiles that training never sees."""
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
    """Write the state, and what is exported, each whole or not at all."""
    for name, what in (("state.pt", state), ("weights.pt", state["mean"])):
        torch.save(what, folder / (name + ".part"))
        os.replace(folder / (name + ".part"), folder / name)


def average(mean: EvidenceNet, net: EvidenceNet, step: int) -> None:
    """Move the running mean of the weights towards the weights."""
    keep = min(DECAY, (step + 1) / (step + 10))
    with torch.no_grad():
        for old, new in zip(mean.state_dict().values(), net.state_dict().values(), strict=True):
            if old.is_floating_point():
                old.lerp_(new, 1 - keep)


def train(tiles: Path, folder: Path, steps: int) -> None:
    """Train, or go on training, for `steps` steps in all; tiles that appear meanwhile are used."""
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
            # by seed and not by place in the list, which moves as tiles appear
            held_out, seen = [p for p in paths if int(p.stem) % 10 == 0], [p for p in paths if int(p.stem) % 10]
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
            state = {"net": net.state_dict(), "mean": mean.state_dict(), "optimiser": optimiser.state_dict()}
            save(folder, state | {"step": step + 1})
            held = check(mean, held_out)
            pace = (time.perf_counter() - started) / (step + 1 - first)
            told = " ".join(f"{n} {v:.4f}/{held[n]:.4f}" for n, v in running.items())
            print(f"{step + 1} {pace:.2f} s/step, {len(seen)} tiles: {told}", flush=True)


def main() -> None:
    """The command line."""
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    train(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))


if __name__ == "__main__":
    main()
