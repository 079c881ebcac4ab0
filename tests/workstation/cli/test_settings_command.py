import json


def test_the_reader_is_set_once_and_the_file_is_named(run, run_json, own_home):
    before = run_json("settings")
    assert (before["reader"], before["max_megapixels"]) == ("", 150)
    assert not (own_home / "settings.json").exists()

    assert run("settings", "--reader", " Zoë Ångström ")[0] == 0
    assert json.loads((own_home / "settings.json").read_text())["reader"] == "Zoë Ångström"
    _, out, _ = run("settings")
    assert f"file: {own_home / 'settings.json'}\n" in out
    assert "reader: Zoë Ångström\n" in out


def test_other_settings_stay_when_the_reader_is_set(run, run_json, own_home):
    (own_home / "settings.json").write_text('{"backups_kept": 7, "later": [1]}')
    run("settings", "--reader", "Ada")
    after = run_json("settings")
    assert (after["reader"], after["backups_kept"], after["later"]) == ("Ada", 7, [1])


def test_a_name_that_is_too_long_changes_nothing(run, own_home):
    status, _, err = run("settings", "--reader", "x" * 201)
    assert status == 1
    assert "the reader's name is too long" in err
    assert not (own_home / "settings.json").exists()


def test_as_many_backups_are_kept_as_set(run, study, own_home):
    (own_home / "settings.json").write_text('{"backups_kept": 1}')
    for _ in range(3):
        assert run("detect", study, "--again")[0] == 0
    assert sorted(p.name for p in study.parent.glob("study.h5.bak*")) == ["study.h5.bak"]


def test_every_setting_is_printed(run, run_json, own_home):
    (own_home / "settings.json").write_text('{"recent_files": ["/data/a.h5"], "keys": {"view.fit": ["F"]}}')
    printed = run_json("settings")
    assert (printed["recent_files"], printed["keys"], printed["theme"]) == (
        ["/data/a.h5"],
        {"view.fit": ["F"]},
        "system",
    )
    assert (printed["autosave_after_s"], printed["doubtful_below"], printed["last_folder"]) == (15, 0.5, None)
    _, out, _ = run("settings")
    assert "recent_files: ['/data/a.h5']\n" in out
