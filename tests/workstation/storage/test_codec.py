import hashlib
import json
import math
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.detection import Source
from analysis.registration.result import Verdict
from tests.workstation.paired import RULINGS, decision, landmark, record, true_warp
from tests.workstation.recorded_reads import PACKAGES, PEOPLE, REMARKS, SETTLEMENTS, SIGNATURES, read_study_of
from tests.workstation.recorded_trial import GROWTH, ITCHING, PLAN, WOULD, response
from tests.workstation.storage.studies import read, study
from workstation.entry import Selection
from workstation.model.creation import Creation
from workstation.model.hair import Hair, Origin, Status, frozen_array
from workstation.model.pair import Pair
from workstation.model.patch import Change, Kind
from workstation.model.read import ReadState, Review
from workstation.model.reading import ReadingRules, ReasonFor
from workstation.model.study import ChangeRules, WidthCutoffs
from workstation.model.trial import TrialPlan
from workstation.storage.codec import (
    canonical,
    canonical_flat,
    decode_changes,
    decode_selections,
    detection_from_plain,
    encode_changes,
    encode_selections,
    plain,
    read_digest,
    read_from_blob,
)


def no_read(read_id, digest):
    raise AssertionError


def there_and_back(change):
    text, _ = encode_changes((change,))
    return decode_changes(text, no_read)[0]


def changes():
    one = study()
    detected, own = one.reads[1], one.reads[3]
    return [
        Change(Kind.HAIR, 1, own.hairs[1], detected.hairs[1]),
        Change(Kind.HAIR, 7, None, read(5, 1, 7, 9).hairs[7]),
        Change(Kind.UNIT, 9, own.units[9], None),
        Change(Kind.FIELD, 0, own.field, detected.field),
        Change(Kind.REVIEW, 0, Review(ReadState.SUBMITTED, 'fertig "é"\n', 2, "Ö"), own.review),
        Change(Kind.IMAGE, 1, one.images[1], one.images[2]),
        Change(Kind.VISIT, 1, one.visits[1], one.visits[2]),
        Change(Kind.SUBJECT, 0, one.subjects["S01"], None),
        Change(Kind.CUTOFFS, 0, one.cutoffs, WidthCutoffs(40.0, 40.0)),
        Change(Kind.RULES, 0, one.rules, ChangeRules(0.65, 12.5)),
        Change(Kind.PAIR, 4, None, Pair(4, 1, 2)),
        Change(Kind.REGISTRATION, 4, record(None, Verdict.FAILED, "zu „wenig“"), record(true_warp())),
        Change(Kind.LANDMARK, 3, landmark(3, 4), landmark(3, 4, (10.1, 0.2))),
        Change(Kind.DECISION, 5, decision(5, RULINGS[3]), decision(5, RULINGS[5], reader="Ö")),
        Change(Kind.PLAN, 0, TrialPlan(), PLAN),
        Change(Kind.QUESTIONNAIRE, 0, None, GROWTH),
        Change(Kind.QUESTIONNAIRE, 0, WOULD, None),
        Change(Kind.RESPONSE, 4, response(4, 1, "growth", fuller=2), response(4, 1, "growth", fuller=3, shedding=5)),
        Change(Kind.EVENT, 2, None, ITCHING),
        Change(Kind.SETTLEMENT, 1, None, SETTLEMENTS[1]),
        Change(Kind.PERSON, 0, None, PEOPLE[0]),
        Change(Kind.READING, 0, ReadingRules(), ReadingRules(20.0, ReasonFor.ALWAYS)),
        Change(Kind.REMARK, 1, None, REMARKS[0]),
        Change(Kind.SIGNATURE, 1, None, SIGNATURES[0]),
        Change(Kind.PACKAGE, 0, None, PACKAGES[1]),
        Change(Kind.STUDY, 0, None, Creation("c0ffee", 10, 60, 60, 0)),
    ]


@pytest.mark.parametrize("change", changes(), ids=lambda c: c.kind.value)
def test_every_kind_comes_back_equal(change):
    assert there_and_back(change) == change


def test_changes_are_written_canonically():
    text, _ = encode_changes(tuple(changes()))
    assert text == canonical(json.loads(text))
    assert [set(row) for row in json.loads(text)] == [{"kind", "id", "before", "after"}] * len(changes())


def test_every_kind_is_tried():
    assert {c.kind for c in changes()} | {Kind.READ} == set(Kind)


@pytest.mark.parametrize("change", changes(), ids=lambda c: c.kind.value)
def test_every_field_is_written(change):
    value = change.before or change.after
    apart = {"registration", "landmarks", "decisions", "next_id"} if isinstance(value, Pair) else set()
    assert set(plain(value)) | apart == {f.name for f in fields(value)}


