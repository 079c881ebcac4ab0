"""Differences and where hairs come from, in the words of the window, the command line and the report."""

from collections.abc import Mapping

from workstation.adjudication.difference import Difference, DifferenceKind
from workstation.adjudication.differences import Comparison
from workstation.adjudication.provenance import From, Provenance
from workstation.counting import counted
from workstation.model.hair import Hair, Status
from workstation.model.read import Read
from workstation.model.settlement import About, Choice, Settlement

KIND_TEXTS: Mapping[DifferenceKind, str] = {
    DifferenceKind.ONLY_FIRST: "Only in the first",
    DifferenceKind.ONLY_SECOND: "Only in the second",
    DifferenceKind.LINE: "Drawn otherwise",
    DifferenceKind.COUNTED: "Counted in one",
    DifferenceKind.WIDTH: "Width",
    DifferenceKind.UNITS: "Units",
    DifferenceKind.FIELD: "Field",
    DifferenceKind.CHANGED: "Changed since",
}
"""As headings."""
Names = tuple[str, str]
"""What the two readers are called."""


def reader_names(first: Read, second: Read, *, blinded: bool) -> Names:
    """The readers by their names, or as `reader 1` and `reader 2`."""
    return ("reader 1", "reader 2") if blinded else (first.reader, second.reader)


def difference_title(difference: Difference, names: Names) -> str:
    """What it is, in a few words."""
    n_first, n_second = len(difference.first_ids), len(difference.second_ids)
    match difference.kind:
        case DifferenceKind.ONLY_FIRST:
            return f"Hair only of {names[0]}"
        case DifferenceKind.ONLY_SECOND:
            return f"Hair only of {names[1]}"
        case DifferenceKind.LINE if n_first != n_second:
            return f"{counted(n_first, 'hair')} against {n_second}"
        case DifferenceKind.LINE:
            return "Hair drawn otherwise"
        case DifferenceKind.COUNTED:
            return "Hair that counts for one"
        case DifferenceKind.WIDTH:
            return "Width of a hair"
        case DifferenceKind.UNITS:
            return f"{counted(n_first, 'unit')} against {n_second}"
        case DifferenceKind.FIELD:
            return "Measured field"
        case _:
            return "Changed since it was settled"


def difference_details(difference: Difference, comparison: Comparison, names: Names) -> str:
    """What each of the two says of it, a line each."""
    if difference.about is About.FIELD:
        return f"The two fields share {comparison.field_iou:.0%} of what both cover together."
    reads = (comparison.first, comparison.second)
    sides = zip(names, reads, (difference.first_ids, difference.second_ids), strict=True)
    if difference.about is About.UNIT:
        return "\n".join(f"{name}: {_units_text(read, ids)}" for name, read, ids in sides)
    scale = comparison.rules.um_per_px
    return "\n".join(f"{name}: {_hairs_text(read, ids, scale)}" for name, read, ids in sides)


def settled_text(settlement: Settlement | None, names: Names) -> str:
    """How a difference was settled; empty while it is open."""
    if settlement is None:
        return ""
    whose = {
        Choice.AGREED: "Both reads agree.",
        Choice.FIRST: f"Settled as {names[0]} has it.",
        Choice.SECOND: f"Settled as {names[1]} has it.",
        Choice.BOTH: "Settled: both.",
        Choice.NEITHER: "Settled: neither.",
        Choice.EDITED: "Settled by hand.",
    }
    return whose[settlement.choice]


def choice_text(choice: Choice, names: Names) -> str:
    """The same in a word or two."""
    words = {Choice.FIRST: names[0], Choice.SECOND: names[1], Choice.EDITED: "by hand"}
    return words.get(choice, choice.value)


def origin_text(origin: Provenance, names: Names) -> str:
    """Where a hair of a third read comes from, as a clause."""
    match origin.source:
        case From.AGREED:
            return "both readers have it"
        case From.FIRST:
            return f"from {names[0]}"
        case From.SECOND:
            return f"from {names[1]}"
        case From.EDITED:
            whose = names[0] if origin.first_id is not None else names[1]
            return f"from {whose}, settled by hand"
        case _:
            return "drawn by the adjudicator"


def _hairs_text(read: Read, ids: tuple[int, ...], um_per_px: float | None) -> str:
    hairs = [read.hairs[i] for i in ids if i in read.hairs]
    return ", ".join(_hair_text(hair, um_per_px) for hair in hairs) or "no hair"


def _hair_text(hair: Hair, um_per_px: float | None) -> str:
    known = hair.width_px == hair.width_px
    width = ""
    if known:
        width = f", {hair.width_px:.1f} px" if um_per_px is None else f", {hair.width_px * um_per_px:.0f} µm"
    standing = (
        ", rejected" if hair.status is Status.REJECTED else "" if hair.root_visible else ", root not in the image"
    )
    return f"hair {hair.id}{width}{standing}"


def _units_text(read: Read, ids: tuple[int, ...]) -> str:
    sizes = {unit: 0 for unit in ids}
    for hair in read.hairs.values():
        if hair.unit_id in sizes and hair.counts:
            sizes[hair.unit_id] += 1
    return ", ".join(f"unit {unit} of {counted(n, 'hair')}" for unit, n in sizes.items())
