"""What a GeoJSON file says of other visits."""

import json
from dataclasses import replace
from types import MappingProxyType

import jsonschema
import numpy as np
import pytest

from analysis.matching.match import Level
from tests.workstation.export.test_geojson import SCHEMA
from tests.workstation.paired import FAILED, GOOD, paired_visits, record, true_warp, with_pair
from workstation.export.geojson import feature_collection
from workstation.export.study_files import export_study
from workstation.pairing import matching_of

STUDY = paired_visits()
BOTH = with_pair(STUDY, replace(STUDY.pairs[FAILED], registration=record(true_warp(0.0, (0.0, 0.0)), reads=(1, 3))))
"""Week 6 is registered to the baseline, too."""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The files of the study by their stem, strictly read."""

    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    paths = export_study(BOTH, tmp_path_factory.mktemp("shapes"), "geojson")
    return {path.stem: json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse) for path in paths}


def feature(collection, kind, id_):
    return next(f for f in collection["features"] if (f["properties"]["kind"], f["properties"]["id"]) == (kind, id_))


def test_qupath_still_reads_them(files):
    assert files.keys() == {"first", "between", "later"}
    for collection in files.values():
        jsonschema.validate(collection, SCHEMA, format_checker=jsonschema.FormatChecker(["uuid"]))


def test_a_follow_up_says_what_each_unit_and_hair_was_at_the_baseline(files):
    matching = matching_of(BOTH, BOTH.pairs[GOOD])
    for found in files["later"]["features"]:
        about = found["properties"]
        match = matching.by_followup.get((Level(about["kind"]), about["id"]))
        assert about["match"]["baseline_id"] == match.baseline_id
        assert about["match"]["status"] == match.status.value
        assert "matches" not in about
    kept = feature(files["later"], "hair", 50)["properties"]["match"]
    assert kept.keys() == {"baseline_id", "status", "distance_um", "ruled", "width_change_um"}
    assert (kept["baseline_id"], kept["status"], kept["ruled"], kept["width_change_um"]) == (50, "kept", False, 0.0)
    new = feature(files["later"], "fu", 1094)["properties"]["match"]
    assert new == {"baseline_id": None, "status": "new", "distance_um": None, "ruled": True}


def test_a_baseline_says_what_became_of_it_at_each_visit(files):
    matches = feature(files["first"], "fu", 1010)["properties"]["matches"]
    assert [(m["followup_image"], m["followup_id"], m["status"], m["ruled"]) for m in matches] == [
        ("between.png", 1010, "kept", False), ("later.png", None, "lost", True),
    ]  # fmt: skip
    assert "match" not in feature(files["first"], "fu", 1010)["properties"]
    assert files["first"]["trichodesk"]["registration"] is None


def test_the_registration_is_in_the_files_own_coordinates(files):
    about = files["later"]["trichodesk"]["registration"]
    assert (about["baseline_image"], about["verdict"], about["residual_um"]) == ("first.png", "good", 7.25)
    assert (about["reason"], about["n_shared"], about["n_landmarks"]) == ("86 of 90 units lie alike.", 86, 2)
    assert (about["overlap"], about["overlap_cm2"]) == (0.925, 0.9216)
    # by hand, as another program would: a place in the baseline's file is taken to this one
    there = np.array(feature(files["first"], "fu", 1050)["geometry"]["coordinates"])
    affine, knots, bends = (np.array(about[name]) for name in ("affine", "knots", "bends"))
    squared = ((there - knots) ** 2).sum(axis=1) / about["unit_px"] ** 2
    found = affine @ [*there, 1.0] + 0.5 * squared * np.log(squared) @ bends
    expected = true_warp().to_followup([there - 0.5])[0] + 0.5
    np.testing.assert_allclose(found, expected, atol=1e-9)
    here = feature(files["later"], "fu", 1050)["geometry"]["coordinates"]
    assert np.hypot(*(found - here)) < 1.0


def test_a_failed_registration_is_said_and_has_no_matches():
    between = feature_collection(STUDY, STUDY.reads[3])
    about = between["trichodesk"]["registration"]
    assert (about["verdict"], about["affine"], about["residual_um"]) == ("failed", None, None)
    assert not any({"match", "matches"} & f["properties"].keys() for f in between["features"])
    baseline = feature_collection(STUDY, STUDY.reads[1])
    matches = feature(baseline, "fu", 1010)["properties"]["matches"]
    assert [m["followup_image"] for m in matches] == ["later.png"]


def test_a_study_without_pairs_has_neither():
    bare = replace(STUDY, pairs=MappingProxyType({}))
    collection = feature_collection(bare, bare.reads[2])
    assert collection["trichodesk"]["registration"] is None
    assert not any({"match", "matches"} & f["properties"].keys() for f in collection["features"])


def test_nothing_is_said_of_what_lies_outside_the_common_field():
    far = with_pair(STUDY, replace(STUDY.pairs[GOOD], registration=record(true_warp(shift=(400.0, 0.0)))))
    found = [f["properties"] for f in feature_collection(far, far.reads[1])["features"]]
    silent = [about for about in found if about["matches"] == []]
    assert 10 < len(silent) < len(found)
    later = [f["properties"] for f in feature_collection(far, far.reads[2])["features"]]
    assert any(about["match"] is None for about in later)


def test_a_pair_with_the_visit_before_is_no_baseline():
    week_6 = with_pair(STUDY, replace(STUDY.pairs[3], registration=record(true_warp(), reads=(3, 2))))
    later = feature_collection(week_6, week_6.reads[2])
    assert later["trichodesk"]["registration"]["baseline_image"] == "first.png"
    between = feature_collection(week_6, week_6.reads[3])
    assert not any("matches" in f["properties"] for f in between["features"])
