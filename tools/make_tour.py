"""Makes the pictures of the window in docs/pictures: screenshots and a short animated tour of the bundled demo, and
the overview and statistics of the synthetic trial where `make trial` made it.

    python tools/make_tour.py [FOLDER]

The program itself is driven by mouse and key events, without a screen; the pointer and the captions are drawn on top.
"""

import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt  # noqa: E402
from PySide6.QtGui import QColor, QFont, QImage, QMouseEvent, QPainter, QPolygonF  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

SIZE = (1440, 900)
TRIAL = ROOT / "trial-output" / "trial.h5"
TOUR_WIDTH_PX = 1080
QUALITY = 78
MISSED_PX = ((581.0, 303.0), (497.0, 470.0))
"""Root and tip of a hair at baseline, beside others, that the detection misses."""
POINTER = [(0, 0), (0, 17), (4, 13), (7, 20), (10, 19), (7, 12), (12, 12)]


class Tour:
    """Drives a window and keeps what it looks like."""

    def __init__(self, application: QApplication, window) -> None:  # type: ignore[no-untyped-def]
        self.application = application
        self.window = window
        self.frames: list[Image.Image] = []
        self.durations_ms: list[int] = []
        self.at = QPoint(700, 470)
        self.caption = ""

    @property
    def view(self):  # type: ignore[no-untyped-def]
        return self.window.comparison.active_view

    def wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.application.processEvents()
            time.sleep(0.005)

    def wait_until(self, ready, seconds: float = 60.0) -> None:  # type: ignore[no-untyped-def]
        end = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > end:
                raise TimeoutError("the window did not get ready")
            self.wait(0.05)

    def show(self, duration_ms: int) -> None:
        """Keep the window as it looks now."""
        self.application.processEvents()
        picture = self.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
        painter = QPainter(picture)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw_pointer(painter, self.at)
            draw_caption(painter, self.caption, picture.width(), picture.height())
        finally:
            painter.end()
        self.frames.append(pillow(picture))
        self.durations_ms.append(duration_ms)

    def glide(self, seconds: float = 0.6, frames: int = 6) -> None:
        for _ in range(frames):
            self.wait(seconds / frames)
            self.show(80)

    def move(self, place_px: Sequence[float], frames: int = 5) -> None:
        """Move the pointer to a place in the active image."""
        x, y = self.view.viewport.to_view(np.array([place_px], dtype=float))[0]
        target = self.view.mapTo(self.window, QPoint(round(x), round(y)))
        start = self.at
        for k in range(1, frames + 1):
            share = k / frames
            self.at = QPoint(
                round(start.x() + share * (target.x() - start.x())), round(start.y() + share * (target.y() - start.y()))
            )
            self._send(QEvent.Type.MouseMove, Qt.MouseButton.NoButton)
            self.wait(0.03)
            self.show(60)

    def press(self) -> None:
        self._send(QEvent.Type.MouseButtonPress, Qt.MouseButton.LeftButton)

    def release(self) -> None:
        self._send(QEvent.Type.MouseButtonRelease, Qt.MouseButton.LeftButton)

    def click(self) -> None:
        self.press()
        self.release()
        self.wait(0.1)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.view, key, modifier)
        self.wait(0.05)

    def _send(self, kind: QEvent.Type, button: Qt.MouseButton) -> None:
        local = self.view.mapFrom(self.window, self.at)
        if kind == QEvent.Type.MouseButtonPress:
            self._held = button
        held = getattr(self, "_held", Qt.MouseButton.NoButton)
        if kind == QEvent.Type.MouseButtonRelease:
            held = self._held = Qt.MouseButton.NoButton
        event = QMouseEvent(
            kind, QPointF(local), QPointF(self.view.mapToGlobal(local)), button, held, Qt.KeyboardModifier.NoModifier
        )
        self.application.sendEvent(self.view, event)


def draw_pointer(painter: QPainter, at: QPoint) -> None:
    shape = QPolygonF([QPointF(at.x() + x, at.y() + y) for x, y in POINTER])
    painter.setPen(QColor("#000000"))
    painter.setBrush(QColor("#ffffff"))
    painter.drawPolygon(shape)


