"""What holds of the kept file of every format alike: it was never changed, and its state is read as ever."""

import hashlib
from pathlib import Path
from typing import NamedTuple

import pytest

from workstation.storage.reader import read_study


class Golden(NamedTuple):
    file: str
    sha256: str
    study_id: str
    revision: int
    digest: str
    audit_sha256: str


FILES = (
    Golden(
        "study-1.0.h5",
        "e9630a80a9d5dada76c9398f0777a54e5fb7cccc5c61bdba2cd827bcb2905eaa",
        "5d0c7d1e-1111-4222-8333-944445555666", 2,
        "5b73eba22ace9252d52e36810a88b8e97544f5231775de7d85552881cb126ed7",
        "79d7eaf969420dda939e855b35e4621824a370879bb6c7d3aa67d8df5c922e0e",
    ),
    Golden(
        "study-1.1.h5",
        "1773853ccd4e65d9915d75c7acef49b00065e46baf85de5a4d70145ce45991f9",
        "5d0c7d1e-1111-4222-8333-944445555777", 4,
        "b5c38a31107d7b5f1701c5219f7743906c311e94a0a3c499be5fa6e143b665cf",
        "6d353802f31ef3f8add3d77ab567b4dc9e74e0e447f3e39a113c86157d492365",
    ),
    Golden(
        "study-1.2.h5",
        "3cfc17e1b73828dbbeaee4e40e9b7cc488224ed6a6120f76d77370820a44a944",
        "5d0c7d1e-1111-4222-8333-944445555888", 12,
        "59e3c359611bbec7af6c81534ec2b4971b9419938791266844da50ed62933683",
        "cf2137baa27b1217e2d096a967bb16759d05993335efe1f1542ecf6bb7440e4e",
    ),
    Golden(
        "study-1.3.h5",
        "2b6dc9d990ef54d29adf7badfe1429935d39075349d1f48334fd5ac3abfcf9f0",
        "5d0c7d1e-1111-4222-8333-944445555999", 20,
        "2ef50f6d720554ea87841a330dc989091ce27db0b132a4086367a8d7715f8ba2",
        "072b513eb6cfcb7494a84b3c2ef5455397f1de627ced22b5b93a8c87c171b52e",
    ),
    Golden(
        "study-1.4.h5",
        "d159d094c5f4ef1c72453a20da23bdb9f0ff8dba33d006494ff82c37e0ca36a0",
        "5d0c7d1e-1111-4222-8333-944445555aaa", 24,
        "2450f79ea823bd1f8da57c19bbb0151798cc0c690f481a5c0097680a7504a331",
        "1101f19aad8b09ffc8e16287c58e9844a2ffcbe97e446c978cf9074177c45603",
    ),
)  # fmt: skip
FOLDER = Path(__file__).parent


def test_every_kept_file_is_looked_at():
    assert {path.name for path in FOLDER.glob("*.h5")} == {golden.file for golden in FILES}


@pytest.mark.parametrize("golden", FILES, ids=lambda golden: golden.file)
def test_the_file_itself_was_never_changed(golden):
    assert hashlib.sha256((FOLDER / golden.file).read_bytes()).hexdigest() == golden.sha256


@pytest.mark.parametrize("golden", FILES, ids=lambda golden: golden.file)
def test_its_state_is_the_same(golden):
    state = read_study(FOLDER / golden.file).state
    assert (state.study_id, state.revision) == (golden.study_id, golden.revision)
    assert (state.digest, state.audit_sha256) == (golden.digest, golden.audit_sha256)
