"""The numbered units: those near the selected hairs, which the digits put them into."""

import numpy as np

from analysis.detection import FloatArray
from analysis.measures import unit_centres
from workstation.entry import Selection
from workstation.model.read import Read

SLOTS = 9


def unit_slots(read: Read, selection: Selection) -> tuple[int, ...]:
    """The ids of the units that `numbered_units` gives, nine at the most."""
    return tuple(unit_id for unit_id, _ in numbered_units(read, selection))


def numbered_units(read: Read, selection: Selection) -> tuple[tuple[int, FloatArray], ...]:
    """The units for the digits 1 to 9: those nearest to the root of the first selected hair, by rising distance.

    The first hair is the one with the lowest id; a selected unit stands for its hairs.

    Returns:
        Nine units at the most, each with its centre (2,); none where nothing of this read is selected.
    """
    if selection.read_id != read.id:
        return ()
    hairs = [h for h in read.hairs.values() if h.id in selection.hair_ids or h.unit_id in selection.unit_ids]
    if not hairs:
        return ()
    first = min(hairs, key=lambda hair: hair.id)
    units = unit_centres(read.columns)
    apart = np.hypot(*(units.centre_px - first.root_px).T)
    order = np.argsort(apart, kind="stable")[:SLOTS]
    return tuple((int(units.unit[i]), units.centre_px[i]) for i in order)
