from pathlib import Path

import pytest

from tests.workstation.storage.studies import study
from workstation.session import create_study


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("TRICHODESK_HOME", str(tmp_path / "home"))


@pytest.fixture
def path(tmp_path):
    """A saved study in a folder of its own."""
    folder = tmp_path / "studien ä"
    folder.mkdir()
    create_study(folder / "trial.h5", study(), user="Ada")
    return folder / "trial.h5"


@pytest.fixture
def repository():
    return Path(__file__).parents[3]
