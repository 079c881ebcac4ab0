"""Simple drawn images with a known answer: straight shafts of known width on even skin."""

import cv2
import numpy as np

FINE = 8
SKIN, SHAFT = (205, 172, 160), (42, 34, 32)


def draw(shafts, *, size=(420, 420), um_per_px=6.0, skin=SKIN, colour=SHAFT, blur_px=0.9, noise=1.5, seed=3):
    """uint8 (H, W, 3) with shafts (start, end, width_um) in image pixels, drawn eight times finer and averaged."""
    height, width = size
    cover = np.zeros((height * FINE, width * FINE), np.uint8)
    for start, end, width_um in shafts:
        ends = (np.array([start, end], float) + 0.5) * FINE - 0.5
        along = (ends[1] - ends[0]) / np.hypot(*(ends[1] - ends[0]))
        aside = np.array([-along[1], along[0]]) * width_um / um_per_px * FINE / 2
        outline = np.concatenate([ends + aside, ends[::-1] - aside])
        cv2.fillPoly(cover, [np.round(outline * 16).astype(np.int32)], 255, shift=4)
    share = cv2.resize(cover, (width, height), interpolation=cv2.INTER_AREA)[..., None] / 255.0
    image = cv2.GaussianBlur(np.array(skin) * (1 - share) + np.array(colour) * share, (0, 0), blur_px)
    noisy = image + np.random.default_rng(seed).normal(0, noise, image.shape)
    return np.clip(np.round(noisy), 0, 255).astype(np.uint8)


def nearest_ends(detection, start, end):
    """Smallest sum of distances from a hair's two ends, in either order, to the two points."""
    best = np.inf
    for index in range(detection.n_hairs):
        first, last = detection.vertices_of(index)[[0, -1]]
        for a, b in ((first, last), (last, first)):
            best = min(best, np.hypot(*(a - start)) + np.hypot(*(b - end)))
    return best
