"""An image on its way to the screen: loaded, then made ready for drawing, off the main thread."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from ui.background import Background, Task
from ui.pixels import PixelStore
from ui.problems import told_to_user
from ui.view.pyramid import Pixels, Pyramid, pyramid_of
from workstation.errors import UserFacingError


class PreparedImage(QObject):
    """One image of the study.

    Args:
        image_id: the image.
        pixels: where it comes from.
        background: makes it ready.
        parent: the Qt parent.
        resample: where it is to be drawn through a map: given its pixels, those that are drawn; on any thread.
    """

    changed = Signal()
    """It is there, or another, or cannot be had."""

    def __init__(
        self,
        image_id: int,
        pixels: PixelStore,
        background: Background,
        parent: QObject,
        resample: Callable[[Pixels], Pixels] | None = None,
    ) -> None:
        super().__init__(parent)
        self._resample = resample
        self._image_id = image_id
        self._pixels = pixels
        self._background = background
        self._local_contrast = False
        self._pyramid: Pyramid | None = None
        self._error: UserFacingError | None = None
        self._task: Task[Pyramid] | None = None
        pixels.loaded.connect(self._on_loaded)
        pixels.failed.connect(self._on_failed)

    @property
    def pyramid(self) -> Pyramid | None:
        """The image; None while there is none."""
        return self._pyramid

    @property
    def error(self) -> UserFacingError | None:
        """Why there is none; None while there is hope."""
        return self._error

    def fetch(self, *, local_contrast: bool) -> None:
        """Have the image made ready; what was ready before stays until then.

        Args:
            local_contrast: with its local contrast raised.
        """
        self.drop()
        self._local_contrast = local_contrast
        pixels = self._pixels.pixels(self._image_id)
        self._error = self._pixels.error(self._image_id)
        if pixels is not None:
            work = partial(pyramid_of, pixels, local_contrast=local_contrast, resample=self._resample)
            self._task = self._background.submit(work, self._show, self._fail, name="preparing an image")
        elif self._error is not None:
            self.changed.emit()

    def retry(self) -> None:
        """Try once more to load an image that could not be."""
        self._error = None
        self._pixels.retry(self._image_id)
        self.fetch(local_contrast=self._local_contrast)
        self.changed.emit()

    def drop(self) -> None:
        """Nobody waits for it any more."""
        if self._task is not None:
            self._task.drop()
            self._task = None

    def release(self) -> None:
        """Give its memory back; it will not be shown any more."""
        self.drop()
        self._pixels.loaded.disconnect(self._on_loaded)
        self._pixels.failed.disconnect(self._on_failed)
        self._pyramid = None

    def _show(self, pyramid: Pyramid) -> None:
        self._task = None
        self._pyramid = pyramid
        self.changed.emit()

    def _fail(self, error: Exception) -> None:
        self._task = None
        self._error = told_to_user(error, "the image could not be shown")
        self.changed.emit()

    def _on_loaded(self, image_id: int) -> None:
        if image_id == self._image_id:
            self.fetch(local_contrast=self._local_contrast)

    def _on_failed(self, image_id: int, error: UserFacingError) -> None:
        if image_id == self._image_id:
            self._error = error
            self.changed.emit()
