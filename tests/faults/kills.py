"""Programs killed at random moments: while they edit and save, and while they bring a package back."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.figure import Figure
from tests.faults.scratch import scratch_folder

SECTION = "Kills at random moments"
N_EDITING, N_MERGING = 400, 100
SEED = 20260203
ROOT = Path(__file__).parents[2]


def figures(n_editing: int = N_EDITING, n_merging: int = N_MERGING) -> list[Figure]:
    """Both."""
    found = [*of_editing(n_editing)]
    if importlib.util.find_spec("workstation.blinding") is not None:
        found += of_merging(n_merging)
    return found


def of_editing(n_kills: int) -> list[Figure]:
    """Of a program that edits and saves, also both at once."""
    told = killed("tests.faults.killing", n_kills)
    note = (
        f"{told['kills']} kills, {told['while saving']} in the middle of a save and {told['while opening']} while "
        f"opening, of {told['edits']:,} edits; {told['recovered']:,} came back from the journal"
    )
    return [Figure(SECTION, "editing and saving", told["kills"] - told["survived"], "lost or damaged", "0", note)]


def of_merging(n_kills: int) -> list[Figure]:
    """Of a program that brings a package back into its study."""
    told = killed("tests.faults.killed_merges", n_kills)
    note = (
        f"{told['kills']} kills, {told['while merging']} in its middle; {told['before']} times nothing of it "
        f"was there, {told['after']} times all of it"
    )
    return [Figure(SECTION, "merging a package", len(told["wrong"]), "lost or damaged", "0", note)]


def killed(module: str, n_kills: int) -> dict:
    """What a module that kills tells of it.

    Raises:
        RuntimeError: if it came to no end.
    """
    with scratch_folder(on_disk=True) as folder:
        command = [sys.executable, "-W", "ignore::DeprecationWarning", "-m", module, str(folder), str(n_kills)]
        ended = subprocess.run(
            [*command, str(SEED)], capture_output=True, text=True, cwd=ROOT, check=False, env=dict(os.environ)
        )
    if ended.returncode or ended.stderr:
        raise RuntimeError(ended.stderr)
    return json.loads(ended.stdout)
