import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from analysis.progress import Cancelled
from tests.workstation.images.files import saved, texture
from tests.workstation.storage.forging import resealed
from tests.workstation.storage.studies import HEIGHT_PX, WIDTH_PX, comment, read
from workstation.edits import set_calibration, set_cutoffs
from workstation.errors import UserFacingError
from workstation.importing import discard_embedded, embedded_files, images_folder, study_from_images
from workstation.session import create_study, open_study, table_of_endpoints
from workstation.storage.content import content_of
from workstation.storage.reader import read_image_file, read_study
from workstation.storage.verify import Check, verify
from workstation.storage.writer import write_content


@pytest.fixture(params=[False, True], ids=["beside", "embedded"])
def embed(request):
    return request.param


@pytest.fixture
def path(tmp_path, embed):
    """A saved study of two images, one of which Zoë has read."""
    return made(tmp_path, embed)


@pytest.fixture
def plain(tmp_path):
    """The same, its images beside it."""
    return made(tmp_path, embed=False)


def made(tmp_path, embed):
    folder = tmp_path / "from"
    folder.mkdir()
    for number, name in enumerate(("a.png", "b.png")):
        (folder / name).write_bytes(saved(texture(seed=number), "PNG"))
    path = folder / "trial.h5"
    study = study_from_images([folder / "a.png", folder / "b.png"], 5.0, path, embed=embed)
    # the reads of these tests are of images of that size
    large = {i: replace(r, width_px=WIDTH_PX, height_px=HEIGHT_PX) for i, r in study.images.items()}
    own = read(3, 1, 5, 1, based_on=1)
    study = replace(study, images=MappingProxyType(large), reads=MappingProxyType({1: read(1, 1, 5, 1), 3: own}))
    create_study(path, study, user="Ada", image_files=embedded_files(study, folder))
    discard_embedded(study, folder)
    return path


def opened(path, user="Zoë", **more):
    return open_study(path, user, **more)


def said(session):
    return session.study.reads[3].hairs[1].comment


