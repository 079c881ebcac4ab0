import pytest

from tests.workstation.storage.studies import study
from workstation.session import create_study


@pytest.fixture
def path(tmp_path, monkeypatch):
    """A saved study in a folder of its own."""
    monkeypatch.setenv("TRICHODESK_HOME", str(tmp_path / "home"))
    folder = tmp_path / "study"
    folder.mkdir()
    create_study(folder / "trial.h5", study(), user="Ada")
    return folder / "trial.h5"
