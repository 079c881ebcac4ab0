"""Hairs and units of a file whose rows stand in no order, twice, or hold what no hair may have."""

import numpy as np
import pytest

from tests.workstation.storage.forging import resealed
from tests.workstation.storage.studies import same, study
from workstation.errors import UserFacingError
from workstation.model.columns import HairsInColumns
from workstation.storage.content import content_of
from workstation.storage.reader import read_study
from workstation.storage.writer import write_content


@pytest.fixture
def path(tmp_path):
    (tmp_path / "trial.h5").touch()
    return tmp_path / "trial.h5"


def forged(path, change):
    content = content_of(study(30), [], [])
    groups = {name: {c: np.array(array) for c, array in columns.items()} for name, columns in content.groups.items()}
    change(groups)
    content.groups.clear()
    content.groups.update(groups)
    write_content(path, resealed(content), {})
    return path


def in_order(columns, order):
    return {name: array[order] for name, array in columns.items()}


def test_rows_in_any_order_make_the_same_study(path):
    rng = np.random.default_rng(4)

    def change(groups):
        hairs, points = groups["hairs"], groups["vertices"]
        order = rng.permutation(len(hairs["id"]))
        pieces = [
            np.arange(start, start + n)
            for start, n in zip(hairs["first_vertex"][order], hairs["n_vertices"][order], strict=True)
        ]
        groups["hairs"] = in_order(hairs, order)
        groups["hairs"]["first_vertex"] = np.cumsum(groups["hairs"]["n_vertices"]) - groups["hairs"]["n_vertices"]
        groups["vertices"] = in_order(points, np.concatenate(pieces))
        groups["units"] = in_order(groups["units"], rng.permutation(len(groups["units"]["id"])))

    found = read_study(forged(path, change)).study
    assert same(found, study(30))
    assert isinstance(found.reads[1].hairs, HairsInColumns)
    saved = content_of(found, [], [])
    assert saved.state == content_of(study(30), [], []).state


@pytest.mark.parametrize(
    ("group", "column", "value", "said"),
    [
        ("hairs", "id", lambda ids: np.where(np.arange(len(ids)) == 1, 1, ids), "hair 1 of read 1 is there twice"),
        ("units", "id", lambda ids: np.full_like(ids, 31), "unit 31 of read 1 is there twice"),
        ("hairs", "origin", lambda texts: np.full_like(texts, b"grown"), "'grown'"),
        ("hairs", "status", lambda texts: np.full_like(texts, b""), "''"),
        ("hairs", "comment", lambda texts: np.full(len(texts), b"\xff"), "utf-8"),
        ("units", "comment", lambda texts: np.full(len(texts), b"\xff"), "utf-8"),
        ("hairs", "n_vertices", lambda n: n - 1, "points does not fit"),
        ("hairs", "n_vertices", lambda n: np.full_like(n, 1 << 62), "points does not fit"),
        ("hairs", "read_id", lambda ids: np.full_like(ids, -(1 << 63)), "there is no read -9223372036854775808"),
        ("units", "read_id", lambda ids: np.full_like(ids, 77), "is there twice|there is no read 77"),
    ],
)
def test_what_makes_no_sense_is_refused(path, group, column, value, said):
    def change(groups):
        groups[group][column] = value(groups[group][column])
        if (group, column) == ("hairs", "read_id"):
            groups["hairs"]["id"] = np.arange(1, 1 + len(groups["hairs"]["id"]))

    with pytest.raises(UserFacingError, match=said):
        read_study(forged(path, change))


@pytest.mark.parametrize("row", [0, 57, -1])
def test_a_hair_without_points_is_refused(path, row):
    def change(groups):
        n = groups["hairs"]["n_vertices"]
        n[row - 1] += n[row]
        n[row] = 0
        groups["hairs"]["first_vertex"] = np.cumsum(n) - n

    with pytest.raises(UserFacingError, match="makes no sense: a hair has no points"):
        read_study(forged(path, change))


def test_reads_far_apart_do_not_run_into_each_other(path):
    """Differences of such ids do not fit into 64 bits."""

    def change(groups):
        ids = groups["hairs"]["read_id"]
        groups["hairs"]["read_id"] = np.where(ids == 1, (1 << 63) - 1, np.where(ids == 2, -(1 << 63), ids))

    with pytest.raises(UserFacingError, match="there is no read"):
        read_study(forged(path, change))
