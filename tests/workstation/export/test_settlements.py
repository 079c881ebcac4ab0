from dataclasses import replace
from types import MappingProxyType

from tests.workstation.small_study import make_hair
from tests.workstation.two_reads import THIRD, line, two_reads, with_third
from workstation.adjudication.third_read import adjudication_of
from workstation.edits import submit
from workstation.edits.adjudication import settle
from workstation.export.geojson import feature_collection
from workstation.export.settlement_table import SETTLEMENTS, n_settlements, settlement_rows
from workstation.export.table import Source
from workstation.model.patch import apply
from workstation.model.settlement import Choice
from workstation.report.material import Material
from workstation.report.third_reads import third_reads


def settled_study():
    """Hair 1 of both, hair 2 of the first alone and hair 9 of the second alone, both taken; submitted."""
    first = [make_hair(1, 91, line(100, 100)), make_hair(2, 92, line(500, 100))]
    second = [make_hair(5, 81, line(101, 100)), make_hair(9, 82, line(100, 500))]
    study = with_third(two_reads(first, second))
    while left := adjudication_of(study, study.reads[THIRD]).open:
        study = apply(study, settle(study, study.reads[THIRD], left[0], Choice.BOTH))
    return apply(study, submit(study.reads[THIRD]))


def test_each_settlement_is_a_row():
    source = Source(settled_study())
    rows = list(settlement_rows(source))
    assert len(rows) == n_settlements(source) == 5  # three hairs, a unit, the field
    assert all(set(row) == {column.name for column in SETTLEMENTS} for row in rows)
    hairs = {(row["choice"], row["first_ids"], row["second_ids"]) for row in rows if row["about"] == "hair"}
    assert hairs == {("agreed", "1", "5"), ("both", "2", ""), ("both", "", "9")}
    assert {row["reader"] for row in rows} == {"Zoë"}
    assert {(row["first_reader"], row["second_reader"]) for row in rows} == {("Ada", "Bo")}


def test_other_reads_have_none():
    study = two_reads([make_hair(1, 91, line(100, 100))], [])
    assert list(settlement_rows(Source(study))) == []


def test_geojson_says_where_each_hair_is_from():
    study = settled_study()
    found = feature_collection(study, study.reads[THIRD])
    hairs = [f["properties"] for f in found["features"] if f["properties"]["kind"] == "hair"]
    assert sorted((h["from"], h["first_id"], h["second_id"]) for h in hairs) == sorted(
        [("agreed", 1, 5), ("first", 2, None), ("second", None, 9)]
    )
    about = found["trichodesk"]
    assert [read["reader"] for read in about["adjudicates"]] == ["Ada", "Bo"]
    assert about["settlements"]["both"] == 2
    of_reader = feature_collection(study, study.reads[1])
    assert "from" not in of_reader["features"][0]["properties"]
    assert "adjudicates" not in of_reader["trichodesk"]


def test_the_report_counts_them(monkeypatch):
    study = settled_study()

    class Given(Material):
        def __init__(self, study):
            object.__setattr__(self, "study", study)

    reads = {1: study.reads[THIRD]}
    monkeypatch.setattr(Material, "reads", reads, raising=False)
    monkeypatch.setattr(Material, "names", {1: "scalp.png"}, raising=False)
    (table,) = third_reads(Given(study))
    assert table.rows[0].cells == ("scalp.png", "Ada, Bo", "Zoë", "50.0", "3", "0", "0", "2", "0", "0", "0")
    monkeypatch.setattr(Material, "reads", {1: study.reads[1]}, raising=False)
    alone = replace(study, reads=MappingProxyType({1: study.reads[1]}))
    assert third_reads(Given(alone)) == []
