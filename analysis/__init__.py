"""Pixels in, measurements out: pure functions on numpy arrays, with no knowledge of studies, files or windows.

Coordinates everywhere in the product: x to the right, y down, in pixels of the displayed image; the origin is the
centre of the top-left pixel. A line's vertices are `float64 (V, 2)`, root first.
"""
