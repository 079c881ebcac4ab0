"""Hair by hair: what became of units and hairs, and the pair that matched best and the one that matched worst."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.matching.change import Change
from analysis.registration.result import Verdict
from workstation.changes import PairChange, change_of
from workstation.counting import counted
from workstation.endpoints import um_per_px
from workstation.errors import UserFacingError
from workstation.matched_pairs import in_order, matched_pair
from workstation.model.read import Read
from workstation.pictures.pair_picture import pair_picture
from workstation.report.document import Block, Column, Heading, Paragraph, Picture, Row, Table, Tone
from workstation.report.material import Material
from workstation.report.rendering import jpeg_of
from workstation.trial.schedule import BASELINE
from workstation.trial.wording import NO_VALUE, number, week

PEN_PX = 2.2
"""A thin line, so that names and numbers beside the picture can be read in print."""
PANEL_PX = 1100
"""The long side of each image of a pair: 300 dots an inch on half a page."""
MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Followed:
    """A pair of a baseline and a later image that a change is given for."""

    found: PairChange
    counts: Change

    @property
    def kept_share(self) -> float:
        """Units of the baseline that were found again; NaN where it had none."""
        before = self.counts.units.kept + self.counts.units.lost
        return self.counts.units.kept / before if before else math.nan


def pairs(material: Material) -> list[Block]:
    """The chapter."""
    blocks: list[Block] = [Heading("Hair by hair")]
    shown = material.shown_week
    changes = [] if shown is None else _changes(material, shown)
    if not changes:
        said = (
            "No two visits of one area were registered to each other, so units and hairs were not followed one by one."
        )
        return [*blocks, Paragraph(said)]
    followed = [Followed(one, one.counts) for one in changes if isinstance(one.counts, Change)]
    blocks.append(Paragraph(_sentence(followed, len(changes), shown or 0.0)))
    if followed:
        blocks.append(_table(material, followed))
    ranked = sorted((one for one in followed if math.isfinite(one.kept_share)), key=lambda one: one.kept_share)
    return [*blocks, *_shown(material, ranked)]


def _changes(material: Material, shown: float) -> list[PairChange]:
    """The pairs of a baseline's image and one of the shown week that were registered; by subject and site."""
    study, weeks = material.study, material.week_of_visit
    wanted = [
        pair
        for pair in study.pairs.values()
        if pair.registration is not None
        and weeks.get(study.images[pair.baseline_image_id].visit_id) == BASELINE
        and weeks.get(study.images[pair.followup_image_id].visit_id) == shown
    ]
    return [change_of(study, pair) for pair in in_order(study, wanted)]


def _sentence(followed: Sequence[Followed], n_pairs: int, shown: float) -> str:
    without = n_pairs - len(followed)
    were = "was" if n_pairs == 1 else "were"
    said = f"{counted(n_pairs, 'pair')} of a baseline and a {week(shown)} image {were} registered."
    if without:
        said += (
            f" For {counted(without, 'pair')} no change is given: too little skin is seen in both, or the registration "
            "failed."
        )
    shares = [100 * one.kept_share for one in followed if math.isfinite(one.kept_share)]
    if shares:
        span = f" on average ({min(shares):.0f} to {max(shares):.0f} %)" if len(shares) > 1 else ""
        mean = f"{sum(shares) / len(shares):.0f} %"
        said += f" Of the follicular units at the baseline {mean} were found again{span}."
    return said


def _table(material: Material, followed: Sequence[Followed]) -> Table:
    columns = (
        Column("subject, site", share=1.6),
        Column("images (reads)", share=3.3),
        Column("registered"),
        Column("overlap", "%", is_number=True, share=0.8),
        Column("area", "cm²", is_number=True, share=0.8),
        Column("units", "kept / lost / new", is_number=True, share=1.7),
        Column("hairs", "kept / lost / new", is_number=True, share=1.7),
        Column("width", "thicker / thinner", is_number=True, share=1.5),
        Column("net units", "%", is_number=True, share=0.8),
    )
    rows = tuple(_row(material, one) for one in followed[:MOST_ROWS])
    notes = [
        "Counted on the skin that both images show. Thicker, thinner: kept hairs whose width changed by more than the "
        f"measurement error of one hair ({material.study.rules.width_error_um:g} µm). Net units: new less lost, of "
        "those at the baseline. What is uncertain is in no count."
    ]
    if len(followed) > MOST_ROWS:
        notes.append(f"{counted(len(followed) - MOST_ROWS, 'further pair')} in the exported table changes.csv.")
    return Table("Units and hairs matched one to one with the baseline", columns, rows, tuple(notes))


