"""Agreement as rows of cells: what tables, files and other programs are given."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict

from workstation.agreement import wording
from workstation.agreement.results import Agreement, Comparison, ImageAgreement, OutcomeAgreement
from workstation.endpoints import Cell, known
from workstation.trial.rows import SAME, Columns, Row

_WHO: Columns = (
    ("comparison", "", "two readers, all readers, or the same reader twice"),
    ("started", "", "what the reads began with; those that began with one detection are not independent"),
    ("readers", "", "their names, the first one first; empty: the repeats of all readers"),
)
_SMALL = (
    ("icc", ("value", "ci_low", "ci_high"), "", "ICC(2,1)"),
    ("limits", ("mean", "mean_low", "mean_high", "sd", "lower", "lower_low", "lower_high", "upper", "upper_low",
                "upper_high"), SAME, "second less first reading"),
    ("limits", ("slope", "slope_low", "slope_high", "p_slope"), "", "regression of the difference on the mean"),
    ("spread", ("sd_within", "sd_low", "sd_high", "coefficient", "coefficient_low", "coefficient_high"), SAME,
     "of readings of one image"),
    ("spread", ("cv_percent", "cv_low", "cv_high"), "%", "within-image coefficient of variation"),
    ("drift_by_place", ("value", "ci_low", "ci_high", "p"), SAME, "slope of the difference for ten reads"),
    ("drift_by_day", ("value", "ci_low", "ci_high", "p"), SAME, "slope of the difference for thirty days"),
)  # fmt: skip
_SAID = {
    "value": "value", "ci_low": "lower end of its 95 % interval", "ci_high": "upper end of it",
    "mean": "mean difference", "mean_low": "lower end of its 95 % interval", "mean_high": "upper end of it",
    "sd": "standard deviation of the differences", "lower": "lower limit of agreement",
    "lower_low": "lower end of its 95 % interval", "lower_high": "upper end of it",
    "upper": "upper limit of agreement", "upper_low": "lower end of its 95 % interval",
    "upper_high": "upper end of it", "slope": "slope", "slope_low": "lower end of its 95 % interval",
    "slope_high": "upper end of it", "p_slope": "its two-sided p", "p": "its two-sided p",
    "sd_within": "standard deviation within an image", "sd_low": "lower end of its 95 % interval",
    "sd_high": "upper end of it", "coefficient": "repeatability coefficient, 1.96·√2·sd_within",
    "coefficient_low": "lower end of its 95 % interval", "coefficient_high": "upper end of it",
    "cv_percent": "root mean square over images", "cv_low": "lower end of its 95 % interval",
    "cv_high": "upper end of it",
}  # fmt: skip

AGREEMENT_COLUMNS: Columns = (
    *_WHO,
    ("outcome", "", "endpoint"),
    ("label", "", "the same for people"),
    ("unit", "", "unit of differences, limits and standard deviations"),
    ("images_n", "", "images with a value of every reading: the unit of all numbers, nested in subjects"),
    ("subjects_n", "", "subjects that they show"),
    *((f"{part}_{name}", unit, f"{about}: {_SAID[name]}") for part, names, unit, about in _SMALL for name in names),
    ("icc_method", "", "how the interval of the ICC was computed"),
    ("limits_method", "", "how the intervals of the limits were computed"),
    ("reasons", "", "why numbers are missing"),
)
"""Name, unit and meaning of the columns of `agreement_rows`."""

IMAGE_COLUMNS: Columns = (
    *_WHO,
    ("image", "", "name of the image, the same in every table and file"),
    ("subject", "", "the participant's code"),
    ("first_read_id", "", "the first read"),
    ("second_read_id", "", "the second one"),
    ("first_hairs_n", "", "counted hairs of the first read in both fields"),
    ("second_hairs_n", "", "of the second one"),
    ("shared_hairs_n", "", "hairs that both have"),
    ("hair_f1", "", "2 · shared by the sum of both"),
    ("unit_f1", "", "the same of follicular units"),
    ("root_distance_um", "µm", "median distance of the roots of shared hairs"),
    ("count_difference_percent", "%", "second less first count of hairs, of their mean"),
)
"""Name, unit and meaning of the columns of `image_rows`."""


def agreement_rows(agreement: Agreement) -> Iterator[Row]:
    """One row a comparison and endpoint."""
    for comparison in agreement.comparisons:
        for found in comparison.outcomes:
            yield {**_who(comparison), **_outcome_row(found)}


def image_rows(agreement: Agreement, names: Mapping[int, str]) -> Iterator[Row]:
    """One row a comparison and image; of repeats, those of each reader and not again those of all together.

    Args:
        agreement: of a study.
        names: of its images.
    """
    for comparison in agreement.comparisons:
        if comparison.objects is not None and comparison.readers:
            for image in comparison.objects.images:
                yield {**_who(comparison), **_image_row(image, names)}


def whole(agreement: Agreement, names: Mapping[int, str]) -> dict[str, object]:
    """Everything, for a program: as the results are nested, images by their names."""
    found = asdict(agreement)
    for comparison in found["comparisons"]:
        for outcome in comparison["outcomes"]:
            outcome["outcome"] = {key: outcome["outcome"][key] for key in ("name", "label", "unit")}
            for point in outcome["points"]:
                point["image"] = names[point.pop("image_id")]
        if comparison["objects"] is not None:
            for image in comparison["objects"]["images"]:
                image["image"] = names[image.pop("image_id")]
    return found


def _who(comparison: Comparison) -> Row:
    return {
        "comparison": comparison.kind.value,
        "started": comparison.started.value,
        "readers": "; ".join(comparison.readers),
    }


def _outcome_row(found: OutcomeAgreement) -> Row:
    cells: dict[str, Cell] = {
        f"{part}_{name}": _cell(getattr(found, part), name) for part, names, _, _ in _SMALL for name in names
    }
    return {
        "outcome": found.outcome.name,
        "label": found.outcome.label,
        "unit": found.outcome.unit,
        "images_n": found.icc.n,
        "subjects_n": found.icc.n_clusters,
        **cells,
        "icc_method": found.icc.method,
        "limits_method": "" if found.limits is None else found.limits.method,
        "reasons": " ".join(wording.outcome_reasons(found)),
    }


def _cell(part: object | None, name: str) -> Cell:
    return None if part is None else known(getattr(part, name))


def _image_row(image: ImageAgreement, names: Mapping[int, str]) -> Row:
    return {
        "image": names[image.image_id],
        "subject": image.subject,
        "first_read_id": image.first_read,
        "second_read_id": image.second_read,
        "first_hairs_n": image.first_hairs,
        "second_hairs_n": image.second_hairs,
        "shared_hairs_n": image.shared_hairs,
        "hair_f1": known(image.hair_f1),
        "unit_f1": known(image.unit_f1),
        "root_distance_um": known(image.root_distance_um),
        "count_difference_percent": known(image.count_difference_percent),
    }
