import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

N_KILLS = 50


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the editor is made by forking")
def test_no_kill_loses_a_committed_edit(tmp_path):
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-m", "tests.faults.killing", str(tmp_path)]
    ended = subprocess.run(
        [*command, str(N_KILLS), "20260203"], capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False
    )
    assert ended.stderr == ""
    found = json.loads(ended.stdout)
    assert found["wrong"] == []
    assert found["survived"] == N_KILLS
    # the kills must have met the work: edits were made and undone, saves were cut short
    assert found["edits"] > N_KILLS
    assert found["while saving"] > 0
    assert found["recovered"] > 0
