import pytest

from workstation.storage import strangers


@pytest.fixture(autouse=True)
def no_worker(monkeypatch):
    """Files are read at once and not by a worker first, which has tests of its own and takes most of the time."""
    monkeypatch.setattr(strangers.child, "inside", True)
