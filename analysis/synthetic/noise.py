"""Reproducible randomness: named streams, smooth fields, and periodic texture with a given grain."""

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.detection import FloatArray

Float32 = NDArray[np.float32]


def stream(seed: int, *names: str | int) -> np.random.Generator:
    """A generator of its own for each subject, so that switching one feature on or off leaves the others as they are.

    Args:
        seed: of the whole phantom, not negative.
        names: what the numbers are for.
    """
    words = [zlib.crc32(str(name).encode()) for name in names]
    return np.random.default_rng(np.random.SeedSequence([seed, *words]))


@dataclass(frozen=True, eq=False)
class SmoothField:
    """A smooth random function of the plane: a cubic B-spline over a square grid of knots.

    It has the same value at a place however the plane is cut into tiles.
    """

    knots: FloatArray
    """(ny, nx)"""
    spacing: float
    """Between knots, in the plane's unit."""
    origin: tuple[float, float] = (0.0, 0.0)
    """x and y of the plane's point that lies at the first cell's start."""

    def on_grid(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """(len(y), len(x)) values at the crossings of columns `x` and rows `y`."""
        weights_x = _spline_weights((x - self.origin[0]) / self.spacing, self.knots.shape[1])
        weights_y = _spline_weights((y - self.origin[1]) / self.spacing, self.knots.shape[0])
        values: FloatArray = weights_y @ self.knots @ weights_x.T
        return values

    def at(self, points: FloatArray) -> FloatArray:
        """(N,) values at (N, 2) points."""
        weights_x = _spline_weights((points[:, 0] - self.origin[0]) / self.spacing, self.knots.shape[1])
        weights_y = _spline_weights((points[:, 1] - self.origin[1]) / self.spacing, self.knots.shape[0])
        values: FloatArray = np.einsum("ij,jk,ik->i", weights_y, self.knots, weights_x, optimize=True)
        return values


def smooth_field(
    rng: np.random.Generator, size: tuple[float, float], spacing: float, origin: tuple[float, float] = (0.0, 0.0)
) -> SmoothField:
    """A field of about unit variance over the rectangle of `size` (width, height) that starts at `origin`."""
    nx, ny = (int(np.ceil(s / spacing)) + 4 for s in size)
    # the spline averages its knots: their variance is raised so that the field's is one
    return SmoothField(rng.standard_normal((ny, nx)) * 1.95, spacing, origin)


def _spline_weights(u: FloatArray, n: int) -> FloatArray:
    """(len(u), n) weights of the uniform cubic B-spline; beyond the grid its last cell goes on."""
    cell = np.clip(np.floor(u).astype(np.int64), 0, n - 4)
    t = np.clip(u - cell, 0.0, 1.0)
    weights = np.zeros((len(u), n))
    rows = np.arange(len(u))
    weights[rows, cell] = (1 - t) ** 3 / 6
    weights[rows, cell + 1] = (3 * t**3 - 6 * t**2 + 4) / 6
    weights[rows, cell + 2] = (-3 * t**3 + 3 * t**2 + 3 * t + 1) / 6
    weights[rows, cell + 3] = t**3 / 6
    return weights


def grain(
    rng: np.random.Generator,
    size: int,
    finest_px: float,
    coarsest_px: float,
    *,
    slope: float = 1.0,
    stretch: float = 1.0,
) -> Float32:
    """Periodic noise (size, size) of zero mean and unit variance between two wavelengths.

    Args:
        rng: source of the numbers.
        size: side of the square, px; the noise repeats after it.
        finest_px: shortest wavelength.
        coarsest_px: longest wavelength.
        slope: how fast amplitude falls with frequency (0 white, 1 pink).
        stretch: above 1 the grain is drawn out along x.
    """
    fy = np.fft.fftfreq(size)[:, None]
    fx = np.fft.rfftfreq(size)[None, :] * stretch
    f = np.hypot(fx, fy)
    f[0, 0] = 1.0
    band = np.exp(-((f * finest_px) ** 2) / 2) * (1 - np.exp(-((f * coarsest_px) ** 2))) / f**slope
    band[0, 0] = 0.0
    noise = np.fft.irfft2(np.fft.rfft2(rng.standard_normal((size, size))) * band, (size, size))
    scaled: Float32 = (noise / noise.std()).astype(np.float32)
    return scaled


def tiled(patch: Float32, x0: int, y0: int, width: int, height: int) -> Float32:
    """A (height, width) window of the plane that `patch` fills by repetition, from column x0 and row y0."""
    rows = (np.arange(height) + y0) % patch.shape[0]
    columns = (np.arange(width) + x0) % patch.shape[1]
    window: Float32 = patch[np.ix_(rows, columns)]
    return window
