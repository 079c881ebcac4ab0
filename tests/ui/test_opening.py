import pytest

from tests.workstation.storage.studies import study
from ui import opening
from workstation.session import create_study, open_study


def test_a_study_that_cannot_be_shown_is_let_go(tmp_path, monkeypatch):
    monkeypatch.setenv("TRICHODESK_HOME", str(tmp_path / "home"))
    create_study(tmp_path / "trial.h5", study(), user="Ada")

    def fail(_study):
        raise MemoryError

    monkeypatch.setattr(opening, "overview", fail)
    with pytest.raises(MemoryError):
        opening._open(tmp_path / "trial.h5", "Ada")
    with open_study(tmp_path / "trial.h5", "Ada") as session:
        assert session.read_only_because is None
