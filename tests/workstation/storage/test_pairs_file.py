"""Pairs of images in the study file: written, read back, refused where they make no sense, readable by others."""

from collections import Counter
from dataclasses import replace
from types import MappingProxyType

import h5py
import numpy as np
import pandas as pd
import pytest

from tests.workstation.paired import FAILED, GOOD, MARKED, landmark, paired_visits, true_warp, with_pair
from tests.workstation.storage.forging import resealed
from tests.workstation.storage.studies import same
from workstation.errors import UserFacingError
from workstation.model.pair import Pair
from workstation.pairing import matching_of
from workstation.session import create_study, open_study
from workstation.storage.content import content_of
from workstation.storage.reader import read_study
from workstation.storage.verify import Check, verify
from workstation.storage.writer import write_content


@pytest.fixture(scope="module")
def study():
    return paired_visits()


@pytest.fixture(scope="module")
def content(study):
    return content_of(study, [], [])


@pytest.fixture
def path(tmp_path, content):
    write_content(tmp_path / "pairs.h5", content, {})
    return tmp_path / "pairs.h5"


def test_pairs_come_back_equal(study, path):
    found = read_study(path).study
    assert same(found, study)
    assert [pair.next_id for pair in found.pairs.values()] == [1, 9, 2]
    warp = found.pairs[GOOD].registration.result.warp
    assert warp.bends.tobytes() == true_warp().bends.tobytes()
    assert found.pairs[FAILED].registration.result.warp is None
    assert found.pairs[MARKED].registration is None


def test_the_order_in_memory_is_no_matter(study, content):
    turned = replace(study, pairs=MappingProxyType({
        i: replace(pair, landmarks=dict(reversed(pair.landmarks.items())),
                   decisions=dict(reversed(pair.decisions.items())))
        for i, pair in reversed(study.pairs.items())
    }))  # fmt: skip
    assert content_of(turned, [], []).state == content.state


@pytest.mark.parametrize(
    "change",
    [
        lambda pair: replace(pair, landmarks=MappingProxyType({1: landmark(1, GOOD, (100.25, 900.75))})),
        lambda pair: replace(pair, decisions=MappingProxyType({})),
        lambda pair: replace(pair, registration=None),
        lambda pair: replace(pair, next_id=10),
    ],
)
def test_whatever_changes_in_a_pair_is_another_state(study, content, change):
    other = with_pair(study, change(study.pairs[GOOD]))
    assert content_of(other, [], []).state.digest != content.state.digest


def test_matches_are_those_that_follow_from_the_model(study, path):
    def text(column):
        return column.asstr()[:] if column.dtype.kind == "S" else column[:]

    with h5py.File(path) as file:
        matches = pd.DataFrame({name: text(column) for name, column in file["matches"].items()})
    found = matching_of(study, study.pairs[GOOD])
    assert len(matches) == len(found.units) + len(found.hairs)
    assert set(matches.pair_id) == {GOOD}
    assert set(matches.subject) == {"S01"}
    assert set(zip(matches.baseline_image, matches.followup_image, strict=True)) == {("first.png", "later.png")}
    assert set(zip(matches.baseline_read_id, matches.followup_read_id, strict=True)) == {(1, 2)}
    units = matches[matches.level == "fu"]
    assert dict(Counter(units.status)) == {"kept": 85, "lost": 5, "new": 7}
    ruled = units[units.ruled]
    assert ruled[["baseline_id", "followup_id", "status"]].values.tolist() == [[1010, -1, "lost"], [-1, 1094, "new"]]
    kept = matches[(matches.level == "hair") & (matches.baseline_id == 50)].iloc[0]
    assert (kept.followup_id, kept.status) == (50, "kept")
    assert 0 <= kept.distance_um < 20
    assert kept.width_change_um == pytest.approx(0.0, abs=1e-9)
    assert units.width_change_um.isna().all()
    assert units[units.status == "lost"].distance_um.isna().all()


