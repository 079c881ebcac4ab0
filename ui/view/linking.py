"""Views that pan and zoom together: pure algebra on their viewports."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from analysis.detection import FloatArray
from ui.view.boxes import around, corners
from ui.view.viewport import FIT_MARGIN, MIN_SCALE, Viewport

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """How the image of one view lies to that of another that is registered to it."""

    there: Callable[[FloatArray], FloatArray]
    """Maps (N, 2) pixels of the one image to those of the other: the same places in the skin."""
    scale: float
    """Pixels of the other image per pixel of the one, on the whole."""
    turn: float
    """How far what the one image shows is turned in the other, clockwise, in radians, on the whole."""
    outline_px: FloatArray
    """(K, 2) the other image's corners in the one image, as they lie on the whole."""

    def follow(self, viewport: Viewport, other: Viewport) -> Viewport:
        """What the other view, turned as it is, shows where this one shows `viewport`: the same place, as large."""
        x, y = self.there(np.array([viewport.centre_px]))[0].tolist()
        return replace(other, scale=viewport.scale / self.scale, centre_px=(x, y))


Passages = Mapping[tuple[int, int], Passage]
"""By the two views."""


@dataclass(frozen=True, slots=True)
class Link:
    """How the images of several views lie to each other, by view.

    Registered images show the same place in the skin. The others have a measure, a length per pixel: µm where every
    image has a scale, else whatever makes them look as large as they did when they were linked. What these keep
    between them is the distance of their middles in it.
    """

    measure: Mapping[int, float]
    place: Mapping[int, tuple[float, float]]
    """Of each view's middle, in the measure, at the time they were linked."""
    passages: Passages = field(default_factory=dict)

    @classmethod
    def of(
        cls, viewports: Mapping[int, Viewport], um_per_px: Mapping[int, float | None], passages: Passages | None = None
    ) -> "Link":
        """Link views as they are now."""
        scales = {i: um_per_px.get(i) for i in viewports}
        measure = {i: um for i, um in scales.items() if um is not None}
        if len(measure) < len(viewports):
            measure = {i: viewport.scale for i, viewport in viewports.items()}
        place = {
            i: (viewport.centre_px[0] * measure[i], viewport.centre_px[1] * measure[i])
            for i, viewport in viewports.items()
        }
        return cls(measure, place, passages or {})

    def follow(self, leader: int, viewport: Viewport, others: Mapping[int, Viewport]) -> dict[int, Viewport]:
        """The viewports of the other views after one of them moved.

        Where they are not registered to it they go as far, in the measure, and get as large.

        Args:
            leader: the view that moved.
            viewport: what it shows now.
            others: what the other views show; they keep their sizes.
        """
        if leader not in self.measure:
            return {}
        own = self.measure[leader]
        moved_px = np.array(viewport.centre_px) - np.array(self.place[leader]) / own
        moved = viewport.step_to_view(moved_px) / viewport.scale * own
        followed = {}
        for i, other in others.items():
            if i not in self.measure or i == leader:
                continue
            passage = self.passages.get((leader, i))
            if passage is not None:
                followed[i] = passage.follow(viewport, other)
                continue
            scaled = replace(other, scale=viewport.scale * (self.measure[i] / own))
            step_px = scaled.step_to_image(moved / self.measure[i] * scaled.scale)
            followed[i] = scaled.centred_on(np.array(self.place[i]) / self.measure[i] + step_px)
        return followed


def common_fit(fitted: Mapping[int, Viewport], um_per_px: Mapping[int, float | None]) -> dict[int, float]:
    """The scales at which views show whole images and, where all have a scale, a millimetre is as long in each.

    Args:
        fitted: the viewports that fit each image alone.
        um_per_px: the images' scales.
    """
    known = {i: um for i in fitted if (um := um_per_px.get(i)) is not None}
    if len(known) < len(fitted) or not fitted:
        return {i: viewport.scale for i, viewport in fitted.items()}
    least = min(viewport.scale / known[i] for i, viewport in fitted.items())
    return {i: least * um for i, um in known.items()}


def registered_fit(
    first: int, image_size: Size, views: Mapping[int, Viewport], passages: Passages
) -> dict[int, Viewport]:
    """The viewports at which registered views show their whole images, the same place in the middle of each.

    Args:
        first: the view whose image the others are registered to.
        image_size: of its image.
        views: what the views show; they keep their sizes.
        passages: from the first view to each of the others.
    """
    own, others = views[first], [i for i in views if i != first]
    width, height = image_size
    whole = corners((-0.5, -0.5, width - 0.5, height - 0.5))
    outlines = [whole, *(passages[first, i].outline_px for i in others)]
    left, top, right, bottom = around(np.concatenate(outlines))
    needed = max(right - left, 1.0), max(bottom - top, 1.0)
    scale = FIT_MARGIN * min(min(v.size[0] / needed[0], v.size[1] / needed[1]) for v in views.values())
    middle = (left + right) / 2, (top + bottom) / 2
    leading = replace(own, scale=max(scale, MIN_SCALE), centre_px=middle)
    return {first: leading} | {i: passages[first, i].follow(leading, views[i]) for i in others}
