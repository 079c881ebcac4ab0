import json

from workstation.edits.field import add_exclusion
from workstation.model.field import ExclusionCause
from workstation.session import open_study


def test_what_was_exported_is_imported_as_a_new_read(run, run_json, study, tmp_path):
    run_json("export", study, "-o", tmp_path / "out", "--format", "geojson")
    file = tmp_path / "out" / "scan.geojson"
    assert run_json("import", study, file, "--reader", "Ada") == [
        {"image": "scan.png", "read_id": 2, "reader": "Ada", "hairs": 4, "units": 4}
    ]
    status, out, err = run("import", study, file)
    assert (status, err) == (0, "")
    assert out.startswith("scan.png: read 3 of ")
    with open_study(study, "Ada") as session:
        detected, read = session.study.reads[1], session.study.reads[2]
        assert list(read.hairs) == list(detected.hairs)
        assert session.study.read_in_use(1).id == 3
        change = session.document.apply(
            add_exclusion(read, session.study.images[1], [[5, 5], [30, 5], [30, 30]], ExclusionCause.PAINTED)
        )
        assert change.read_id == 2
        session.document.undo()
        assert session.study.reads[2].field == read.field
        assert not any(entry.patch.operation == "import read" for entry in session.document.history.done)
    assert run_json("verify", study)["holds"] is True


def test_nothing_is_imported_if_one_file_is_bad(run, study, tmp_path):
    run("export", study, "-o", tmp_path / "out", "--format", "geojson")
    good, bad = tmp_path / "out" / "scan.geojson", tmp_path / "bad.geojson"
    data = json.loads(good.read_text())
    data["features"][1]["geometry"]["coordinates"][0] = [-99, 4]
    bad.write_text(json.dumps(data))
    before = study.read_bytes()
    status, out, err = run("import", study, good, bad)
    assert (status, out) == (1, "")
    assert "feature 2 (hair 2): it leaves the image" in err
    assert study.read_bytes() == before
