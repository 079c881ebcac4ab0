from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.measures import ENDPOINTS
from tests.workstation.small_study import worked_study
from workstation.export.study_files import export_study

PAGE = (Path(__file__).parents[2] / "docs" / "endpoints.md").read_text(encoding="utf-8")


def test_the_page_lists_every_endpoint_as_the_code_has_it():
    rows = [line for line in PAGE.splitlines() if line.startswith("| `") and line.endswith((" yes |", " no |"))]
    assert rows == [
        f"| `{r.name}` | {r.unit or '–'} | {r.description} | {'yes' if r.comparable else 'no'} |" for r in ENDPOINTS
    ]


def test_the_pages_example_gives_the_endpoints_again(tmp_path, monkeypatch):
    export_study(worked_study(), tmp_path, "csv")
    monkeypatch.chdir(tmp_path)
    found: dict[str, pd.Series] = {}
    exec(PAGE.partition("```python\n")[2].partition("```")[0], found)
    images = pd.read_csv("images.csv")
    assert found["density"]["scalp.png"] == pytest.approx(images["hair_density_per_cm2"][0])
    assert np.isclose(found["width"]["scalp.png"], images["mean_hair_width_um"][0])
