import numpy as np

from ui.panels.columns import merged, sorted_rows, texts

ALL = np.ones(4, dtype=np.bool_)


def test_what_is_not_known_comes_last_both_ways():
    column = np.array([3.0, np.nan, 1.0, 2.0])
    assert sorted_rows(column, ALL, descending=False).tolist() == [2, 3, 0, 1]
    assert sorted_rows(column, ALL, descending=True).tolist() == [0, 3, 2, 1]


def test_numbers_are_sorted_as_numbers():
    assert sorted_rows(np.array([10, 9, 100, 1]), ALL, descending=False).tolist() == [3, 1, 0, 2]


def test_text_is_sorted_without_regard_to_capitals_and_empty_last():
    column = texts(["b", "", "A", "c"])
    assert sorted_rows(column, ALL, descending=False).tolist() == [2, 0, 3, 1]
    assert sorted_rows(column, ALL, descending=True).tolist() == [3, 0, 2, 1]


def test_equal_values_keep_their_order():
    assert sorted_rows(np.array([1, 1, 0, 1]), ALL, descending=False).tolist() == [2, 0, 1, 3]
    assert sorted_rows(np.array([1, 1, 0, 1]), ALL, descending=True).tolist() == [0, 1, 3, 2]


def test_only_chosen_rows_are_there():
    chosen = np.array([True, False, True, False])
    assert sorted_rows(np.array([5, 1, 3, 0]), chosen, descending=False).tolist() == [2, 0]
    assert sorted_rows(texts(["x", "", "", ""]), ~ALL, descending=False).tolist() == []


def test_rows_are_replaced_added_and_taken_out():
    values = {"id": np.array([1, 2, 5]), "width": np.array([1.0, 2.0, 5.0])}
    fresh = {"id": np.array([3, 2]), "width": np.array([30.0, 20.0])}
    after = merged(values, np.array([5]), fresh)
    assert after["id"].tolist() == [1, 2, 3]
    assert after["width"].tolist() == [1.0, 20.0, 30.0]
