"""Views that pan and zoom together: pure algebra on their viewports."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ui.view.viewport import Viewport


@dataclass(frozen=True, slots=True)
class Link:
    """How the images of several views lie to each other, by view.

    Each image has a measure, a length per pixel: µm where every image has a scale, else whatever makes them look as
    large as they did when they were linked. What the images keep between them is the distance of their middles in it.
    """

    measure: Mapping[int, float]
    place: Mapping[int, tuple[float, float]]
    """Of each view's middle, in the measure, at the time they were linked."""

    @classmethod
    def of(cls, viewports: Mapping[int, Viewport], um_per_px: Mapping[int, float | None]) -> "Link":
        """Link views as they are now."""
        scales = {i: um_per_px.get(i) for i in viewports}
        measure = {i: um for i, um in scales.items() if um is not None}
        if len(measure) < len(viewports):
            measure = {i: viewport.scale for i, viewport in viewports.items()}
        place = {
            i: (viewport.centre_px[0] * measure[i], viewport.centre_px[1] * measure[i])
            for i, viewport in viewports.items()
        }
        return cls(measure, place)

    def follow(self, leader: int, viewport: Viewport, others: Mapping[int, Viewport]) -> dict[int, Viewport]:
        """The viewports of the other views after one of them moved.

        They go as far, in the measure, and get as large.

        Args:
            leader: the view that moved.
            viewport: what it shows now.
            others: what the other views show; they keep their sizes.
        """
        if leader not in self.measure:
            return {}
        own = self.measure[leader]
        moved = np.array(viewport.centre_px) * own - self.place[leader]
        followed = {}
        for i, other in others.items():
            if i not in self.measure or i == leader:
                continue
            x, y = (np.array(self.place[i]) + moved) / self.measure[i]
            scale = viewport.scale * (self.measure[i] / own)
            followed[i] = replace(other, scale=scale, centre_px=(float(x), float(y)))
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
