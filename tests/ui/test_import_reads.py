import json

import pytest
from PySide6.QtWidgets import QFileDialog

from ui.messages import MessageKind
from workstation.export.geojson import write_geojson
from workstation.model.read import ReadState


@pytest.fixture
def told(window):
    messages = []
    window.workspace.told.connect(messages.append)
    return messages


@pytest.fixture
def exported(opened, tmp_path):
    """The hairs of image 2, in use, as a file."""
    study = opened.workspace.study
    path = tmp_path / "out.geojson"
    write_geojson(path, study, study.read_in_use(2))
    return path


def choose(monkeypatch, *paths):
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path) for path in paths], ""))


def test_a_file_becomes_a_new_read_of_its_image(opened, exported, told, monkeypatch, qtbot):
    choose(monkeypatch, exported)
    before = opened.workspace.study.reads
    opened.actions_["file.import_reads"].trigger()
    qtbot.waitUntil(lambda: len(opened.workspace.study.reads) == len(before) + 1)
    study = opened.workspace.study
    new = study.reads[max(study.reads)]
    assert dict(new.hairs) == dict(before[2].hairs)
    assert (new.image_id, new.review.state) == (2, ReadState.IN_REVIEW)
    assert told[-1].text.endswith(
        f"hairs were imported as a read of scalp 2.png by {new.reader}, beside those that it has."
    )
    assert all(study.reads[id_] is read for id_, read in before.items())


def test_what_is_wrong_is_told_and_nothing_is_changed(opened, exported, told, monkeypatch, qtbot):
    data = json.loads(exported.read_text())
    data["features"][0]["geometry"]["coordinates"][0] = [-77, 4]
    exported.write_text(json.dumps(data))
    choose(monkeypatch, exported)
    before = opened.workspace.study
    opened.actions_["file.import_reads"].trigger()
    qtbot.waitUntil(lambda: bool(told))
    assert told[-1].kind is MessageKind.ERROR
    assert told[-1].text.startswith("Feature 1 (hair 1): it leaves the image")
    assert opened.workspace.study is before