def test_an_unknown_residual_and_a_transform_are_kept_to_the_last_bit():
    failed = there_and_back(Change(Kind.REGISTRATION, 4, None, record(None, Verdict.FAILED, "no"))).after
    assert failed.result.warp is None
    assert math.isnan(failed.result.residual_um)
    made = record(true_warp(), residual_um=0.1 + 0.2)
    back = there_and_back(Change(Kind.REGISTRATION, 4, None, made)).after.result
    assert back.residual_um == 0.1 + 0.2
    for part in ("affine", "knots_px", "bends"):
        assert getattr(back.warp, part).tobytes() == getattr(made.result.warp, part).tobytes()
        assert not getattr(back.warp, part).flags.writeable


def test_every_field_of_a_read_is_written():
    third = read_study_of().reads[3]
    whole = replace(third, amends=1, package="bbbb", repeat=1)
    assert set(plain(whole)) | {"next_id"} == {f.name for f in fields(whole)}


def test_a_read_goes_its_own_way():
    adopted = read(5, 1, 20, 4)
    text, blobs = encode_changes((Change(Kind.READ, 5, None, adopted),))
    (digest,) = blobs
    assert json.loads(text) == [{"kind": "read", "id": 5, "before": None, "after": {"read_sha256": digest}}]
    back = read_from_blob(blobs[digest])
    assert back.same_content(adopted)
    assert back.next_id == adopted.next_id
    assert read_digest(back) == digest
    assert (
        decode_changes(text, lambda read_id, value: {(5, digest): back}[read_id, value["read_sha256"]])[0].after is back
    )


@given(
    st.lists(st.tuples(*[st.floats(-1e6, 1e6)] * 2, st.floats(0.1, 1e3) | st.just(math.nan)), min_size=2, max_size=30),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40),
)
def test_floats_and_texts_are_kept_to_the_last_bit(points, text):
    array = np.array(points)
    hair = Hair(
        3, 2, frozen_array(array[:, :2], 2), frozen_array(array[:, 2]), float(array[0, 2]), False, 0.1 + 0.2,
        Origin.ADDED, Status.ACCEPTED, True, text,
    )  # fmt: skip
    back = there_and_back(Change(Kind.HAIR, 3, None, hair)).after
    assert back == hair
    assert back.vertices_px.tobytes() == hair.vertices_px.tobytes()
    assert back.comment == text
    assert not back.vertices_px.flags.writeable


@given(st.floats(allow_nan=False, allow_infinity=False), st.text(st.characters(codec="utf-8")))
def test_the_quick_writer_writes_what_the_slow_one_does(number, text):
    value = {"b": [[number, -number], [number / 3]], "comment": text, "a": None, "whole": int(number), "yes": True}
    assert canonical_flat(value) == canonical(value)


@pytest.mark.parametrize(
    "number",
    [0.0, -0.0, 5.0, 1e-4, 9.99e-5, 1e-5, 5e-324, 1e15, 1e16, 1.5e300, 0.1 + 0.2, 123456789012345680.0, 10.00001],
)
def test_numbers_near_an_exponent_are_written_alike(number):
    for value in (number, -number):
        assert canonical_flat({"x": [value]}) == canonical({"x": [value]}) == f'{{"x":[{value!r}]}}'


def test_a_whole_read_is_written_as_its_plain_values():
    for one in study(40).reads.values():
        expected = hashlib.sha256(canonical(plain(one)).encode()).hexdigest()
        assert read_digest(one) == expected


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan])
def test_the_quick_writer_refuses_what_the_slow_one_does(number):
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_flat({"x": [1.0, number]})


def test_infinity_is_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical([math.inf])


def test_selections():
    before, after = Selection(3, frozenset({2, 1}), frozenset()), Selection()
    text = encode_selections(before, after)
    assert text == '{"after":{"hairs":[],"read":null,"units":[]},"before":{"hairs":[1,2],"read":3,"units":[]}}'
    assert decode_selections(text) == (before, after)


def test_parameters_that_older_files_do_not_name_leave_their_digests_as_they_were():
    old = {
        "software_version": "0.1.0", "um_per_px": 7.0, "seconds": 1.0, "notes": [],
        "parameters": {
            "polarity": "dark", "preset": "clipped", "min_width_um": 15.0, "max_width_um": 150.0,
            "min_length_um": 150.0, "sensitivity": 0.5, "unit_distance_um": 250.0,
        },
    }  # fmt: skip
    record = detection_from_plain(old)
    assert (record.parameters.source, record.parameters.max_length_um) == (Source.RIDGES, 100_000.0)
    assert plain(record) == old
    now = replace(record, parameters=replace(record.parameters, source=Source.NETWORK, max_length_um=900.0))
    assert plain(now)["parameters"] == old["parameters"] | {"source": "network", "max_length_um": 900.0}
    assert detection_from_plain(plain(now)) == now
