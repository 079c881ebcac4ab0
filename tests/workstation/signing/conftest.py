import pytest

from workstation.signing import sealing


@pytest.fixture(autouse=True)
def quick_scrypt(monkeypatch):
    """Keys of the tests take a millisecond to unlock instead of half a second."""
    monkeypatch.setattr(sealing, "COST", 2**4)
