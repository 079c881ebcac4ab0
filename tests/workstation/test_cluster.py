import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("distributed", reason="Dask is not installed: pip install 'trichodesk[cluster]'")

import cv2

from analysis.detection import DetectionParameters
from tests.workstation.cli.conftest import field_of_rods
from workstation import cluster as module
from workstation.cluster import cluster_at
from workstation.detecting import Request, detect_all
from workstation.errors import UserFacingError

ROOT = Path(__file__).resolve().parents[2]
LOCAL = """
import sys
from distributed import LocalCluster
if __name__ == "__main__":
    how = {"threads_per_worker": 1, "dashboard_address": None, "host": "127.0.0.1"}
    with LocalCluster(n_workers=int(sys.argv[1]), **how) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
"""


def started(n_workers):
    process = subprocess.Popen(
        [sys.executable, "-c", LOCAL, str(n_workers)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    return process, process.stdout.readline().strip()


@pytest.fixture(scope="module")
def address():
    """The scheduler of a cluster of two workers, processes of this computer."""
    process, address = started(2)
    yield address
    process.communicate()


def requests(numbers):
    for number in numbers:
        data = cv2.imencode(".png", field_of_rods(number))[1].tobytes()
        yield Request(number, Path(f"{number}.png"), lambda data=data: data, 7.0)


def test_two_workers_find_what_one_process_finds(address):
    damaged = Request(9, Path("cut.png"), lambda: b"\x89PNG\r\n\x1a\n", 7.0)
    with cluster_at(address) as cluster:
        assert cluster.parallel == 2
        outcomes = [
            *detect_all(
                [*requests([0, 1, 2, 3, 4]), damaged],
                DetectionParameters(),
                cluster.executor,
                parallel=cluster.parallel,
                max_megapixels=150,
            )
        ]
    assert {o.request.image_id: o.detection.n_hairs for o in outcomes if o.detection} == {0: 0, 1: 1, 2: 2, 3: 3, 4: 4}
    [error] = [o.error for o in outcomes if o.error]
    assert isinstance(error, UserFacingError)
    assert "cut.png" in str(error)


def test_the_command_detects_on_a_cluster(address, tmp_path, monkeypatch, capsys):
    from workstation.cli.application import main

    monkeypatch.setenv("TRICHODESK_HOME", str(tmp_path / "home"))
    for number in (3, 4):
        cv2.imwrite(str(tmp_path / f"{number}.png"), field_of_rods(number))
    images, study = [str(tmp_path / f"{n}.png") for n in (3, 4)], str(tmp_path / "x.h5")
    assert main(["detect", *images, "--um-per-px", "7", "-o", study, "--dask", address]) == 0
    printed = capsys.readouterr().out
    assert all(f"{n}.png" in printed for n in (3, 4))
    assert main(["verify", study]) == 0


def test_a_worker_of_another_version_is_refused(address, monkeypatch):
    monkeypatch.setattr(module, "software_version", lambda: "99.0")
    with pytest.raises(UserFacingError, match=r"has trichodesk .*, and here is trichodesk 99.0"), cluster_at(address):
        pass


def test_a_cluster_without_workers_is_refused():
    process, address = started(0)
    try:
        with pytest.raises(UserFacingError, match="has no workers"), cluster_at(address):
            pass
    finally:
        process.communicate()


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://x", "not an address"])
def test_an_address_that_does_not_answer_is_told(address, monkeypatch):
    monkeypatch.setattr(module, "ANSWERS_WITHIN_S", 1.0)
    with pytest.raises(UserFacingError, match=f"no Dask scheduler answers at {address}"), cluster_at(address):
        pass


def test_without_dask_it_is_told_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UserFacingError, match=r"pip install 'trichodesk\[cluster\]'"), cluster_at("tcp://x:1"):
        pass
