"""The same tile, seen otherwise: laid down another way, by another camera, through a frame."""

import cv2
import numpy as np
from numpy.typing import NDArray

from training.targets import PLANES, STRIDE

SIGN_X, SIGN_Y = ("sin", "mid_x", "chord_s"), ("sin", "mid_y", "chord_s")
SIGN_TURN = ("cos", "chord_c")
"""Planes that change sign when left and right, up and down, or x and y are exchanged."""

Image = NDArray[np.uint8]
Planes = NDArray[np.float32]


def index(name: str) -> int:
    """Where a plane of the truth lies."""
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
    """The same place by another camera: tone curve, saturation, blur or sharpening, noise, compression."""
    levels = image.astype(np.float32) / 255
    levels **= np.float32(np.exp(rng.normal(0, 0.25)))
    if rng.random() < 0.3:
        steeper = np.float32(rng.uniform(-0.3, 0.7))
        levels += steeper * (levels - levels.mean()) * (1 - np.abs(2 * levels - 1))
    if rng.random() < 0.35:
        grey = levels.mean(axis=2, keepdims=True)
        levels = grey + np.float32(rng.choice([0.0, rng.uniform(0, 1.5)])) * (levels - grey)
    if rng.random() < 0.25:
        levels = cv2.GaussianBlur(levels, (0, 0), rng.uniform(0.4, 1.3))
    if rng.random() < 0.35:
        levels += np.float32(rng.uniform(0.2, 1.6)) * (levels - cv2.GaussianBlur(levels, (0, 0), rng.uniform(0.7, 2.2)))
    if rng.random() < 0.4:
        levels = levels + rng.normal(0, rng.uniform(0.003, 0.03), levels.shape).astype(np.float32)
    changed: Image = np.clip(np.rint(levels * 255), 0, 255).astype(np.uint8)
    if rng.random() < 0.12:
        data = cv2.imencode(".jpg", changed, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(35, 85))])[1]
        changed = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), dtype=np.uint8)
    return changed


def written_on(image: Image, rng: np.random.Generator) -> None:
    """Draw, in place, what software writes into an image: thin lines, arcs and signs, none of which is hair."""
    side = image.shape[0]
    for _ in range(int(rng.integers(1, 4))):
        colour = tuple(int(c) for c in rng.choice([0, 30, 128, 220, 255], 3))
        at, other = (tuple(int(v) for v in rng.uniform(-0.1, 1.1, 2) * side) for _ in range(2))
        kind = int(rng.integers(3))
        if kind == 0:
            cv2.line(image, at, other if rng.random() < 0.4 else (other[0], at[1]), colour, 1, cv2.LINE_AA)
        elif kind == 1:
            cv2.circle(image, at, int(side * rng.uniform(0.3, 1.5)), colour, int(rng.integers(1, 3)), cv2.LINE_AA)
        else:
            signs = "".join(chr(int(c)) for c in rng.integers(33, 123, int(rng.integers(2, 12))))
            cv2.putText(image, signs, at, int(rng.integers(4)), rng.uniform(0.3, 0.9), colour, 1, cv2.LINE_AA)


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
