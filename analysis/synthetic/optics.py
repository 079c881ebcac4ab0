"""From the light of the scene to the sensor's numbers: blur, vignette, colour fringes, noise, compression."""

import cv2
import numpy as np

from analysis.synthetic.noise import Float32, SmoothField, stream
from analysis.synthetic.spec import ScalpSpec
from analysis.synthetic.strips import Window


def blurred(scene: Float32, window: Window, spec: ScalpSpec, focus: SmoothField) -> Float32:
    """The scene through the lens: sharp where the focus field is 0, at its most blurred where that is 1 or more.

    Between two widths of blur their images are mixed, which keeps every shaft's integral.
    """
    camera, scale = spec.camera, spec.um_per_px
    sigmas = [float(np.hypot(camera.blur_um, camera.defocus_um * step)) / scale for step in (0.0, 0.5, 1.0)]
    sharp = _gaussian(scene, sigmas[0])
    if camera.defocus_um < 1:
        return sharp
    away = np.clip(np.abs(focus.on_grid(window.columns, window.rows)) * 0.6, 0, 1).astype(np.float32)
    middle, far = _gaussian(scene, sigmas[1]), _gaussian(scene, sigmas[2])
    first = np.clip(away * 2, 0, 1)[..., None]
    second = np.clip(away * 2 - 1, 0, 1)[..., None]
    mixed: Float32 = sharp + first * (middle - sharp) + second * (far - middle)
    return mixed


def _gaussian(image: Float32, sigma: float) -> Float32:
    soft: Float32 = cv2.GaussianBlur(image, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE) if sigma > 0.15 else image
    return soft


def fringed(scene: Float32, window: Window, spec: ScalpSpec) -> Float32:
    """Red drawn a little larger and blue a little smaller than green, about the image's middle."""
    shift = spec.camera.chromatic_um / spec.um_per_px
    if shift == 0:
        return scene
    middle = (np.array(spec.size_px) - 1) / 2
    rate = shift / float(np.hypot(*middle))
    x0, y0 = middle - (window.x0, window.y0)
    planes = list(cv2.split(scene))
    for channel, sign in ((0, -1), (2, 1)):
        k = 1 + sign * rate / 2
        # output pixel p shows what lies at middle + k (p − middle)
        matrix = np.array([[k, 0, x0 * (1 - k)], [0, k, y0 * (1 - k)]])
        planes[channel] = cv2.warpAffine(
            planes[channel],
            matrix,
            (window.width, window.height),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
    merged: Float32 = cv2.merge(planes)
    return merged


def exposed(scene: Float32, window: Window, spec: ScalpSpec) -> Float32:
    """Brightness, colour cast and the darkening of the corners."""
    camera = spec.camera
    scene = scene * (np.array(camera.cast, np.float32) * np.float32(camera.brightness))
    if camera.vignette:
        middle = (np.array(spec.size_px) - 1) / 2
        radius2 = (((window.columns - middle[0]) ** 2)[None, :] + ((window.rows - middle[1]) ** 2)[:, None]) / float(
            middle @ middle
        )
        scene *= (1 - camera.vignette * radius2**1.3).astype(np.float32)[..., None]
    return scene


def sensed(scene: Float32, window: Window, spec: ScalpSpec, seed: int, visit: str) -> np.ndarray:
    """(height, width, 3) uint8 with shot-like noise, the stronger the brighter, alike in every tiling."""
    camera = spec.camera
    levels = scene * np.float32(255)
    if camera.noise:
        rng = stream(seed, visit, "noise", window.x0, window.y0)
        noise = rng.standard_normal(scene.shape, np.float32)
        # demosaicing and sharpening leave noise coarser than one pixel
        noise = cv2.GaussianBlur(noise, (0, 0), 0.6) * np.float32(1.9)
        levels += noise * (camera.noise * np.sqrt(0.35 + np.clip(scene, 0, 1) * 1.3))
    result: np.ndarray = np.clip(np.rint(levels), 0, 255).astype(np.uint8)
    return result


def compressed(image: np.ndarray, quality: int | None) -> np.ndarray:
    """The image after JPEG, with its blocks."""
    if quality is None:
        return image
    done, data = cv2.imencode(".jpg", image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError("the image could not be compressed as JPEG")
    decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert decoded is not None
    return np.ascontiguousarray(decoded[..., ::-1])
