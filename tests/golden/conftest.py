"""The kept files, copied before anything is done to them."""

import shutil

import pytest


@pytest.fixture
def path(request, tmp_path):
    """A copy of the file that the test's module is about."""
    shutil.copy(request.module.GOLDEN, tmp_path / "golden.h5")
    return tmp_path / "golden.h5"