def files(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


@pytest.fixture
def target(tmp_path):
    (tmp_path / "to").mkdir()
    return tmp_path / "to" / "copy.h5"


def test_the_copy_has_unsaved_edits_images_and_the_whole_past(path, target, embed):
    with opened(path) as session:
        comment(session.document, "one")
        session.save()
        comment(session.document, "two")
        assert session.save_copy(target) == ()
        assert (session.n_unsaved, said(session)) == (1, "two")
    assert read_study(path).study.reads[3].hairs[1].comment == "one"
    images = [] if embed else ["copy.images", "copy.images/a.png", "copy.images/b.png"]
    assert files(target.parent) == ["copy.h5", *images]
    assert [f.message for f in verify(target) if not f.holds] == []
    last = read_study(target).audit_rows[-1]
    assert (last.seq, last.user, last.operation, last.reason) == (4, "Zoë", "copy study", "from trial.h5, edit 3")
    with opened(target) as copy:
        assert (copy.read_only_because, copy.recovered.message, copy.recovered.notices) == (None, "", ())
        assert said(copy) == "two"
        copy.document.undo()
        copy.document.undo()
        assert (said(copy), copy.document.can_undo) == ("", False)
        copy.save()
    if embed:
        assert read_image_file(target, 1) == saved(texture(seed=0), "PNG")
    else:  # one file under two names, where the disk allows it
        assert images_folder(target).joinpath("a.png").samefile(images_folder(path) / "a.png")
    assert [f.message for f in verify(target) if not f.holds] == []


def test_original_and_copy_go_ways_of_their_own(plain, target):
    with opened(plain) as session:
        comment(session.document, "both")
        session.save_copy(target)
        comment(session.document, "original")  # and a crash
    with opened(target) as copy:
        assert (said(copy), copy.recovered.notices) == ("both", ())
        comment(copy.document, "copy")
    with opened(plain) as session:
        assert said(session) == "original"
        assert session.recovered.n_edits == 2
        session.save()
        comment(session.document, "original again")
    with opened(target) as copy:
        assert (said(copy), copy.recovered.n_edits, copy.recovered.notices) == ("copy", 1, ())
        copy.save()
    plain.unlink()
    with opened(target) as copy:  # nothing of the original ever fits on it
        assert (said(copy), copy.recovered.n_edits) == ("copy", 0)


def test_a_calibration_from_before_the_copy_is_kept_and_later_edits_can_be_undone(plain, target):
    with opened(plain) as session:
        session.document.apply(set_calibration(session.study, 1, 7.0))
        comment(session.document, "later")
        session.save_copy(target)
    with opened(target) as copy:
        assert copy.study.images[1].path == "copy.images/a.png"
        copy.document.undo()
        assert said(copy) == ""
        assert not copy.document.can_undo
        assert copy.study.images[1].calibration.um_per_px == 7.0


def test_a_study_that_somebody_else_has_open_can_be_copied(plain, target):
    with opened(plain) as session:
        comment(session.document, "unsaved")
        with opened(plain, "Ada") as second:
            assert second.read_only_because
            assert second.save_copy(target) == ()
            assert said(second) == "unsaved"
        comment(session.document, "still writing")
    with opened(target, "Ada") as copy:
        assert (copy.read_only_because, said(copy), copy.recovered.n_edits) == (None, "unsaved", 0)
        copy.document.apply(set_cutoffs(copy.study, 20, 40))
        copy.save()
    assert [f.message for f in verify(target) if not f.holds] == []


def test_no_file_is_replaced_unasked(plain, target):
    target.write_bytes(b"a letter")
    with opened(plain) as session:
        with pytest.raises(UserFacingError, match="there is already a file of this name"):
            session.save_copy(target)
        assert target.read_bytes() == b"a letter"
        assert files(target.parent) == ["copy.h5"]
        session.save_copy(target, replace=True)
    assert target.with_name("copy.h5.bak").read_bytes() == b"a letter"
    assert len(read_study(target).study.images) == 2


def test_a_copy_replaces_an_older_copy_with_unsaved_edits_of_its_own(plain, target):
    with opened(plain) as session:
        session.save_copy(target)
        with opened(target) as copy:
            comment(copy.document, "of the older copy")
        session.save_copy(target, replace=True)
    with opened(target) as copy:
        assert said(copy) == ""
        (notice,) = copy.recovered.notices
        assert "copy.h5.bak is that state" in notice


def test_a_study_is_no_copy_of_itself(plain, tmp_path):
    link = tmp_path / "link.h5"
    link.symlink_to(plain)
    with opened(plain) as session:
        for same in (plain, link):
            with pytest.raises(UserFacingError, match="this is the study itself"):
                session.save_copy(same, replace=True)


def test_a_study_that_is_open_is_not_replaced(plain, target):
    with opened(plain) as session:
        session.save_copy(target)
        with opened(target), pytest.raises(UserFacingError, match=r"copy\.h5"):
            session.save_copy(target, replace=True)


def test_a_missing_and_a_changed_image_are_told_and_the_rest_is_copied(plain, target):
    images_folder(plain).joinpath("a.png").unlink()
    (images_folder(plain) / "b.png").unlink()
    (images_folder(plain) / "b.png").write_bytes(b"something else")
    with opened(plain) as session:
        missing, changed = session.save_copy(target)
    assert missing.startswith("a.png is not in the copy: ")
    assert changed.startswith("b.png is not in the copy: the image changed since it was imported")
    assert {f.check for f in verify(target) if not f.holds} == {Check.IMAGES}
    with opened(target) as copy:
        assert [r.path for r in copy.study.images.values()] == ["copy.images/a.png", "copy.images/b.png"]


def test_names_that_are_taken_are_left_alone(plain, target):
    images_folder(target).mkdir()
    (images_folder(target) / "a.png").write_bytes(b"of somebody else")
    with opened(plain) as session:
        assert session.save_copy(target) == ()
    assert (images_folder(target) / "a.png").read_bytes() == b"of somebody else"
    assert read_study(target).study.images[1].path == "copy.images/a_2.png"


@pytest.mark.parametrize("failing", ["workstation.copying.write_content", "os.replace"])
def test_a_failed_copy_leaves_nothing_behind(path, target, monkeypatch, failing):
    def full(*_):
        raise OSError(28, "No space left on device", str(target))

    with opened(path) as session:
        before = files(path.parent)
        with monkeypatch.context() as disk:
            disk.setattr(failing, full)
            with pytest.raises(UserFacingError, match="the disk is full"):
                session.save_copy(target)
        assert files(target.parent) == []
        assert files(path.parent) == before
        comment(session.document, "goes on")
        session.save()


@pytest.mark.parametrize("stage", ["copying images", "saving"])
def test_a_cancelled_copy_leaves_nothing_behind(plain, target, stage):
    def cancel(now, _):
        if now == stage:
            raise Cancelled

    with opened(plain) as session, pytest.raises(Cancelled):
        session.save_copy(target, report=cancel)
    assert files(target.parent) == []


def test_another_thread_copies_while_edits_go_on(path, target):
    with opened(path) as session, ThreadPoolExecutor(1) as thread:
        comment(session.document, "before")
        copying = thread.submit(session.save_copy, target)
        for number in range(20):
            comment(session.document, f"{number}")
        assert copying.result(30) == ()
        assert said(session) == "19"
    assert [f.message for f in verify(target) if not f.holds] == []


def test_a_file_that_no_edit_could_have_made_stays_read_only_in_its_copy(plain, target):
    file = read_study(plain)
    hair = replace(file.study.reads[3].hairs[1], confidence=7.0)
    hairs = MappingProxyType({**file.study.reads[3].hairs, 1: hair})
    reads = MappingProxyType({**file.study.reads, 3: replace(file.study.reads[3], hairs=hairs)})
    study = replace(file.study, reads=reads)
    write_content(plain, content_of(study, file.audit_rows, table_of_endpoints(study)), {})
    with opened(plain) as session:
        assert "confidence" in session.read_only_because
        session.save_copy(target)
    with opened(target) as copy:
        assert "confidence" in copy.read_only_because


def test_what_is_wrong_with_the_trail_stands_in_the_copy(plain, target):
    with opened(plain) as session:
        comment(session.document, "one")
        comment(session.document, "two")
        session.save()
    file = read_study(plain)
    one = read_study(plain.with_name("trial.h5.bak")).study
    write_content(plain, resealed(content_of(one, file.audit_rows[:2], []), revision=3), {})
    with opened(plain) as session:
        session.save_copy(target)
    assert read_study(target).audit_rows[-1].reason.endswith("the audit trail has 2 rows instead of 3")


def test_a_study_of_a_newer_format_is_not_copied_with_losses(plain, target):
    file = read_study(plain)
    write_content(plain, resealed(content_of(file.study, file.audit_rows, []), format_version="1.9"), {})
    with opened(plain) as session, pytest.raises(UserFacingError, match=r"the study has format 1\.9"):
        session.save_copy(target)
    assert files(target.parent) == []


def test_a_folder_that_does_not_exist(plain, tmp_path):
    with opened(plain) as session, pytest.raises(UserFacingError, match="its folder does not exist"):
        session.save_copy(tmp_path / "nowhere" / "x.h5")


def test_a_copied_study_can_be_moved_with_its_images(plain, target, tmp_path):
    with opened(plain) as session:
        session.save_copy(target)
    shutil.rmtree(plain.parent)
    moved = tmp_path / "elsewhere"
    Path(target.parent).rename(moved)
    assert [f.message for f in verify(moved / "copy.h5") if not f.holds] == []
