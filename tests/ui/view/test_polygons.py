import numpy as np

from ui.view.polygons import path_of, polygon

LINES = [np.array([[1.5, 2.0], [3.0, 4.25]]), np.array([[10.0, 0.0], [11.0, 0.5], [12.0, -3.0]])]


def test_a_path_holds_its_lines_one_after_the_other():
    path = path_of(LINES)
    found = [[(p.x(), p.y()) for p in line.toList()] for line in path.toSubpathPolygons()]
    assert found == [[(1.5, 2.0), (3.0, 4.25)], [(10.0, 0.0), (11.0, 0.5), (12.0, -3.0)]]


def test_a_path_grows_on_as_any():
    path = path_of(LINES)
    path.addPolygon(polygon(LINES[0]))
    assert len(path.toSubpathPolygons()) == 3
    assert path.fillRule() == path_of([]).fillRule()


def test_no_lines_make_an_empty_path():
    assert path_of([]).isEmpty()
