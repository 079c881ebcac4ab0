import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from analysis.detection import DetectionParameters, Polarity, Preset, Source
from workstation import home
from workstation.errors import UserFacingError
from workstation.model.study import WidthCutoffs
from workstation.settings import Settings, change_settings, load_settings, save_settings


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "my home"
    monkeypatch.setenv("TRICHODESK_HOME", str(folder))
    return folder


def test_one_variable_names_the_folder_of_everything(own_home: Path) -> None:
    assert home.config_dir() == own_home == home.data_dir()
    assert own_home.is_dir()


def test_without_it_the_platforms_folders_serve(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TRICHODESK_HOME")
    monkeypatch.setattr("platformdirs.user_config_dir", lambda name, appauthor: str(tmp_path / "config" / name))
    monkeypatch.setattr("platformdirs.user_data_dir", lambda name, appauthor: str(tmp_path / "data" / name))
    assert home.config_dir() == tmp_path / "config" / "trichodesk"
    assert home.data_dir() == tmp_path / "data" / "trichodesk"


def test_a_home_that_cannot_be_made_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("TRICHODESK_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(UserFacingError, match="Set TRICHODESK_HOME"):
        home.data_dir()
    said: list[str] = []
    assert load_settings(said.append) == Settings()
    assert len(said) == 1


def test_an_account_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 12345")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert home.account_name() == "somebody"


def test_nothing_set_yet_gives_the_defaults(own_home: Path) -> None:
    said: list[str] = []
    settings = load_settings(said.append)
    assert (settings.reader, settings.max_megapixels, settings.backups_kept) == ("", 150, 3)
    assert settings.cutoffs == WidthCutoffs(30, 60)
    assert said == []
    assert not (own_home / "settings.json").exists()


def test_settings_come_back() -> None:
    settings = Settings(reader="Zoë Ångström", vellus_below_um=40, terminal_from_um=40, backups_kept=0)
    save_settings(settings)
    assert load_settings() == settings
    save_settings(settings.model_copy(update={"reader": "B"}))
    assert load_settings().reader == "B"


def test_what_a_newer_version_added_survives(own_home: Path) -> None:
    own_home.mkdir()
    (own_home / "settings.json").write_text('{"reader": "A", "later": {"x": 1}}')
    save_settings(load_settings().model_copy(update={"reader": "B"}))
    stored = json.loads((own_home / "settings.json").read_text())
    assert (stored["reader"], stored["later"]) == ("B", {"x": 1})


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"\xff\xfe\x00", b'{"reader": 5}', b'{"max_megapixels": -1}', b'{"backups_kept": "many"}',
        b'{"vellus_below_um": 70}', b'{"max_megapixels": NaN}',
    ],
)  # fmt: skip
def test_a_file_not_understood_is_put_aside_and_told_once(own_home: Path, content: bytes) -> None:
    own_home.mkdir()
    (own_home / "settings.json").write_bytes(content)
    said: list[str] = []
    assert load_settings(said.append) == Settings()
    assert load_settings(said.append) == Settings()
    assert len(said) == 1
    assert str(own_home / "settings.unreadable.json") in said[0]
    assert (own_home / "settings.unreadable.json").read_bytes() == content


def test_values_are_checked_when_they_are_set() -> None:
    for wrong in ({"max_megapixels": 0}, {"backups_kept": -1}, {"vellus_below_um": 90.0}, {"reader": "x" * 201}):
        with pytest.raises(ValidationError):
            Settings(**wrong)


def test_a_failed_save_leaves_the_settings_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    save_settings(Settings(reader="A"))

    def no_room(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full_disk:
        full_disk.setattr(Path, "write_text", no_room)
        with pytest.raises(UserFacingError, match="the disk is full"):
            save_settings(Settings(reader="B"))
    assert load_settings() == Settings(reader="A")


def test_what_belongs_to_the_window_comes_back() -> None:
    settings = Settings(
        theme="dark",
        keys={"edit.undo": ("Ctrl+Z", "Alt+Backspace"), "view.fit": ()},
        autosave_after_s=60,
        doubtful_below=0.3,
        error_below_percent=2.5,
        detection=DetectionParameters(Polarity.LIGHT, Preset.LONG, sensitivity=0.8, source=Source.RIDGES),
        window_layout="AAAA/w==",
    ).with_recent(Path("/data/ä/study.h5"))
    save_settings(settings)
    assert load_settings() == settings
    assert load_settings().keys["edit.undo"] == ("Ctrl+Z", "Alt+Backspace")
    assert load_settings().recent_files == (Path("/data/ä/study.h5").absolute(),)
    assert load_settings().last_folder == Path("/data/ä").absolute()


def test_recent_studies_stand_once_each_the_latest_first_and_are_few() -> None:
    settings = Settings()
    for number in (*range(14), 5):
        settings = settings.with_recent(Path(f"/s/{number}.h5"))
    assert [path.stem for path in settings.recent_files] == [
        "5", "13", "12", "11", "10", "9", "8", "7", "6", "4", "3", "2",
    ]  # fmt: skip
    assert [p.stem for p in settings.without_recent(Path("/s/13.h5")).recent_files][:3] == ["5", "12", "11"]


def test_a_recent_study_is_known_by_its_absolute_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings().with_recent(Path("a/../study.h5")).with_recent(tmp_path / "study.h5")
    assert settings.recent_files == (tmp_path / "study.h5",)


def test_a_name_that_is_no_text_is_not_remembered() -> None:
    settings = Settings().with_recent(Path("/data/\udcff.h5"))
    save_settings(settings)
    assert load_settings().recent_files == ()


def test_a_longer_list_of_a_newer_version_is_cut(own_home: Path) -> None:
    own_home.mkdir()
    (own_home / "settings.json").write_text(json.dumps({"recent_files": [f"/{i}.h5" for i in range(30)]}))
    assert len(load_settings().recent_files) == 12


def test_window_values_are_checked() -> None:
    for wrong in (
        {"theme": "blue"}, {"autosave_after_s": 0.5}, {"autosave_after_s": 3601.0}, {"doubtful_below": 1.1},
        {"keys": {"a": "Ctrl+Z"}}, {"window_layout": "x" * 100_001}, {"error_below_percent": -1.0},
        {"detection": DetectionParameters(sensitivity=2.0)}, {"detection": DetectionParameters(min_width_um=200.0)},
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            Settings().changed(**wrong)


def test_a_change_is_made_to_what_is_in_the_file_now() -> None:
    save_settings(Settings(reader="A", theme="light"))
    mine = load_settings()
    save_settings(mine.changed(reader="B"))  # another program
    after = change_settings(lambda settings: settings.changed(theme="dark"))
    assert (after.reader, after.theme) == ("B", "dark") == (load_settings().reader, load_settings().theme)


def test_detection_parameters_of_a_newer_version_are_passed_over(own_home: Path) -> None:
    own_home.mkdir()
    (own_home / "settings.json").write_text('{"reader": "Ada", "detection": {"sensitivity": 0.25, "curls": 7}}')
    said: list[str] = []
    found = load_settings(said.append)
    assert (found.reader, found.detection, said) == ("Ada", DetectionParameters(sensitivity=0.25), [])
