from workstation.session import open_study


def test_a_package_is_written_beside_its_key(run, run_json, study, tmp_path):
    told = run_json("export", study, "-o", tmp_path / "out", "--anonymous", "--key", tmp_path / "key.csv")
    made = tmp_path / "out" / "study.h5"
    assert told == {
        "study": str(made),
        "images": [str(tmp_path / "out" / "study.images" / "P01_single_site-1.png")],
        "key": str(tmp_path / "key.csv"),
        "masked_regions": 0,
    }
    assert run_json("verify", made)["holds"] is True
    with open_study(made, "Ada", read_only=True) as session:
        assert list(session.study.subjects) == ["P01"]
        assert len(session.study.reads[1].hairs) == 4
    assert run_json("measure", made)[0]["hair_count"] == run_json("measure", study)[0]["hair_count"]


def test_what_cannot_go_together_is_said(run, study, tmp_path):
    out = tmp_path / "out"
    assert run("export", study, "-o", out, "--anonymous", "--format", "csv")[0] == 2
    assert run("export", study, "-o", out, "--format", "csv", "--key", tmp_path / "k.csv")[0] == 2
    status, _, err = run("export", study, "-o", out, "--anonymous", "--key", out / "key.csv")
    assert status == 1
    assert "the key would lie in the package" in err
    assert not out.exists()
