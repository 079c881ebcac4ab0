"""However a layer is panned and spoilt, it shows what drawing all of it anew would show."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from ui.view.cached_layer import AHEAD_PX, CachedLayer, device_rect, image_box
from ui.view.pyramid import pixels_of
from ui.view.viewport import Viewport

SIZE = (60, 40)


class Squares:
    """Something to draw: squares of ten pixels of the image each way, edges between pixels."""

    def __init__(self):
        self.places = {(20.0, 20.0): "red", (70.0, 35.0): "blue", (45.0, 5.0): "green"}
        self.asked = []

    def draw(self, viewport):
        def draw(painter, rect, box):
            self.asked.append(rect)
            for (x, y), name in self.places.items():
                (left, top), (right, bottom) = viewport.to_view([(x - 0.5, y - 0.5), (x + 9.5, y + 9.5)]).tolist()
                painter.fillRect(QRectF(left, top, right - left, bottom - top), QColor(name))

        return draw


def seen(layer):
    view = QImage(*SIZE, QImage.Format.Format_RGB32)
    view.fill(0)
    painter = QPainter(view)
    layer.paint(painter)
    painter.end()
    return pixels_of(view)[..., :3].copy()


def fresh(squares, viewport):
    layer = CachedLayer(opaque=False)
    layer.update(viewport, squares.draw(viewport))
    return seen(layer)


steps = st.one_of(
    st.tuples(st.just("pan"), st.integers(-70, 70), st.integers(-50, 50)),
    st.tuples(st.just("move a square"), st.integers(0, 90), st.integers(0, 60)),
    st.tuples(st.just("zoom"), st.sampled_from([1.0, 2.0, 3.0]), st.just(0)),
    st.tuples(st.just("not drawn"), st.integers(-9, 9), st.integers(-9, 9)),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(steps, max_size=8))
def test_it_shows_what_drawing_it_anew_would_show(moves):
    squares, layer = Squares(), CachedLayer(opaque=False)
    viewport = Viewport(1.0, (50, 30), SIZE).snapped()
    layer.update(viewport, squares.draw(viewport))
    for what, a, b in moves:
        if what == "pan":
            viewport = viewport.panned(a, b)
        elif what == "zoom":
            viewport = viewport.scaled_to(a).snapped()
        elif what == "move a square":
            (x, y), name = squares.places.popitem()
            squares.places[float(a), float(b)] = name
            for corner in ((x, y), (a, b)):
                layer.forget_box((*corner, corner[0] + 10, corner[1] + 10))
        else:  # two changes before one frame
            layer.forget_box((a, b, a + 30, b + 30))
            continue
        layer.update(viewport, squares.draw(viewport))
        np.testing.assert_array_equal(seen(layer), fresh(squares, viewport))


def test_panning_draws_only_what_comes_into_sight_and_some_more_ahead():
    squares, layer = Squares(), CachedLayer(opaque=True)
    viewport = Viewport(1.0, (50, 30), SIZE).snapped()

    def drawn_after_panning(dx, dy):
        nonlocal viewport
        before, viewport = layer.n_drawn_px, viewport.panned(dx, dy)
        layer.update(viewport, squares.draw(viewport))
        return layer.n_drawn_px - before

    margin, whole = AHEAD_PX, (60 + 2 * AHEAD_PX) * (40 + 2 * AHEAD_PX)
    assert drawn_after_panning(0, 0) == 60 * 40
    first = drawn_after_panning(7, 0)  # all around the view
    assert first == whole - 60 * 40
    assert [drawn_after_panning(7, 0) for _ in range(9)] == [0] * 9
    assert drawn_after_panning(7, 0) == 70 * (40 + 2 * margin)  # ten times seven are more than the margin
    assert drawn_after_panning(0, -3) == 0
    layer.forget_box((*viewport.centre_px, *viewport.centre_px))
    assert 0 < drawn_after_panning(0, 0) < 40


def test_nothing_is_drawn_while_nothing_changes():
    squares, layer = Squares(), CachedLayer(opaque=True)
    viewport = Viewport(1.0, (50, 30), SIZE).snapped()
    for _ in range(3):
        layer.update(viewport, squares.draw(viewport))
    assert len(squares.asked) == 1


def test_scaled_it_lies_where_the_image_is_now_also_after_panning():
    squares, layer = Squares(), CachedLayer(opaque=False)
    viewport = Viewport(1.0, (50, 30), SIZE).snapped().panned(11, 5)
    layer.update(viewport.panned(-11, -5), squares.draw(viewport.panned(-11, -5)))
    layer.update(viewport, squares.draw(viewport))
    larger = viewport.zoomed(2.0).snapped()
    view = QImage(*SIZE, QImage.Format.Format_RGB32)
    view.fill(0)
    painter = QPainter(view)
    layer.paint_scaled(painter, larger)
    painter.end()
    # smoothing blends the outermost pixels of the squares
    apart = np.abs(pixels_of(view)[..., :3].astype(int) - fresh(squares, larger))
    assert (apart.max(axis=2) > 130).sum() == 0
    assert (apart.max(axis=2) > 0).mean() < 0.1


def test_finished_pixels_are_those_that_were_drawn():
    told = []

    def finish(image, rect, offset):
        told.append((rect.width(), rect.height()))
        rows = slice(rect.top() + offset.y(), rect.bottom() + 1 + offset.y())
        columns = slice(rect.left() + offset.x(), rect.right() + 1 + offset.x())
        pixels_of(image)[rows, columns] = 77

    layer, viewport = CachedLayer(opaque=True), Viewport(1.0, (50, 30), SIZE).snapped()
    layer.update(viewport, lambda *_: None)
    layer.forget_box((-1000, -1000, 1000, viewport.visible_px[1] + 7.5))
    layer.update(viewport, lambda *_: None, finish)
    shown = seen(layer)
    assert (shown[:8] == 77).all()
    assert (shown[12:] == 0).all()
    assert (60, 40) not in told


def test_boxes_of_the_image_and_rectangles_of_the_drawing():
    viewport = Viewport(2.0, (50, 30), SIZE)
    rect = device_rect(viewport, (45, 25, 55, 35))
    assert (rect.left(), rect.top(), rect.right(), rect.bottom()) == (18, 8, 42, 32)
    assert image_box(viewport, rect) == pytest.approx((44, 24, 56.5, 36.5))
    assert device_rect(viewport, (-1e9, -1e9, 1e9, 1e9)).isValid()
