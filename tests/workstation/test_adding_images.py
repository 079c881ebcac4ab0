import pytest

from analysis.progress import Cancelled
from tests.workstation.images.files import saved, texture
from workstation.edits import set_cutoffs
from workstation.errors import UserFacingError
from workstation.importing import images_folder, study_from_images
from workstation.importing.adding import prepare
from workstation.manifest import ManifestRow
from workstation.model.read import ReadState
from workstation.session import create_study, open_study
from workstation.storage.reader import read_image_file
from workstation.storage.verify import verify


@pytest.fixture
def camera(tmp_path):
    folder = tmp_path / "camera"
    folder.mkdir()
    for number, name in enumerate(("a.png", "b.png", "c.png")):
        (folder / name).write_bytes(saved(texture(seed=number), "PNG"))
    return folder


@pytest.fixture
def path(camera, tmp_path):
    """A saved study of one image."""
    path = tmp_path / "trial" / "study.h5"
    path.parent.mkdir()
    create_study(path, study_from_images([camera / "a.png"], 5.0, path), user="Ada")
    return path


@pytest.fixture
def session(path):
    with open_study(path, "Ada") as session:
        yield session


def row(image, subject="S1", visit="baseline", **more):
    return ManifestRow(line=1, subject=subject, visit=visit, site="vertex", image=image, **more)


def placed(path):
    return sorted(p.name for p in images_folder(path).iterdir())


def test_images_come_into_an_open_study_and_survive_a_crash(camera, path):
    with open_study(path, "Ada") as session:
        session.document.apply(set_cutoffs(session.study, 20, 40))
        rows = [row(camera / "b.png", sex="f", um_per_px=4.0), row(camera / "c.png", visit="week 12")]
        with prepare(session, rows) as addition:
            assert list(session.study.images) == [1]
            assert [v.name for v in addition.preview(session.study).visits.values()] == [
                "single",
                "baseline",
                "week 12",
            ]
            change = addition.commit()
        assert change.after is session.study
        assert session.n_unsaved == 2
        read = session.document.current_reader_read(3)
        assert (read.image_id, read.review.state) == (3, ReadState.IN_REVIEW)
        expected = session.study
    with open_study(path, "Ada") as session:
        assert session.recovered.message.startswith("Recovered 3 edits from ")
        study = session.study
        assert (study.subjects, study.visits, study.images) == (expected.subjects, expected.visits, expected.images)
        assert study.subjects["S1"].sex == "female"
        assert [(v.id, v.subject, v.name, v.week) for v in study.visits.values()] == [
            (1, "unnamed", "single", None), (2, "S1", "baseline", 0.0), (3, "S1", "week 12", 12.0),
        ]  # fmt: skip
        assert [(i, r.visit_id, r.path) for i, r in study.images.items()] == [
            (1, 1, "study.images/a.png"), (2, 2, "study.images/b.png"), (3, 3, "study.images/c.png"),
        ]  # fmt: skip
        assert study.images[2].calibration.um_per_px == 4.0
        assert session.document.undo_text == "set cut-offs"
        session.save()
    assert [f.message for f in verify(path) if not f.holds] == []
    assert placed(path) == ["a.png", "b.png", "c.png"]
    with open_study(path, "Ada") as session:
        assert session.study.images == expected.images
        assert session.recovered.message == ""


def test_without_its_edit_an_addition_leaves_nothing_behind(camera, session):
    with prepare(session, [row(camera / "b.png")]) as addition:
        assert placed(session.path) == ["a.png", "b.png"]
    assert placed(session.path) == ["a.png"]
    with pytest.raises(ValueError, match="this addition was ended"):
        addition.commit()
    assert (session.n_unsaved, list(session.study.images)) == (0, [1])
    assert (camera / "b.png").exists()


@pytest.mark.parametrize("stage", ["checking images", "placing images", "adding"])
def test_a_cancelled_addition_leaves_nothing_behind_even_if_the_study_was_saved_meanwhile(camera, session, stage):
    session.document.apply(set_cutoffs(session.study, 20, 40))

    def cancel(now, _):
        if now == stage:
            session.save()
            raise Cancelled

    with pytest.raises(Cancelled):
        prepare(session, [row(camera / "b.png"), row(camera / "c.png")], report=cancel)
    assert placed(session.path) == ["a.png"]


def test_one_bad_image_refuses_all(camera, session):
    (camera / "c.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(UserFacingError, match=r"c\.png"):
        prepare(session, [row(camera / "b.png"), row(camera / "c.png")])
    assert placed(session.path) == ["a.png"]


def test_a_read_only_study_takes_none(camera, session):
    with open_study(session.path, "Zoë") as second, pytest.raises(UserFacingError, match="the study is open read-only"):
        prepare(second, [row(camera / "b.png")])
    assert placed(session.path) == ["a.png"]


def test_additions_are_numbered_when_they_are_made(camera, session):
    first, second = (prepare(session, [row(camera / name, visit=name)]) for name in ("b.png", "c.png"))
    second.commit()
    first.commit()
    assert [(i, r.source_name, r.visit_id) for i, r in session.study.images.items()] == [
        (1, "a.png", 1), (2, "c.png", 2), (3, "b.png", 3),
    ]  # fmt: skip


def test_an_addition_that_contradicts_the_study_by_now_is_taken_back(camera, session):
    first, second = (
        prepare(session, [row(camera / name, date=date)])
        for name, date in (("b.png", "2026-01-01"), ("c.png", "2026-01-02"))
    )
    first.commit()
    with pytest.raises(UserFacingError, match="date '2026-01-02'"):
        second.commit()
    assert placed(session.path) == ["a.png", "b.png"]
    assert list(session.study.images) == [1, 2]


def test_where_the_journal_cannot_be_written_the_files_are_taken_back(camera, session, monkeypatch):
    addition = prepare(session, [row(camera / "b.png")])

    def full(*_, **__):
        raise UserFacingError("the journal of edits cannot be written")

    monkeypatch.setattr(session._appender, "append", full)
    with pytest.raises(UserFacingError, match="journal"):
        addition.commit()
    assert placed(session.path) == ["a.png"]
    assert list(session.study.images) == [1]


def test_an_image_to_be_embedded_is_inside_after_the_next_save(camera, session):
    prepare(session, [row(camera / "b.png")], embed=True).commit()
    assert session.image_file(2) == (camera / "b.png").read_bytes()
    session.save()
    images_folder(session.path).joinpath("b.png").unlink()
    assert read_image_file(session.path, 2) == session.image_file(2) == (camera / "b.png").read_bytes()


def test_an_image_of_the_name_of_another_gets_a_longer_one(camera, session, tmp_path):
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / "a.png"
    other.write_bytes((camera / "b.png").read_bytes())
    prepare(session, [row(other, subject="S7")]).commit()
    assert session.study.images[2].path == "study.images/S7_baseline_vertex_a.png"
