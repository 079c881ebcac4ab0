"""Write the network for the program: `python -m training.export WEIGHTS.pt OUT.onnx`; checks that `cv2.dnn` agrees."""

import sys
import warnings
from pathlib import Path

import cv2
import numpy as np
import torch

from training.network import OUTPUTS, PARTS, EvidenceNet

SIDE = 320
CLOSE = 1e-4
"""Largest difference between both programs' planes, of values around 1."""


def export(weights: Path, target: Path) -> float:
    """Write `target` and return the largest difference between torch and OpenCV on noise."""
    net = EvidenceNet()
    net.load_state_dict(torch.load(weights))
    net = net.folded()
    example = torch.from_numpy(np.random.default_rng(0).normal(0, 0.4, (1, 3, SIDE, SIDE + 64)).astype(np.float32))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            net,
            (example,),
            str(target),
            input_names=["image"],
            output_names=["planes"],
            dynamic_axes={"image": {2: "h", 3: "w"}, "planes": {2: "h2", 3: "w2"}},
            dynamo=False,
        )
    with torch.no_grad():
        wanted = net(example).numpy()
    reader = cv2.dnn.readNetFromONNX(np.frombuffer(target.read_bytes(), np.uint8))
    reader.setInput(example.numpy())
    found = reader.forward()
    assert found.shape == wanted.shape == (1, len(OUTPUTS) * PARTS**2, SIDE // 4, SIDE // 4 + 16)
    return float(np.abs(found - wanted).max())


def main() -> None:
    """The command line."""
    target = Path(sys.argv[2])
    difference = export(Path(sys.argv[1]), target)
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB, differs by {difference:.1e} at most")
    if difference > CLOSE:
        raise SystemExit("OpenCV does not give what the network gives")


if __name__ == "__main__":
    main()