def test_matches_are_not_believed_but_made_anew(study, path, content):
    content = resealed(content)
    content.groups["matches"] = {name: array[:5].copy() for name, array in content.groups["matches"].items()}
    write_content(path, resealed(content), {})
    assert same(read_study(path).study, study)
    with open_study(path, "Zoë") as session:
        session.save()
    with h5py.File(path) as file:
        assert len(file["matches/level"]) > 100


def test_a_copy_has_the_pairs_and_the_matches(study, tmp_path):
    create_study(tmp_path / "one.h5", study, user="Ada")
    with open_study(tmp_path / "one.h5", "Zoë") as session:
        session.save_copy(tmp_path / "two.h5")
    copy = read_study(tmp_path / "two.h5").study
    assert (copy.pairs, copy.rules) == (study.pairs, study.rules)
    with h5py.File(tmp_path / "one.h5") as one, h5py.File(tmp_path / "two.h5") as two:
        assert all(
            (column[:].tobytes() == two["matches"][name][:].tobytes()) for name, column in one["matches"].items()
        )


def test_damaged_matches_are_noticed(path):
    with h5py.File(path, "r+") as file:
        file["matches/distance_um"][0] = 1e6
    with pytest.raises(UserFacingError, match="the checksum of the table /matches does not hold"):
        read_study(path)


def test_the_documented_lines_do_what_they_say(path, repository, capsys):
    text = (repository / "docs" / "file-format.md").read_text(encoding="utf-8").replace("study.h5", path.as_posix())
    names = {}
    for block in text.split("```python\n")[1:]:
        exec(block.split("```")[0], names)
    assert len(names["line"]) == names["hair"].n_vertices
    assert capsys.readouterr().out.count("kept") == 1
    points = np.random.default_rng(3).uniform(0, 1000, (40, 2))
    np.testing.assert_allclose(names["to_followup"](points, GOOD - 1), true_warp().to_followup(points), atol=1e-9)


def test_pairs_without_a_bending_or_a_registration(tmp_path, study):
    plain = replace(true_warp(), knots_px=np.empty((0, 2)), bends=np.empty((0, 2)))
    registration = study.pairs[GOOD].registration
    bare = replace(study, pairs=MappingProxyType({
        1: Pair(1, 1, 2, replace(registration, result=replace(registration.result, warp=plain))), 2: Pair(2, 1, 3),
    }))  # fmt: skip
    create_study(tmp_path / "bare.h5", bare, user="Ada")
    assert same(read_study(tmp_path / "bare.h5").study, bare)


NONSENSE = [
    ("pairs", "baseline_image_id", 0, 9, "pair 1 is of image 9, which does not exist"),
    ("pairs", "pair_id", 0, GOOD, "pair 2 is there twice"),
    ("pairs", "pair_id", 1, 7, "there is no pair 2"),
    ("pairs", "followup_read_id", 1, 8, "pair 2 names read 8, which is none of its image"),
    ("pairs", "baseline_read_id", 1, 2, "pair 2 names read 2, which is none of its image"),
    ("pairs", "verdict", 1, b"fine", "'fine' is not a valid Verdict"),
    ("pairs", "verdict", 1, b"", "pair 2 has a transform and no verdict"),
    ("pairs", "x_from_x", 1, np.nan, "a number that is not finite"),
    ("pairs", "x_shift_px", 1, np.inf, "a number that is not finite"),
    ("pairs", "unit_px", 1, 0.0, "do not fit together"),
    ("pairs", "unit_px", 1, np.nan, "do not fit together"),
    ("pairs", "n_knots", 1, 2, "the table of points does not fit"),
    ("pairs", "first_knot", 1, 1, "the table of points does not fit"),
    ("warp_knots", "bend_x", 0, np.nan, "a number that is not finite"),
    ("landmarks", "pair_id", 0, 5, "there is no pair 5"),
    ("landmarks", "id", 1, 1, "landmark 1 of pair 2 is there twice"),
    ("decisions", "pair_id", 0, -4, "there is no pair -4"),
    ("decisions", "id", 0, 3, "decision 3 of pair 2 is there twice"),
    ("decisions", "level", 0, b"arm", "'arm' is not a valid Level"),
    ("decisions", "followup_read_id", 0, 77, "pair 2 names read 77, which is none of its image"),
    ("reads", "based_on", 0, 2, "read 1 is based on read 2, which is none of its image"),
    ("reads", "based_on", 0, 60, "read 1 is based on read 60, which is none of its image"),
]


