"""Edits drawn at random for a read: mostly possible ones, some that must be refused."""

import numpy as np
from hypothesis import strategies as st

from analysis.geometry import arc_length
from workstation import edits
from workstation.edits import End, UnitChoice
from workstation.model.field import ExclusionCause
from workstation.model.hair import Status

WIDTH_PX, HEIGHT_PX = 200, 150

# Quarters are exact in binary, so that equal places happen; a little of them lies outside of the image.
x_px = st.integers(-8, 4 * WIDTH_PX + 8).map(lambda n: n / 4)
y_px = st.integers(-8, 4 * HEIGHT_PX + 8).map(lambda n: n / 4)
points = st.tuples(x_px, y_px)
paths = st.lists(points, min_size=2, max_size=5)
outlines = st.lists(points, min_size=3, max_size=5)
strokes = st.lists(points, min_size=1, max_size=4)
radii_px = st.sampled_from([1.0, 6.0, 25.0])
widths_px = st.sampled_from([0.5, 3.0, 7.25, 12.0])
texts = st.sampled_from(["", "two?", "毛 – fine", "  blanks  ", "a\0b"])


def some(ids):
    """One to four of the ids, now and then one that is not there."""
    return st.lists(st.sampled_from([*sorted(ids), 10**6][:60]), min_size=1, max_size=4)


def one(ids):
    return st.sampled_from([*sorted(ids)[:60], 10**6])


def maybe_widths(draw, path):
    measured = st.one_of(widths_px, st.just(float("nan")))
    return draw(st.one_of(st.none(), st.lists(measured, min_size=len(path), max_size=len(path))))


def add_hair(draw, read, image):
    path = draw(paths)
    unit = draw(st.one_of(st.sampled_from(list(UnitChoice)), one(read.units)))
    return edits.add_hair(
        read,
        path,
        vertex_width_px=maybe_widths(draw, path),
        unit=unit,
        calibration=image.calibration,
        root_visible=draw(st.sampled_from([True, True, True, False])),
    )


def reshape_hair(draw, read, image):
    path = draw(paths)
    return edits.reshape_hair(read, draw(one(read.hairs)), path, maybe_widths(draw, path))


def split_hair(draw, read, image):
    hair_id = draw(one(read.hairs))
    share = draw(st.sampled_from([0.01, 0.25, 0.5, 0.9]))
    at = share * arc_length(read.hairs[hair_id].vertices_px) if hair_id in read.hairs else 1.0
    return edits.split_hair(read, hair_id, at, calibration=image.calibration)


def join_hairs(draw, read, image):
    """Two hairs drawn at random hardly ever meet, so pairs that do are drawn as well."""
    meeting = [
        (a.id, b.id)
        for a in read.hairs.values()
        for b in read.hairs.values()
        if a.id != b.id and np.hypot(*(a.tip_px - b.root_px)) < 20
    ]
    any_two = st.tuples(one(read.hairs), one(read.hairs))
    first, second = draw(st.one_of(st.sampled_from(meeting), any_two) if meeting else any_two)
    ends = st.one_of(st.none(), st.sampled_from(End))
    return edits.join_hairs(
        read, first, second, first_end=draw(ends), second_end=draw(ends), calibration=image.calibration
    )


EDITS = {
    "add": add_hair,
    "add once more": add_hair,
    "reshape": reshape_hair,
    "split": split_hair,
    "join": join_hairs,
    "delete": lambda draw, read, image: edits.delete_hairs(read, draw(some(read.hairs))),
    "judge": lambda draw, read, image: edits.set_status(read, draw(some(read.hairs)), draw(st.sampled_from(Status))),
    "set width": lambda draw, read, image: edits.set_width(read, draw(some(read.hairs)), draw(widths_px)),
    "reset width": lambda draw, read, image: edits.reset_width(read, draw(some(read.hairs))),
    "comment": lambda draw, read, image: edits.comment_hairs(read, draw(some(read.hairs)), draw(texts)),
    "root": lambda draw, read, image: edits.set_root_visible(
        read, draw(some(read.hairs)), draw(st.booleans()), calibration=image.calibration
    ),
    "move vertex": lambda draw, read, image: edits.move_vertex(
        read, draw(one(read.hairs)), draw(st.integers(0, 3)), draw(points)
    ),
    "insert vertex": lambda draw, read, image: edits.insert_vertex(read, draw(one(read.hairs)), draw(points)),
    "remove vertex": lambda draw, read, image: edits.remove_vertex(
        read, draw(one(read.hairs)), draw(st.integers(0, 3))
    ),
    "move hairs": lambda draw, read, image: edits.move_hairs(
        read, draw(some(read.hairs)), (draw(x_px) / 20, draw(y_px) / 20)
    ),
    "extend": lambda draw, read, image: edits.extend_hair(
        read, draw(one(read.hairs)), draw(st.sampled_from(End)), draw(strokes)
    ),
    "trim": lambda draw, read, image: edits.trim_hair(
        read, draw(one(read.hairs)), draw(st.sampled_from(End)), draw(points)
    ),
    "reverse": lambda draw, read, image: edits.reverse_hairs(
        read, draw(some(read.hairs)), calibration=image.calibration
    ),
    "put into unit": lambda draw, read, image: edits.put_into_unit(
        read, draw(some(read.hairs)), draw(st.one_of(st.none(), one(read.units)))
    ),
    "merge": lambda draw, read, image: edits.merge_units(read, draw(some(read.units))),
    "split unit": lambda draw, read, image: edits.split_unit(read, draw(one(read.units)), draw(some(read.hairs))),
    "move unit": lambda draw, read, image: edits.move_unit(read, draw(one(read.units)), draw(points)),
    "comment on unit": lambda draw, read, image: edits.comment_unit(read, draw(one(read.units)), draw(texts)),
    "field": lambda draw, read, image: edits.set_field_polygon(read, image, draw(outlines)),
    "rectangle": lambda draw, read, image: edits.set_field_rectangle(read, image, draw(points), draw(points)),
    "circle": lambda draw, read, image: edits.set_field_circle(read, image, draw(points), draw(radii_px)),
    "whole image": lambda draw, read, image: edits.set_field_image(read, image),
    "exclude": lambda draw, read, image: edits.add_exclusion(
        read, image, draw(outlines), draw(st.sampled_from(ExclusionCause))
    ),
    "include": lambda draw, read, image: edits.remove_exclusions(read, draw(some(e.id for e in read.field.exclusions))),
    "reshape exclusion": lambda draw, read, image: edits.reshape_exclusion(
        read, image, draw(one(e.id for e in read.field.exclusions)), draw(outlines)
    ),
    "paint": lambda draw, read, image: edits.paint_exclusion(read, image, draw(strokes), draw(radii_px)),
    "erase": lambda draw, read, image: edits.erase_exclusion(read, image, draw(strokes), draw(radii_px)),
    "submit": lambda draw, read, image: edits.submit(read),
    "withdraw": lambda draw, read, image: edits.withdraw_read(read),
    "comment on image": lambda draw, read, image: edits.comment_image(read, draw(texts)),
}
