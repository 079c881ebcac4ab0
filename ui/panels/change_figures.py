"""What the change panel says of two visits: plain rows of words and figures, ready to be written."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from analysis.matching.change import NoChange, Tally, WidthChanges
from analysis.matching.match import Status
from ui.matching.matched_pair import MatchedPair
from ui.matching.wording import stage_text
from ui.panels.endpoint_table import LABELS, N_MAIN, ROWS
from ui.panels.figures import DASH, SPACE, counted, number, plain, quantity
from workstation.changes import PairChange

STATUSES = (Status.KEPT, Status.LOST, Status.NEW, Status.UNCERTAIN)
SHOWN = tuple(row for row in ROWS[:N_MAIN] if row.comparable)
"""The endpoints whose change is shown."""


@dataclass(frozen=True, slots=True)
class TallyRow:
    """What became of the units, or of the hairs."""

    what: str
    counts: tuple[str, ...]
    """As `STATUSES`."""
    net: str
    """New less lost, and what share of those of the earlier visit that is."""


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """How an endpoint changed."""

    label: str
    unit: str
    own: str
    """Each visit on its own field."""
    common: str
    """Both on what both show."""
    tip: str


@dataclass(frozen=True, slots=True)
class ChangeFigures:
    """All that the panel shows."""

    about: str
    """On what it rests, or why nothing is given."""
    tallies: tuple[TallyRow, ...] = ()
    widths: tuple[tuple[str, str], ...] = ()
    """Labels and what they say."""
    limit: str = ""
    """From when on a width counts as changed."""
    endpoints: tuple[EndpointRow, ...] = ()

    def as_tsv(self) -> str:
        """For a spreadsheet: tabs, a point as decimal mark."""
        lines = [["", *(str(status) for status in STATUSES), "net"]]
        lines += [[row.what.lower(), *row.counts, row.net.split(SPACE)[0]] for row in self.tallies]
        lines += [[label.lower(), text] for label, text in self.widths]
        lines += [["endpoint", "unit", "own fields", "common field"]]
        lines += [[row.label, row.unit, row.own, row.common] for row in self.endpoints]
        return "".join("\t".join(cells).replace("\N{MINUS SIGN}", "-") + "\n" for cells in lines)


def change_figures(pair: MatchedPair | None, found: PairChange | None) -> ChangeFigures:
    """What is said of a pair.

    Args:
        pair: the images; None where no two visits are shown.
        found: what changed between them; None where that is not known (yet).
    """
    if pair is None:
        return ChangeFigures("Show two visits of one area side by side.")
    if found is None:
        return ChangeFigures("Working it out …" if pair.pending or pair.matching is not None else stage_text(pair))
    counts = found.counts
    if isinstance(counts, NoChange):
        where = " Settings ▸ Measuring sets the least overlap." if not math.isnan(counts.overlap) else ""
        return ChangeFigures(f"No change is given. {counts.reason}{where}")
    return ChangeFigures(
        about=f"{number(100 * counts.overlap)}{SPACE}% of the field seen at both visits; "
        f"{quantity(counts.area_cm2, 2, 'cm²')} compared, hair by hair",
        tallies=(_tally("Units", counts.units), _tally("Hairs", counts.hairs)),
        widths=_widths(counts.widths),
        limit=f"Widths count as changed beyond ±{number(counts.widths.error_um)}{SPACE}µm, the measurement error.",
        endpoints=tuple(_endpoint(row.name, found.own_field, found.common_field) for row in SHOWN),
    )


def _tally(what: str, tally: Tally) -> TallyRow:
    share = "" if math.isnan(tally.net_share) else f"{SPACE}({number(100 * tally.net_share, sign=True)}{SPACE}%)"
    counts = tuple(number(getattr(tally, status)) for status in STATUSES)
    return TallyRow(what, counts, f"{number(tally.net, sign=True)}{share}")


def _widths(found: WidthChanges) -> tuple[tuple[str, str], ...]:
    rows = [
        ("Thickened", counted(found.thickened, "hair") + _of_them(found.became_terminal, "terminal")),
        ("Thinned", counted(found.thinned, "hair") + _of_them(found.became_vellus, "vellus")),
        ("Kept hairs", f"{quantity(found.mean_um, 1, 'µm', sign=True)} on average"),
    ]
    if math.isnan(found.mean_um):
        rows[-1] = ("Kept hairs", f"{DASH} no width is known at both visits")
    if found.n_unknown:
        rows.append(("Left out", f"{counted(found.n_unknown, 'hair')} without a width at both visits"))
    return tuple(rows)


def _of_them(n: int, became: str) -> str:
    return f", {number(n)} became {became}"


def _endpoint(name: str, own: Mapping[str, float], common: Mapping[str, float]) -> EndpointRow:
    endpoint = next(row for row in SHOWN if row.name == name)
    values = [side.get(name, math.nan) for side in (own, common)]
    texts = [number(value, endpoint.digits, sign=True) for value in values]
    copied = ", ".join(plain(value, endpoint.digits) or "not defined" for value in values)
    tip = f"{endpoint.description[:1].upper()}{endpoint.description[1:]}.\nOwn fields, common field: {copied}"
    return EndpointRow(LABELS[name], endpoint.unit, texts[0], texts[1], tip)
