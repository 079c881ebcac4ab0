import os

# before anything of Qt is imported; a real display can be asked for from outside
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest

from tests.ui.small_session import make_small_study, open_small


@pytest.fixture
def study_path(tmp_path):
    """A study file with two real images, closed."""
    return make_small_study(tmp_path / "study")


@pytest.fixture
def session(tmp_path):
    """A small study opened by Ada; see tests.ui.small_session for what is in it."""
    with open_small(tmp_path / "study") as session:
        yield session
