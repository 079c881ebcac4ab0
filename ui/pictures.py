"""Small pictures of a study's images: whole ones, and what lies around a place; made off the main thread, kept.

Whoever shows one asks for it in passing, as of `ui.pixels`: what is not there yet is made, and a signal tells when it
is. Only one image at a time is loaded for it, those that are shown first, so that nobody waits behind small pictures.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import cv2
import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from ui.background import Background
from ui.kept import Kept
from ui.pixels import Pixels, PixelStore
from ui.workspace import Workspace

BUDGET_BYTES = 24 << 20
AROUND = (40, 40, 40)
"""Grey level of what lies outside an image."""


class Order(Hashable, Protocol):
    """What a picture is made of; equal where the picture would be the same."""

    @property
    def image_id(self) -> int:
        """The image it is of."""

    def made_from(self, pixels: Pixels) -> Pixels:
        """The picture, uint8 (h, w, 3); on any thread."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A whole image, made to fit."""

    image_id: int
    sha256: str
    size_px: tuple[int, int]
    """Width and height that it must fit into, in pixels of the screen."""

    def made_from(self, pixels: Pixels) -> Pixels:
        """See `Order`."""
        height, width = pixels.shape[:2]
        share = min(self.size_px[0] / width, self.size_px[1] / height)
        size = max(1, round(width * share)), max(1, round(height * share))
        made = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if share < 1 else cv2.INTER_LINEAR)
        return np.ascontiguousarray(made, dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class Crop:
    """A square of skin around a place."""

    image_id: int
    sha256: str
    at_px: tuple[float, float]
    px_per_um: tuple[float, float, float, float]
    """Row by row a matrix (2, 2): steps of the picture in µm on the skin become steps of the image in px."""
    side_um: float
    side_px: int
    """In pixels of the screen."""

    def made_from(self, pixels: Pixels) -> Pixels:
        """See `Order`; what is larger than the screen shows is averaged first, so that nothing glitters."""
        axes = np.array(self.px_per_um).reshape(2, 2) * (self.side_um / self.side_px)
        finer = max(1, int(np.ceil(np.sqrt(abs(np.linalg.det(axes))))))
        side = self.side_px * finer
        axes /= finer
        middle = (side - 1) / 2
        to_image = np.column_stack([axes, np.array(self.at_px) - axes @ (middle, middle)])
        made = cv2.warpAffine(
            pixels,
            to_image,
            (side, side),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=AROUND,
        )
        if finer > 1:
            made = cv2.resize(made, (self.side_px, self.side_px), interpolation=cv2.INTER_AREA)
        return np.ascontiguousarray(made, dtype=np.uint8)


class PictureStore(QObject):
    """See the module. Lives on the main thread as long as the window.

    Args:
        workspace: whose study.
        pixels: where the images come from.
        background: makes the pictures.
        parent: the Qt parent.
    """

    ready = Signal()
    """Pictures that were asked for are there, or known not to come."""

    def __init__(
        self, workspace: Workspace, pixels: PixelStore, background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace, self._pixels, self._background = workspace, pixels, background
        self._kept: Kept[Order] = Kept(BUDGET_BYTES)
        self._wanted: dict[int, dict[Order, None]] = {}
        self._making: object | None = None
        pixels.loaded.connect(self._go_on)
        pixels.failed.connect(self._go_on)
        workspace.session_changed.connect(self._forget)

    def picture(self, order: Order) -> QImage | None:
        """The picture; None where it is not there yet: then `ready` follows, unless the image cannot be read."""
        kept = self.kept(order)
        if kept is not None:
            return kept
        if not self.failed(order):
            self._wanted.setdefault(order.image_id, {})[order] = None
            self._go_on()
        return None

    def kept(self, order: Order) -> QImage | None:
        """The picture if it is there; it is not made for that."""
        kept = self._kept.get(order)
        return kept if isinstance(kept, QImage) else None

    def failed(self, order: Order) -> bool:
        """Whether the image cannot be read."""
        return self._pixels.error(order.image_id) is not None

    def give_up(self, orders: Iterable[Order]) -> None:
        """Nobody waits for these any longer: they are not made, unless they are already."""
        for order in orders:
            wanted = self._wanted.get(order.image_id, {})
            wanted.pop(order, None)
            if not wanted:
                self._wanted.pop(order.image_id, None)

    def _forget(self) -> None:
        """Another study has other images, though their ids may be the same."""
        self._wanted.clear()
        self._kept.clear()
        self._making = None

    def _go_on(self, *_: object) -> None:
        """Make what is wanted of one image, as soon as its pixels are there."""
        if self._making is not None:
            return
        shown = self._workspace.shown
        for image_id in sorted(self._wanted, key=lambda i: i not in shown):
            if self._pixels.error(image_id) is not None:
                del self._wanted[image_id]
                self.ready.emit()
                continue
            pixels = self._pixels.pixels(image_id)
            if pixels is not None:
                orders = tuple(self._wanted.pop(image_id))
                self._making = token = object()
                self._background.submit(
                    partial(_made, orders, pixels), partial(self._keep, token, orders), name="making small pictures"
                )
            return

    def _keep(self, token: object, orders: tuple[Order, ...], made: list[Pixels]) -> None:
        if token is not self._making:
            return  # of a study that is no longer open
        self._making = None
        for order, picture in zip(orders, made, strict=True):
            height, width = picture.shape[:2]
            image = QImage(picture.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
            self._kept.put(order, image, picture.nbytes)
        self.ready.emit()
        self._go_on()


def _made(orders: tuple[Order, ...], pixels: Pixels) -> list[Pixels]:
    """On a thread."""
    return [order.made_from(pixels) for order in orders]