def draw_caption(painter: QPainter, text: str, width: int, height: int) -> None:
    if not text:
        return
    font = QFont(painter.font())
    font.setPixelSize(22)
    painter.setFont(font)
    box_width = painter.fontMetrics().horizontalAdvance(text) + 40
    box = QRectF((width - 360 - box_width) / 2, height - 176, box_width, 44)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(20, 20, 20, 225))
    painter.drawRoundedRect(box, 8, 8)
    painter.setPen(QColor("#ffffff"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def pillow(picture: QImage) -> Image.Image:
    data = bytes(picture.constBits())
    stride = picture.bytesPerLine()
    rows = np.frombuffer(data, np.uint8).reshape(picture.height(), stride)[:, : 3 * picture.width()]
    return Image.fromarray(rows.reshape(picture.height(), picture.width(), 3).copy())


def save(screenshot: QImage, path: Path) -> None:
    pillow(screenshot.convertToFormat(QImage.Format.Format_RGB888)).save(path, quality=88, method=6)


def open_window(application: QApplication, theme: str) -> Tour:
    from ui.desk import Desk
    from ui.main_window import MainWindow
    from ui.theme import apply_theme
    from workstation.settings import Settings, load_settings, save_settings

    save_settings(Settings(reader="Ada", theme=theme))
    apply_theme(application, theme)
    window = MainWindow(Desk(load_settings()))
    window.resize(*SIZE)
    window.show()
    return Tour(application, window)


def open_demo(application: QApplication, theme: str) -> Tour:
    tour = open_window(application, theme)
    window, workspace = tour.window, tour.window.workspace
    window.commands.files.open_demo()
    tour.wait_until(lambda: workspace.session is not None)
    tour.wait_until(lambda: not window.desk.detection.running and len(workspace.study.reads) >= 2)
    tour.wait_until(lambda: any(pair.registration for pair in workspace.study.pairs.values()))
    tour.wait(6)
    window.toasts.clear()
    tour.wait(1)
    return tour


def trial_pictures(application: QApplication, study: Path, folder: Path) -> None:
    """The overview and the statistics of the trial that `make trial` made."""
    from ui.pages import Page

    tour = open_window(application, "light")
    window = tour.window
    window.begin(study)
    tour.wait_until(lambda: window.pages.page is Page.OVERVIEW)
    tour.wait(30)  # thumbnails of all images
    window.toasts.clear()
    save(window.grab().toImage(), folder / "overview_light.webp")
    window.pages.show_page(Page.STATISTICS)
    tour.wait_until(lambda: window.desk.analyses.latest is not None)
    tour.wait(2)
    save(window.grab().toImage(), folder / "statistics_light.webp")
    close(tour)


def close(tour: Tour) -> None:
    tour.window.desk.shutdown()
    tour.window.hide()
    tour.window.deleteLater()
    tour.wait(0.2)


def perform(tour: Tour) -> None:
    """The tour."""
    tour.caption = "Two visits of one scalp area: hairs, units and endpoints"
    tour.show(2200)
    tour.caption = "N goes to the next doubtful hair"
    tour.key(Qt.Key.Key_N)
    tour.glide()
    tour.show(900)
    tour.caption = "A: it is right, and on to the next"
    tour.key(Qt.Key.Key_A)
    tour.glide()
    tour.show(900)
    tour.caption = "X: no hair; it counts no longer"
    tour.key(Qt.Key.Key_X)
    tour.glide()
    tour.show(900)
    tour.caption = "D draws a hair that was missed: click root and tip; the line follows the shaft"
    root, tip = MISSED_PX
    tour.window.workspace.set_active(min(tour.window.workspace.shown))
    tour.view.centre_on(np.mean([root, tip], axis=0), 3.0, animated=False)
    tour.wait(0.3)
    tour.key(Qt.Key.Key_D)
    tour.move(root)
    tour.click()
    tour.move(tip, 10)
    tour.show(900)
    tour.click()
    tour.show(1300)
    tour.caption = "Ctrl+Z takes back anything, also after a restart"
    tour.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    tour.show(1300)
    tour.caption = "K leaves a region out: area and densities follow"
    tour.window.comparison.fit()
    tour.key(Qt.Key.Key_K)
    tour.move((300.0, 420.0))
    tour.press()
    for place in ((420.0, 470.0), (540.0, 520.0), (700.0, 500.0)):
        tour.move(place, 3)
    tour.release()
    tour.wait(0.3)
    tour.show(1800)
    review_matches(tour)


def review_matches(tour: Tour) -> None:
    """The part of the tour in which both visits are compared."""
    control_shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    tour.caption = "Ctrl+Shift+M: units of both visits, one to one; lost and new ones first"
    tour.key(Qt.Key.Key_V)
    tour.key(Qt.Key.Key_M, control_shift)
    tour.wait(1)
    tour.show(1800)
    tour.key(Qt.Key.Key_N)
    tour.glide()
    tour.show(1200)
    tour.caption = "A: yes, it is lost, and on to the next"
    tour.key(Qt.Key.Key_A)
    tour.glide()
    tour.show(1200)
    tour.window.toasts.clear()
    tour.caption = "F10: one visit through the other, laid over it by the registration"
    tour.key(Qt.Key.Key_F10)
    tour.wait_until(lambda: tour.window.comparison.current_view.ready)
    for share in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 0.5):
        tour.window.comparison.comparing.set_fade(share)
        tour.wait(0.1)
        tour.show(350)
    tour.show(900)
    tour.key(Qt.Key.Key_F5)


def matches_picture(tour: Tour) -> QImage:
    """The window in the review of matches."""
    tour.key(Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    tour.key(Qt.Key.Key_N)
    tour.wait(2)
    tour.window.toasts.clear()
    tour.wait(0.5)
    return tour.window.grab().toImage()


def main(folder: Path) -> None:
    from ui.application import make_application

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ["TRICHODESK_HOME"] = home
        application = make_application(["tour"])
        for theme in ("light", "dark"):
            tour = open_demo(application, theme)
            tour.show(0)
            save(tour.window.grab().toImage(), folder / f"window_{theme}.webp")
            if theme == "light":
                save(matches_picture(tour), folder / "matches_light.webp")
            tour.frames.clear()
            tour.durations_ms.clear()
            if theme == "dark":
                perform(tour)
                height = round(TOUR_WIDTH_PX * SIZE[1] / SIZE[0])
                frames = [f.resize((TOUR_WIDTH_PX, height), Image.Resampling.LANCZOS) for f in tour.frames]
                frames[0].save(
                    folder / "tour.webp", save_all=True, append_images=frames[1:], duration=tour.durations_ms, loop=0,
                    quality=QUALITY, method=4,
                )  # fmt: skip
            close(tour)
        if TRIAL.is_file():
            trial_pictures(application, TRIAL, folder)
        else:
            print(f"{TRIAL}: there is no such file; for the pictures of a trial run `make trial` first")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "docs" / "pictures")
