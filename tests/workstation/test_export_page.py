"""The examples of docs/export.md, run as they stand there."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from tests.workstation.export.states import STATE
from tests.workstation.trial_study import trial_of, with_image
from workstation.export.catalogue import TABLES
from workstation.export.study_files import ABOUT, ExportFormat, export_study
from workstation.model.trial import TrialPlan

PAGE = (Path(__file__).parents[2] / "docs" / "export.md").read_text(encoding="utf-8")
EXAMPLES = [part.partition("```")[0] for part in PAGE.split("```python\n")[1:]]
TRIAL = {"S01": {0: {"crown": 60, "vertex": 70}, 12: {"crown": 66, "vertex": 80}}, "S02": {0: 50, 12: 55}}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    study = with_image(trial_of(TRIAL), 1, source_name="scalp.png")
    export_study(replace(study, plan=TrialPlan()), tmp_path / "out", ["csv", "xlsx", "geojson", "coco"], state=STATE)
    monkeypatch.chdir(tmp_path)


def test_the_examples_run_and_give_what_they_say(folder, capsys):
    assert len(EXAMPLES) == 4
    found = []
    for example in EXAMPLES:
        names: dict[str, object] = {}
        exec(example, names)
        found.append(names)
    assert found[0]["units"].groupby(["subject", "week"]).value.mean()["S01", 12.0] == 73.0
    assert found[1]["one"].subject_value.tolist() == [73.0, 73.0]
    assert found[1]["one"].value.mean() == 73.0
    assert "60.0 hairs per cm²" in capsys.readouterr().out
    assert len(found[3]["coco"]["annotations"]) == 2 * (60 + 70 + 66 + 80 + 50 + 55)


def test_the_page_names_every_table_and_format():
    for table in TABLES:
        assert f"`{table.name}`" in PAGE
    assert set(ABOUT) == set(ExportFormat)
    assert all(f"| `{format}` |" in PAGE for format in ExportFormat)


def test_the_subject_s_value_is_found_again_from_its_hairs(folder):
    sources, hairs = pd.read_csv("out/statistics_sources.csv"), pd.read_csv("out/hairs.csv")
    one = sources.query("outcome == 'hair_density_per_cm2' and subject == 'S01' and week == 12")
    counted = hairs[hairs.read_id.isin(one.read_id) & hairs.counted].groupby("read_id").size()
    assert counted.mean() == one.subject_value.iloc[0] == 73.0  # the fields are 1 cm²
