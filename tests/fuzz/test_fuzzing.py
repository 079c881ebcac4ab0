"""A sample of what `make fuzz` tries, and every file that ever did harm."""

from pathlib import Path

import pytest

from tests.faults.scratch import scratch_folder
from tests.faults.worker import Worker
from tests.fuzz import fuzzing, mutation
from tests.fuzz.guided import guided, is_possible
from tests.fuzz.target import TARGETS
from workstation.errors import UserFacingError
from workstation.isolation import child

N_FILES = {"images": 150, "studies": 40, "manifests": 150, "json": 150}
FOUND = sorted(p for p in fuzzing.FOUND.iterdir() if p.suffix != ".md")


@pytest.mark.parametrize("name", TARGETS)
def test_changed_files_do_no_harm(name):
    with scratch_folder() as folder:
        tally = fuzzing.tried(TARGETS[name], folder, range(N_FILES[name]))
    assert tally.faults == []
    assert tally.n == N_FILES[name]
    assert {"read", "refused"} == set(tally.kinds)  # the changes are neither nothing nor nonsense


@pytest.mark.parametrize("file", FOUND, ids=lambda p: p.name)
def test_what_did_harm_once_does_none_any_more(file):
    target = TARGETS[file.name.partition("-")[0]]
    with scratch_folder() as folder, Worker(target.work, {"folder": str(folder)}) as worker:
        outcome = worker.do(file.read_bytes())
    assert not outcome.is_fault, outcome


@pytest.mark.parametrize("name", TARGETS)
def test_the_seeds_are_good_files(name, tmp_path, monkeypatch):
    monkeypatch.setattr(child, "inside", True)
    opened = TARGETS[name].module.opening(str(tmp_path))
    assert [opened(data)[0] for data in TARGETS[name].seeds] == ["read"] * len(TARGETS[name].seeds)


@pytest.mark.parametrize("name", TARGETS)
def test_a_number_makes_the_same_file_again(name):
    target = TARGETS[name]
    some = range(3) if name == "studies" else range(20)
    assert [target.make(n) for n in some] == [target.make(n) for n in some]
    assert len({target.make(n) for n in some}) > len(some) / 2


def test_a_changed_file_is_never_boundless():
    import random

    assert all(len(mutation.text(random.Random(n), [b"[1, 2, 3]"])) <= mutation.MAX_BYTES for n in range(200))


def test_some_are_opened_as_the_program_opens_them():
    with scratch_folder() as folder:
        tally = fuzzing.in_fresh_processes(TARGETS["images"], folder, range(3))
    assert tally.n_faults == 0
    assert tally.n == 3


@pytest.mark.parametrize(
    ("error", "kind"),
    [(UserFacingError("it is empty"), "refused"), (KeyError("x"), "bug"),
     (UserFacingError("the decoder crashed over the image"), "contained")],
)  # fmt: skip
def test_what_reaches_the_program_is_told_from_what_it_says(monkeypatch, error, kind):
    def opened(_: bytes) -> str:
        raise error

    monkeypatch.setitem(fuzzing.FRESH, "images", lambda _: opened)
    tally = fuzzing.in_fresh_processes(TARGETS["images"], Path(), range(1))
    assert tally.kinds == {kind: 1}
    assert tally.n_faults == (kind == "bug")


@pytest.mark.slow
@pytest.mark.skipif(not is_possible(), reason="Atheris is not installed")
def test_a_sample_led_by_coverage():
    with scratch_folder() as folder:
        well, told = guided("manifests", 200, folder)
    assert well, told