def _row(material: Material, one: Followed) -> Row:
    study, pair, counts = material.study, one.found.pair, one.counts
    subject, site = study.visit_of(pair.baseline_image_id).subject, study.images[pair.baseline_image_id].site
    reads = [f"{material.names[i]}\u00a0({r.id})" for i, r in zip(pair.image_ids, _reads(one), strict=True)]
    verdict = NO_VALUE if pair.registration is None else pair.registration.result.verdict.value
    units, hairs, widths = counts.units, counts.hairs, counts.widths
    return Row((
        f"{subject}, {site}" if site else subject,
        "\n".join(reads),
        verdict,
        number(100 * counts.overlap, 0),
        number(counts.area_cm2, 2),
        f"{units.kept} / {units.lost} / {units.new}",
        f"{hairs.kept} / {hairs.lost} / {hairs.new}",
        f"{widths.thickened} / {widths.thinned}",
        number(100 * units.net_share, 1),
    ))  # fmt: skip


def _reads(one: Followed) -> tuple[Read, Read]:
    found = one.found
    assert found.baseline is not None
    assert found.followup is not None
    return found.baseline, found.followup


def _shown(material: Material, ranked: Sequence[Followed]) -> list[Block]:
    """The pictures: of one pair alone, or of the best and the worst."""
    if not ranked:
        return []
    chosen = [("best_pair", "The pair whose units were found again best", ranked[-1])]
    if len(ranked) > 1:
        chosen.append(("worst_pair", "The pair whose units were found again worst", ranked[0]))
    else:
        chosen = [("matched_pair", "The matched pair", ranked[0])]
    return [_picture(material, *each) for each in chosen]


def _picture(material: Material, name: str, title: str, one: Followed) -> Block:
    study, pair = material.study, one.found.pair
    matched = matched_pair(study, pair)
    record = pair.registration
    records = [study.images[image_id] for image_id in pair.image_ids]
    first = records[0]
    said = _caption(material, title, one)
    if matched is None or record is None or record.result.warp is None:
        return Paragraph(f"{said} It cannot be drawn.", Tone.NOTE)
    try:
        here, there = (material.pixels_of(image) for image in records)
    except UserFacingError as error:
        return Paragraph(f"{said} It cannot be drawn: {error}", Tone.NOTE)
    reads = matched.baseline, matched.followup
    pixels = pair_picture(
        here,
        there,
        reads,
        matched.matching,
        record.result.warp,
        um_per_px(first),
        long_side_px=PANEL_PX,
        pen_px=PEN_PX,
    )
    jpeg, size_px = jpeg_of(pixels, max(pixels.shape[:2]))
    return Picture(name, jpeg, size_px, said, f"Two photographs of one area of scalp with marks on every unit. {said}")


def _caption(material: Material, title: str, one: Followed) -> str:
    study, pair = material.study, one.found.pair
    area = study.visit_of(pair.baseline_image_id).subject, study.images[pair.baseline_image_id].site
    visits = [study.visit_of(image_id).name for image_id in pair.image_ids]
    record = pair.registration
    doubt = ""
    if record is not None and record.result.verdict is Verdict.CHECK:
        doubt = f" The registration is to be checked: {record.because}."
    share = "" if math.isnan(one.kept_share) else f"{100 * one.kept_share:.0f} % of the units were found again"
    return (
        f"{title}: {', '.join(filter(None, area))}, {visits[0]} (left) and {visits[1]} (right, drawn as the baseline "
        f"lies); {share}.{doubt}"
    )
