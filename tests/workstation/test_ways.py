from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from analysis.registration.result import Verdict
from tests.registered import pair, turned_warp
from tests.workstation.small_study import make_image, make_read, make_study
from workstation.model.study import Visit
from workstation.ways import route_between, why_no_route

POINTS = np.array([[10.0, 20.0], [300.0, 100.0]])
A, B = turned_warp(10, 1.1, (20, -5), bend=2.0), turned_warp(-25, 0.9, (3, 40))


def study_of(*pairs):
    visits = [Visit(i, "S01", f"week {i}", float(i)) for i in (1, 2, 3)] + [Visit(4, "S02", "week 1", 1.0)]
    images = [make_image(i, i) for i in (1, 2, 3, 4)]
    return make_study(images=images, visits=visits, pairs={p.id: p for p in pairs})


def test_a_pair_can_be_gone_either_way():
    study = study_of(pair(1, 1, 2, A))
    there, back = route_between(study, 1, 2), route_between(study, 2, 1)
    np.testing.assert_allclose(there.way.there(POINTS), A.to_followup(POINTS))
    np.testing.assert_allclose(back.way.there(A.to_followup(POINTS)), POINTS, atol=1e-5)
    assert (there.verdict, there.reason) == (Verdict.GOOD, "40 of 44 units lie within 60 µm")


def test_two_follow_ups_are_joined_by_their_baseline_unless_they_are_a_pair():
    study = study_of(pair(1, 1, 2, A), pair(2, 1, 3, B))
    route = route_between(study, 2, 3)
    assert [p.id for p in route.pairs] == [1, 2]
    np.testing.assert_allclose(route.way.there(A.to_followup(POINTS)), B.to_followup(POINTS), atol=1e-5)
    own = route_between(study_of(pair(1, 1, 2, A), pair(2, 1, 3, B), pair(3, 2, 3, B)), 2, 3)
    assert [p.id for p in own.pairs] == [3]


def test_one_registration_to_check_is_enough():
    study = study_of(pair(1, 1, 2, A), pair(2, 1, 3, B, verdict=Verdict.CHECK))
    assert route_between(study, 2, 3).verdict is Verdict.CHECK
    assert route_between(study, 2, 1).verdict is Verdict.GOOD


@pytest.mark.parametrize("more", [{"verdict": Verdict.FAILED}, {}])
def test_no_way_leads_through_a_registration_that_failed(more):
    study = study_of(pair(1, 1, 2, A if more else None, **more))
    assert route_between(study, 1, 2) is None
    assert why_no_route(study, 2, 1).startswith("The registration of these images failed: 40 of 44")


def test_it_is_said_why_there_is_none():
    assert why_no_route(study_of(), 1, 2) == "Nothing was detected in S01_week 1_vertex_scalp.png yet."
    reads = MappingProxyType({i: make_read([], id_=i, image_id=i) for i in (1, 2)})
    assert why_no_route(replace(study_of(), reads=reads), 1, 2) == "These images are not registered yet."
    assert why_no_route(study_of(), 1, 4) == "These images are not of the same subject and site."


def test_what_stands_after_a_colon_has_no_capital():
    failed = pair(1, 1, 2, None, verdict=Verdict.FAILED)
    result = replace(failed.registration.result, reason="No placement brings more together than chance does.")
    study = study_of(replace(failed, registration=replace(failed.registration, result=result)))
    said = "The registration of these images failed: no placement brings more together than chance does."
    assert why_no_route(study, 1, 2) == said
