"""The program in docs/signatures.md checks signatures without this one."""

import re
import subprocess
import sys
from pathlib import Path

import h5py
import pytest

from tests.workstation.cli.test_sign import study_with
from workstation.model.read import ReadState
from workstation.signing import sealing
from workstation.signing.keys import make_key

PASSPHRASE = "four plain words here"
PAGE = Path(__file__).parents[3] / "docs" / "signatures.md"


@pytest.fixture
def program(tmp_path):
    (block,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "check.py"
    path.write_text(block, encoding="utf-8")
    return lambda study: subprocess.run(
        [sys.executable, "-I", path, study], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )


def test_others_can_check_a_signature(program, run, tmp_path, monkeypatch):
    monkeypatch.setattr(sealing, "COST", 2**4)
    monkeypatch.setenv("TRICHODESK_PASSPHRASE", PASSPHRASE)
    study = study_with(tmp_path / "study.h5", ReadState.SUBMITTED)
    run("settings", "--reader", "Ada")
    make_key("Ada", PASSPHRASE)
    assert run("sign", study, "--read", 2, "--typed")[0] == 0
    assert run("sign", study, "--read", 2)[0] == 0
    done = program(study)
    assert (done.returncode, done.stdout) == (0, "Ada typed a name\nAda signed read 2\n"), done.stderr
    with h5py.File(study, "r+") as file:
        names = file["signatures/meaning"]
        names[1] = "I approve this read"
    done = program(study)
    assert done.returncode == 1
    assert "InvalidSignature" in done.stderr
