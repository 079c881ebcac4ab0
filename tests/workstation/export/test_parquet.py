"""Parquet files, read by pandas and pyarrow; and the long table as CSV."""

import datetime
import sys

import pandas as pd
import pytest
from pyarrow import parquet as pq

from analysis.measures import ENDPOINTS
from tests.workstation.export.states import STATE
from tests.workstation.small_study import COMMENT, make_study, worked_study
from workstation.endpoints import endpoints_of
from workstation.errors import UserFacingError
from workstation.export.study_files import export_study

LONG_COLUMNS = [
    "subject", "arm", "site", "visit", "week", "date", "image", "read_id", "reader", "read_state", "endpoint", "unit",
    "value",
]  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    paths = export_study(worked_study(), tmp_path_factory.mktemp("parquet"), "parquet", state=STATE)
    return {path.stem: path for path in paths}


def test_the_long_table_has_a_row_an_endpoint(files):
    assert list(files) == ["endpoints_long", "matches", "units", "hairs"]
    table = pd.read_parquet(files["endpoints_long"])
    assert list(table) == LONG_COLUMNS
    assert table.endpoint.tolist() == [endpoint.name for endpoint in ENDPOINTS]
    first = table.iloc[1]
    assert first.drop(["value"]).to_dict() == {
        "subject": "S01", "arm": "", "site": "vertex", "visit": "baseline", "week": 0.0,
        "date": datetime.date(2026, 2, 3), "image": "scalp.png", "read_id": 1, "reader": "Ada",
        "read_state": "in review", "endpoint": "hair_density_per_cm2", "unit": "1/cm²",
    }  # fmt: skip
    assert first["value"] == pytest.approx(3.0)  # 3 hairs on 1 cm²
    values = endpoints_of(worked_study(), worked_study().reads[1]).as_dict()
    assert table.value.tolist() == pytest.approx(list(values.values()), nan_ok=True)


def test_what_is_undefined_is_null(files):
    table = pq.read_table(files["endpoints_long"]).to_pylist()
    undefined = {row["endpoint"] for row in table if row["value"] is None}
    assert "inter_follicular_distance_mm" in undefined
    assert "hair_count" not in undefined


def test_columns_know_their_types_units_and_meanings(files):
    schema = pq.read_schema(files["hairs"])
    assert [str(schema.field(name).type) for name in ("image", "read_id", "width_um", "counted")] == [
        "string", "int64", "double", "bool",
    ]  # fmt: skip
    assert schema.field("width_um").metadata[b"unit"].decode() == "µm"
    assert schema.field("width_um").metadata[b"description"].startswith(b"width: the median")
    assert schema.metadata[b"trichodesk.revision"] == b"12"
    assert schema.metadata[b"trichodesk.study_id"] == STATE.study_id.encode()


def test_hairs_are_those_of_the_csv_with_text_as_it_is(files, tmp_path):
    export_study(worked_study(), tmp_path, "csv")
    found, expected = pd.read_parquet(files["hairs"]), pd.read_csv(tmp_path / "hairs.csv")
    assert found.id.tolist() == expected.id.tolist()
    assert found.width_um.tolist() == pytest.approx(expected.width_um.tolist(), nan_ok=True)
    assert found.comment.tolist()[3] == COMMENT  # no spreadsheet reads it: it needs no apostrophe


def test_the_long_table_is_there_as_csv_too(tmp_path):
    export_study(worked_study(), tmp_path, "csv")
    table = pd.read_csv(tmp_path / "endpoints_long.csv")
    assert list(table) == LONG_COLUMNS
    assert table.set_index("endpoint").value["hair_count"] == 3


def test_an_empty_study_gives_empty_tables_of_the_same_types(files, tmp_path):
    for path in export_study(make_study(), tmp_path, "parquet"):
        table = pq.read_table(path)
        assert table.num_rows == 0
        assert table.schema.equals(pq.read_schema(files[path.stem]))


def test_without_pyarrow_it_is_said_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UserFacingError, match=r"pyarrow is not installed\. Install it with: pip install trichodesk\[p"):
        export_study(worked_study(), tmp_path / "out", ["csv", "parquet"])
    assert not (tmp_path / "out").exists()
