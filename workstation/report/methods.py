"""How the figures came about: images, scale, detection, reads, rules, statistics."""

from collections import Counter
from collections.abc import Iterable

from workstation.counting import counted
from workstation.describing import parameters_text
from workstation.model.field import FieldShape
from workstation.model.read import DetectionRecord
from workstation.report.document import Block, Bullets, Heading
from workstation.report.material import Material
from workstation.trial.results import Basis
from workstation.trial.wording import week

ENOUGH_SITES = 6
"""More names than these are counted, not listed."""


def methods(material: Material) -> list[Block]:
    """The chapter."""
    return [
        Heading("Methods"),
        Heading("Images and measurement", 2),
        Bullets(tuple(filter(None, (
            _images(material), _scales(material), _detection(material), _reads(material), _fields(material),
            _definitions(), _cutoffs(material), _change_rules(material),
        )))),
        Heading("Statistics", 2),
        Bullets(tuple(_statistics(material))),
    ]  # fmt: skip


def _images(material: Material) -> str:
    images = material.study.images.values()
    devices = Counter(image.device or "not named" for image in images)
    if set(devices) == {"not named"}:
        said = "the device was not recorded"
    else:
        said = "device: " + ", ".join(f"{name} ({n})" for name, n in devices.most_common(ENOUGH_SITES))
    return f"Images: {counted(len(images), 'image')}; {said}."


def _scales(material: Material) -> str:
    images = list(material.study.images.values())
    known = [image.calibration for image in images if image.calibration is not None]
    if not images:
        return ""
    without = len(images) - len(known)
    lacking = "" if not without else (
        f" {counted(without, 'image has', 'images have')} no scale: nothing per cm², in mm or in µm is given for "
        f"{'it' if without == 1 else 'them'}."
    )  # fmt: skip
    if not known:
        return f"Scale: none is known.{lacking}"
    values = sorted({round(calibration.um_per_px, 3) for calibration in known})
    span = f"{values[0]:g}" if len(values) == 1 else f"{values[0]:g} to {values[-1]:g}"
    sources = Counter(calibration.source.value for calibration in known)
    came = ", ".join(f"{source} ({n})" for source, n in sources.most_common())
    return f"Scale: {span} µm per pixel; from: {came}.{lacking}"


def _detection(material: Material) -> str:
    records = [found for read in material.reads.values() if (found := _detected_as(material, read.id)) is not None]
    if not records:
        return "Detection: none of the reads in use began as a detection of this program."
    ways = Counter((record.software_version, parameters_text(record.parameters)) for record in records)
    said = "; ".join(
        f"trichodesk {version}, {text} ({counted(n, 'read')})" for (version, text), n in ways.most_common()
    )
    return f"Detection of hairs and units: {said}."


def _detected_as(material: Material, read_id: int) -> DetectionRecord | None:
    """How the detection was made that a read began with."""
    seen: set[int] = set()
    read = material.study.reads.get(read_id)
    while read is not None and read.id not in seen:
        if read.detection is not None:
            return read.detection
        seen.add(read.id)
        read = material.study.reads.get(read.based_on or 0)
    return None


def _reads(material: Material) -> str:
    states = Counter(read.review.state.value for read in material.reads.values())
    without = len(material.study.images) - len(material.reads)
    said = ", ".join(f"{n} {state}" for state, n in states.most_common())
    lacking = f"; {counted(without, 'image has', 'images have')} none" if without else ""
    rule = (
        "Of several reads of one image the latest finished third read stands, else the latest accepted or signed one, "
        "else the latest of a person, else the latest detection."
    )
    return f"Reads in use: {said or 'none'}{lacking}. {rule}"


def _fields(material: Material) -> str:
    shapes = Counter(read.field.shape for read in material.reads.values())
    if not shapes:
        return ""
    whole = shapes.pop(FieldShape.IMAGE, 0)
    said = [f"whole image ({whole})"] if whole else []
    said += [f"{shape.value} ({n})" for shape, n in shapes.most_common()]
    excluded = sum(bool(read.field.exclusions) for read in material.reads.values())
    return (
        f"Measured field: {', '.join(said)}; its area is that of its outline less exclusions (glare, bubbles, tattoo, "
        f"painted by hand), which {counted(excluded, 'read has', 'reads have')}."
    )


def _definitions() -> str:
    return (
        "What counts: a hair whose root, and a follicular unit whose centre (the mean of its roots), lies inside the "
        "field. A hair's width is the median along its shaft. The distance between units is that to the nearest one, "
        "corrected for the field's edge after Hanisch (1984)."
    )


def _cutoffs(material: Material) -> str:
    cutoffs = material.study.cutoffs
    return (
        f"Classes of width: vellus below {cutoffs.vellus_below_um:g} µm, terminal from {cutoffs.terminal_from_um:g} µm,"
        " intermediate between."
    )


def _change_rules(material: Material) -> str:
    rules = material.study.rules
    on_field = (
        "The endpoints below are those of each visit's own field."
        if material.analysis.basis is Basis.OWN
        else "The endpoints below are compared on the skin that a visit shares with the baseline: a later value is the "
        "baseline's plus the change there."
    )
    return (
        "Follow-up: each later image is registered to the subject's baseline, and hairs and units are matched one to "
        f"one on the skin that both show; a change is given where at least {100 * rules.min_overlap:.0f} % of the "
        f"baseline's field is seen again. A hair's width counts as changed from {rules.width_error_um:g} µm on. "
        + on_field
    )


def _statistics(material: Material) -> Iterable[str]:
    plan = material.analysis.plan
    yield (
        "The subject is the unit: several sites of a subject, and several images of a site at a visit, are averaged "
        "within the subject before any test. Hairs are never taken for replicates."
    )
    named = f"named on {plan.named_utc[:10]}" if plan.named_utc else "the default, not named beforehand"
    yield f"Primary endpoint: {material.label(plan.primary_endpoint)} at {week(plan.primary_week)} ({named})."
    yield (
        "Change: visit less baseline of the subjects with both, with the 95 % confidence interval of the mean by "
        "Student's t. Tests are two-sided: paired t; Wilcoxon signed-rank, exact, with ties or zeros over all changes "
        "of sign. Effect size d_z: mean of the differences by their standard deviation."
    )
    yield (
        f"Holm's adjustment holds for the secondary outcomes at {week(plan.primary_week)} together; unadjusted p "
        "stands beside it."
    )
    yield from _model(material)
    if plan.control_arm or plan.control_site:
        against = f"arm {plan.control_arm}" if plan.control_arm else f"site {plan.control_site}"
        yield f"Control: {against}; its changes are compared with those of the others."
    yield "A number that too few subjects support is not given: a dash stands in its place."


def _model(material: Material) -> Iterable[str]:
    """How the mixed models of all results were made; several outcomes may have needed several ways."""
    models = [result.modelled for result in material.analysis.results if result.modelled.covariance]
    if models:
        covariances = ", ".join(name for name, _ in Counter(model.covariance for model in models).most_common())
        ways = ", ".join(name for name, _ in Counter(model.small_sample for model in models).most_common() if name)
        small = f"; standard errors and degrees of freedom for small samples: {ways}" if ways else ""
        yield (
            f"Mixed model: all visits of all subjects, week as a factor, covariance of visits: {covariances}{small}."
            " Subjects with missing visits take part."
        )
