"""The network: a U-Net of 3 × 3 convolutions (5 × 5 where it reads the image) whose branches are added.

Conv, Relu, Resize and Add only, which is what `cv2.dnn` runs fast; batch normalisation helps in training and is folded
into the convolutions after it. Time goes into the finest resolution: so nothing but the first convolution is done at
1/2, the rest from 1/4 on, and each pixel there says what its four pixels at 1/2 are.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval

STEM = 16
"""Channels at 1/2 of the input's resolution."""
WIDTHS = (48, 64, 96, 128)
"""Channels at 1/4, 1/8, 1/16 and 1/32."""
DEPTHS = (1, 2, 2, 2)
"""Further convolutions there."""
OUTPUTS = ("line", "cover", "root", "tip", "cos", "sin", "half_width", "mid_x", "mid_y", "chord_c", "chord_s")
"""The planes of `targets.PLANES` that are foretold; the first four as logits."""
PARTS = 2
"""Pixels of a plane to one of the network's own, each way."""


class Block(nn.Module):
    """Convolution, normalisation, ReLU."""

    def __init__(self, inside: int, outside: int, stride: int = 1, size: int = 3) -> None:
        super().__init__()
        self.conv: nn.Module = nn.Conv2d(inside, outside, size, stride, size // 2, bias=False)
        self.norm: nn.Module = nn.BatchNorm2d(outside)

    def forward(self, x: Tensor) -> Tensor:
        """(B, inside, H, W) to (B, outside, H / stride, W / stride)."""
        return functional.relu(self.norm(self.conv(x)))

    def fold(self) -> None:
        """Put the normalisation into the convolution, for good."""
        self.conv, self.norm = fuse_conv_bn_eval(self.conv, self.norm), nn.Identity()


class EvidenceNet(nn.Module):
    """(B, 3, H, W) to (B, len(OUTPUTS) · PARTS², H / 4, W / 4); H and W are multiples of 32.

    The channels of a plane follow one another, its parts row by row: `pixel_shuffle` makes it whole.
    """

    def __init__(self) -> None:
        super().__init__()
        inside = (STEM, *WIDTHS[:-1])
        self.stem = Block(3, STEM, 2, 5)
        self.down = nn.ModuleList(Block(a, b, 2) for a, b in zip(inside, WIDTHS, strict=True))
        self.along = nn.ModuleList(
            nn.Sequential(*(Block(width, width) for _ in range(depth)))
            for width, depth in zip(WIDTHS, DEPTHS, strict=True)
        )
        self.narrow = nn.ModuleList(nn.Conv2d(WIDTHS[i + 1], WIDTHS[i], 1) for i in range(len(WIDTHS) - 1))
        self.up = nn.ModuleList(Block(width, width) for width in WIDTHS[:-1])
        self.head = nn.Conv2d(WIDTHS[0], len(OUTPUTS) * PARTS**2, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Raw planes in parts."""
        x, levels = self.stem(x), []
        for down, along in zip(self.down, self.along, strict=True):
            x = along(down(x))
            levels.append(x)
        for level in reversed(range(len(levels) - 1)):
            coarse = functional.interpolate(self.narrow[level](x), scale_factor=2.0, mode="nearest")
            x = self.up[level](levels[level] + coarse)
        parts: Tensor = self.head(x)
        return parts

    def folded(self) -> "EvidenceNet":
        """The same without normalisation layers, for export; this one can be trained no further."""
        self.eval()
        for module in self.modules():
            if isinstance(module, Block):
                module.fold()
        return self


def loss(parts: Tensor, truth: Tensor, names: tuple[str, ...]) -> dict[str, Tensor]:
    """Terms of the loss, each a mean over what is known.

    Args:
        parts: (B, len(OUTPUTS) · PARTS², h / PARTS, w / PARTS) from the network.
        truth: (B, len(names), h, w).
        names: of the truth's planes.
    """
    planes = functional.pixel_shuffle(parts, PARTS)
    true = {name: truth[:, i] for i, name in enumerate(names)}
    terms = {}
    for i, (name, extra, share) in enumerate(
        (("line", 4, 1.0), ("cover", 1, 0.5), ("root", 12, 0.4), ("tip", 12, 0.4))
    ):
        weight = 1 + extra * true[name]
        terms[name] = share * functional.binary_cross_entropy_with_logits(planes[:, i], true[name], weight)
    for group, where, share in (
        (("cos", "sin"), "near", 0.10),
        (("half_width",), "near", 0.20),
        (("mid_x", "mid_y"), "whole", 0.30),
        (("chord_c", "chord_s"), "whole", 0.30),
    ):
        # an error in a long hair's chord matters as much as the same share of a short one's
        known = true[where] / (0.3 + torch.hypot(true["chord_c"], true["chord_s"])) if where == "whole" else true[where]
        for name in group:
            off = functional.smooth_l1_loss(planes[:, OUTPUTS.index(name)], true[name], reduction="none", beta=0.1)
            terms[name] = share * (off * known).sum() / true[where].sum().clamp(min=1)
    return terms
