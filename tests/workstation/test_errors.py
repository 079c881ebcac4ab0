import pickle
from pathlib import Path

from workstation.errors import EditRefused, UserFacingError


def test_an_error_says_which_file_what_happened_and_what_to_do():
    error = UserFacingError("the image is truncated", file="scan.png", remedy="Copy it again.")
    assert str(error) == "scan.png: the image is truncated. Copy it again."


def test_an_error_survives_the_way_between_processes():
    error = pickle.loads(pickle.dumps(EditRefused("a hair needs two points", file="a.png", remedy="Draw on.")))
    assert type(error) is EditRefused
    assert (error.what, error.file, error.remedy) == ("a hair needs two points", Path("a.png"), "Draw on.")
