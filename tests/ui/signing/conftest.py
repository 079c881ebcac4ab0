import pytest

from workstation.signing import sealing
from workstation.signing.keys import make_key

PASSPHRASE = "four plain words here"


@pytest.fixture(autouse=True)
def quick_scrypt(monkeypatch):
    monkeypatch.setattr(sealing, "COST", 2**4)


@pytest.fixture
def ada_key():
    """Ada's key on this computer."""
    return make_key("Ada", PASSPHRASE)