def changed(content, group, column, row, value):
    columns = dict(content.groups[group])
    array = columns[column].copy()
    array[row] = value
    columns[column] = array
    return resealed(type(content)(content.attributes, {**content.groups, group: columns}))


@pytest.mark.parametrize(("group", "column", "row", "value", "said"), NONSENSE)
def test_well_sealed_nonsense_is_refused(tmp_path, content, group, column, row, value, said):
    write_content(tmp_path / "a.h5", changed(content, group, column, row, value), {})
    with pytest.raises(UserFacingError, match=f"its content makes no sense: .*{said}"):
        read_study(tmp_path / "a.h5")


def test_a_transform_of_countless_knots_is_refused(tmp_path, content):
    many = {name: np.zeros(5000) for name in content.groups["warp_knots"]}
    one = type(content)(content.attributes, {**content.groups, "warp_knots": many})
    write_content(tmp_path / "a.h5", changed(one, "pairs", "n_knots", [1], [5000]), {})
    with pytest.raises(UserFacingError, match="makes no sense: the table of points does not fit"):
        read_study(tmp_path / "a.h5")
    pairs = dict(one.groups["pairs"]) | {"n_knots": np.array([0, 5000, 0]), "first_knot": np.array([0, 0, 5000])}
    write_content(tmp_path / "a.h5", resealed(type(one)(one.attributes, {**one.groups, "pairs": pairs})), {})
    with pytest.raises(UserFacingError, match="makes no sense: the transform of pair 2 has 5,000 knots"):
        read_study(tmp_path / "a.h5")


IMPOSSIBLE = [
    ("landmarks", "baseline_x_px", 0, np.nan, "landmark 1 of pair 2 lies outside the image"),
    ("landmarks", "followup_y_px", 0, 1e9, "landmark 1 of pair 2 lies outside the image"),
    ("landmarks", "id", 0, 2, "the id 2 in pair 2 is used twice or not below the next free one"),
    ("decisions", "baseline_id", 0, 10**9, "decision 2 of pair 2 is about fu 1000000000, which never was"),
    ("decisions", "baseline_id", 0, -1, "decision 2 of pair 2 is about nothing"),
    ("decisions", "baseline_id", 1, -1, "decision 3 of pair 2 tells one thing from none"),
    ("pairs", "next_id", 1, 6, "the id 6 in pair 2 is used twice or not below the next free one"),
    ("pairs", "overlap", 1, np.nan, "the registration of pair 2 has a number that cannot be"),
    ("pairs", "residual_um", 1, -2.0, "the registration of pair 2 has a number that cannot be"),
    ("pairs", "x_shift_px", 1, 1e12, "the transform of pair 2 is not plausible"),
    ("pairs", "verdict", 0, b"good", "pair 1 is said to be registered and has no transform"),
    ("pairs", "followup_image_id", 2, 3, "pair 3 is not of two images of the study"),
]


@pytest.mark.parametrize(("group", "column", "row", "value", "said"), IMPOSSIBLE)
def test_what_no_edit_could_have_made_is_shown_but_not_edited(tmp_path, content, group, column, row, value, said):
    path = tmp_path / "a.h5"
    write_content(path, changed(content, group, column, row, value), {})
    with open_study(path, "Zoë") as session:
        assert session.read_only_because == f"it holds what no edit could have made: {said}"
    values = [f.message for f in verify(path) if f.check is Check.VALUES]
    assert f"{said[0].upper()}{said[1:]}." in values


def test_a_whole_file_passes(path):
    values = [f for f in verify(path) if f.check is Check.VALUES]
    assert [(f.holds, f.message) for f in values] == [
        (True, "3 reads with 272 hairs and 3 pairs of images are valid."),
    ]
