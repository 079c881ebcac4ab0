import pickle
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from tests.workstation.small_study import make_hair, make_read, worked_study
from tests.workstation.storage.studies import read as full_read
from workstation.model.columns import HairsInColumns, UnitsInColumns, stacked, table_of
from workstation.model.hair import columns_of
from workstation.reviewing import is_doubtful, n_doubtful


def in_columns(read):
    """The same read as it comes from a file: its hairs in the middle of a table of others."""
    others = table_of([make_hair(1, 3, [[0, 0], [9, 9], [9, 10]]), make_hair(2, 3, [[0, 0], [9, 9]])])
    own = table_of(read.hairs.values())
    table = stacked([others, own, others])
    vertices = slice(len(others.x_px), len(others.x_px) + len(own.x_px))
    hairs = HairsInColumns(table, slice(2, 2 + len(own)), vertices)
    ids = np.array(list(read.units), dtype=np.int64)
    comments = np.array([unit.comment for unit in read.units.values()], dtype=np.object_)
    return replace(read, hairs=hairs, units=UnitsInColumns(ids, comments))


@pytest.fixture(params=["worked", "full", "empty"])
def read(request):
    return {
        "worked": lambda: worked_study().reads[1],
        "full": lambda: full_read(1, 1, 40, 1),
        "empty": lambda: make_read([]),
    }[request.param]()


def test_hairs_and_units_in_columns_are_the_same_hairs_and_units(read):
    found = in_columns(read)
    assert found == read
    assert read == found
    assert found.same_content(read)
    assert list(found.hairs.items()) == list(read.hairs.items())
    assert list(found.units.values()) == list(read.units.values())


def test_numbers_and_ids_are_known_without_making_them(read, monkeypatch):
    monkeypatch.setattr(HairsInColumns, "_made", None)
    monkeypatch.setattr(UnitsInColumns, "_made", None)
    found = in_columns(read)
    assert (len(found.hairs), list(found.hairs)) == (len(read.hairs), list(read.hairs))
    assert (len(found.units), list(found.units)) == (len(read.units), list(read.units))
    assert "HairsInColumns" in repr(found)
    assert len(found.columns.root_px) == len(read.hairs)


def test_each_hair_is_made_once_and_cannot_be_changed():
    found = in_columns(worked_study().reads[1]).hairs
    assert found[4] is found[4]
    assert list(found.values())[3] is found[4]
    assert 4 in found
    assert 99 not in found
    with pytest.raises(KeyError):
        found[99]
    with pytest.raises(ValueError, match="read-only"):
        found[4].vertices_px[0, 0] = 1.0
    assert dict(found) == found
    assert MappingProxyType(dict(found)) == found
    assert found != {**found, 4: found[1]}


def test_what_is_measured_is_the_same(read):
    here, there = in_columns(read).columns, columns_of(read.hairs.values())
    for name in ("root_px", "width_px", "unit", "counts"):
        np.testing.assert_array_equal(getattr(here, name), getattr(there, name))


@pytest.mark.parametrize("below", [0.0, 0.3, 0.91, 1.1])
def test_doubtful_hairs_are_counted_the_same(read, below):
    assert n_doubtful(in_columns(read), below) == sum(is_doubtful(hair, below) for hair in read.hairs.values())


def test_a_pickle_holds_the_hairs_of_its_own_read(read):
    found = in_columns(read)
    again = pickle.loads(pickle.dumps(found))
    assert again == found
    assert len(again.hairs._table) == len(read.hairs)


def test_a_table_in_the_order_of_ids():
    read = full_read(1, 1, 30, 1)
    shuffled = [read.hairs[i] for i in np.random.default_rng(1).permutation(sorted(read.hairs)).tolist()]
    assert table_of(shuffled).by_id().hairs() == read.hairs
    assert list(table_of(shuffled).by_id().hairs()) == sorted(read.hairs)


def test_a_hair_without_points_has_no_root():
    table = replace(table_of([make_hair(1, 3, [[0, 0], [9, 9]])]), n_vertices=np.array([0]))
    with pytest.raises(ValueError, match="no points"):
        table.measured()
