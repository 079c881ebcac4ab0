from dataclasses import replace
from types import MappingProxyType

from tests.workstation.trial_study import trial_of, with_image
from workstation.trial.missing import Lack, missing_data
from workstation.trial.results import Basis


def told(study, *args):
    return [(gap.subject, gap.week, gap.lack, gap.what, gap.reason) for gap in missing_data(study, *args)]


def of_kind(study, *kinds):
    return [gap for gap in told(study) if gap[2] in kinds]


def test_a_missed_visit_an_unread_image_and_one_without_a_scale():
    study = with_image(trial_of({"S01": {0: 60, 4: None, 12: 66}, "S02": {4: 50, 12: 51}}), 3, calibration=None)
    assert of_kind(study, Lack.VISIT, Lack.READ, Lack.SCALE, Lack.IMAGE) == [
        ("S01", 4.0, Lack.READ, "S01-4-vertex.png", "Nothing was detected in the image yet."),
        ("S01", 12.0, Lack.SCALE, "S01-12-vertex.png",
         "The image has no scale, so it gives no density, width or distance."),
        ("S02", 0.0, Lack.VISIT, "", "There is no baseline."),
    ]  # fmt: skip


def test_a_visit_without_an_image_and_a_site_left_out():
    study = trial_of({"S01": {0: {"vertex": 60, "temple": 50}, 12: {"vertex": 66}}, "S02": {0: 60, 12: 60}})
    images = {i: image for i, image in study.images.items() if i != 5}
    study = replace(study, images=MappingProxyType(images), reads=MappingProxyType({}))
    assert of_kind(study, Lack.IMAGE) == [
        ("S01", 12.0, Lack.IMAGE, "temple", "There is no image of the site 'temple'."),
        ("S02", 12.0, Lack.IMAGE, "", "The visit has no image."),
    ]


def test_visits_without_images_lack_none_where_nobody_has_one():
    study = trial_of({"S01": {0: 60, 12: 60}})
    study = replace(study, images=MappingProxyType({1: study.images[1]}))
    assert of_kind(study, Lack.IMAGE) == []


def test_an_endpoint_that_is_not_defined_says_why():
    study = trial_of({"S01": {0: 60, 12: 0}})
    values = {gap[3]: gap[4] for gap in of_kind(study, Lack.VALUE) if gap[1] == 12}
    assert values == {
        "hairs per follicular unit": "No follicular unit was counted.",
        "share of units with one hair": "No follicular unit was counted.",
        "share of units with two hairs": "No follicular unit was counted.",
        "share of units with three hairs": "No follicular unit was counted.",
        "share of units with four hairs or more": "No follicular unit was counted.",
        "mean hair width": "No counted hair has a known width.",
        "distance between units": "There are too few follicular units for it.",
        "distance between units (Delaunay)": "There are too few follicular units for it.",
    }


def test_on_the_common_field_an_image_must_be_registered():
    study = trial_of({"S01": {0: 60, 12: 66}})
    gap = "S01", 12.0, Lack.CHANGE, "S01-12-vertex.png", "The image is not registered to the one of the baseline."
    assert told(study, Basis.COMMON) == [gap]


def test_a_complete_trial_lacks_nothing():
    assert told(trial_of({"S01": {0: 60, 12: 66}, "S02": {0: 60, 12: 66}})) == []
