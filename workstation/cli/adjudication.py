"""`trichodesk adjudication`: which images need a third read, and what their readers say differently."""

from collections.abc import Sequence
from typing import Annotated

import typer

from workstation.adjudication.difference import Difference
from workstation.adjudication.differences import Comparison, compare_reads
from workstation.adjudication.third_read import adjudication_of
from workstation.adjudication.trigger import TwoReads, needs_adjudication, two_reads, two_reads_of
from workstation.adjudication.wording import KIND_TEXTS, difference_details, difference_title, reader_names
from workstation.cli.console import AsJson, output, print_json, print_table, say, table_of
from workstation.cli.studies import StudyPath, open_to_read
from workstation.counting import counted
from workstation.endpoints import known
from workstation.errors import UserFacingError
from workstation.image_names import image_names, stem_of
from workstation.model.study import Study


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(adjudication)


def adjudication(
    study: StudyPath,
    image: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this image, and each difference of its readers; may be repeated."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Also images whose counts differ by less.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the images whose two readers' counts differ by more than the study allows, and what differs in them."""
    with open_to_read(study) as session:
        found = session.study
        names = image_names(found)
        if image:
            chosen = _ids_of(image, found)
            pairs = [pair for image_id in chosen for pair in two_reads_of(found, image_id)]
        else:
            pairs = list(two_reads(found) if every else needs_adjudication(found))
        if as_json:
            print_json([_whole(found, pair, names[pair.image_id], each=bool(image)) for pair in pairs])
            return
        _print(found, pairs, each=bool(image), every=every or bool(image))


def _print(study: Study, pairs: Sequence[TwoReads], *, each: bool, every: bool) -> None:
    names, limit = image_names(study), study.reading.adjudicate_above_percent
    if not pairs:
        nothing = "no image has finished reads of two readers" if every else "no image needs a third read"
        say(f"{nothing} (the study's limit: counts {limit:g} % apart).")
        return
    header = ["image", "readers", "hairs", "units", "apart", "differences", "third read"]
    rows = []
    for pair in pairs:
        first, second = study.reads[pair.first_id], study.reads[pair.second_id]
        comparison = compare_reads(study, first, second)
        rows.append([
            names[pair.image_id],
            f"{first.reader} (read {first.id}), {second.reader} (read {second.id})",
            "/".join(map(str, pair.hairs)),
            "/".join(map(str, pair.units)),
            f"{pair.percent:.0f} %",
            str(len(comparison.differences)),
            _state_of(study, pair),
        ])  # fmt: skip
    print_table(table_of(header, rows, first_left=2))
    due = len({pair.image_id for pair in pairs if pair.is_due})
    say(f"{counted(due, 'image needs', 'images need')} a third read: counts more than {limit:g} % apart.")
    for pair in pairs if each else ():
        _print_differences(compare_reads(study, study.reads[pair.first_id], study.reads[pair.second_id]))


def _print_differences(comparison: Comparison) -> None:
    readers = reader_names(comparison.first, comparison.second, blinded=False)
    kinds = ", ".join(f"{KIND_TEXTS[kind].lower()} {n}" for kind, n in comparison.counts().items() if n)
    output.print(f"{readers[0]} and {readers[1]}: {kinds or 'no difference'}", markup=False)
    for difference in comparison.differences:
        x, y = difference.place_px
        details = "; ".join(difference_details(difference, comparison, readers).splitlines())
        output.print(f"  {x:7.1f}, {y:7.1f} px  {difference_title(difference, readers)}: {details}", markup=False)


def _state_of(study: Study, pair: TwoReads) -> str:
    if pair.third_id is None:
        return "finished" if pair.is_finished else "–"
    third = study.reads[pair.third_id]
    left = adjudication_of(study, third).n_left
    return f"{third.reader}: {f'{left} left' if left else third.review.state.value}"


def _whole(study: Study, pair: TwoReads, name: str, *, each: bool) -> dict[str, object]:
    first, second = study.reads[pair.first_id], study.reads[pair.second_id]
    comparison = compare_reads(study, first, second)
    third = None if pair.third_id is None else study.reads[pair.third_id]
    return {
        "image": name,
        "reads": [{"read_id": r.id, "reader": r.reader, "read_state": r.review.state.value} for r in (first, second)],
        "hairs": pair.hairs,
        "units": pair.units,
        "hairs_percent": pair.hairs_percent,
        "units_percent": pair.units_percent,
        "limit_percent": pair.limit_percent,
        "needs_third_read": pair.is_due,
        "third_read_id": pair.third_id,
        "left": None if third is None else adjudication_of(study, third).n_left,
        "f1": known(comparison.f1),
        "field_iou": comparison.field_iou,
        "differences": {kind.value: n for kind, n in comparison.counts().items()},
        **({"each": [_row(difference) for difference in comparison.differences]} if each else {}),
    }


def _row(difference: Difference) -> dict[str, object]:
    return {
        "kind": difference.kind.value,
        "about": difference.about.value,
        "first_ids": difference.first_ids,
        "second_ids": difference.second_ids,
        "x_px": difference.place_px[0],
        "y_px": difference.place_px[1],
    }


def _ids_of(wanted: Sequence[str], study: Study) -> list[int]:
    names = image_names(study)
    by_name = {name: i for i, name in names.items()} | {stem_of(name): i for i, name in names.items()}
    if unknown := [name for name in wanted if name not in by_name]:
        raise UserFacingError(f"this study has no image {unknown[0]}", remedy="trichodesk measure lists them.")
    return list(dict.fromkeys(by_name[name] for name in wanted))
