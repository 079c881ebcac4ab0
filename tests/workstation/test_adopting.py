from concurrent.futures import ThreadPoolExecutor
from functools import partial

import cv2
import pytest

from analysis.detection import DetectionParameters
from tests.workstation.cli.conftest import field_of_rods
from workstation.adopting import adopt, prepare, request_of, undetected
from workstation.detecting import Outcome, detect_bytes
from workstation.errors import UserFacingError
from workstation.importing import embedded_files, study_from_images
from workstation.model.read import ReadState
from workstation.session import create_study, open_study


@pytest.fixture(params=[False, True], ids=["beside", "embedded"])
def session(tmp_path, request):
    for name, rods in (("four", 4), ("three", 3)):
        cv2.imwrite(str(tmp_path / f"{name}.png"), field_of_rods(rods))
    path = tmp_path / "study.h5"
    study = study_from_images([tmp_path / "four.png", tmp_path / "three.png"], 7.0, path, embed=request.param)
    create_study(path, study, user="Ada", image_files=embedded_files(study, tmp_path))
    with open_study(path, "Ada") as session:
        yield session


def detected(request):
    detection = detect_bytes(request.bytes_of(), request.name, request.um_per_px, DetectionParameters(), 150)
    return Outcome(request, detection)


def test_a_detection_becomes_a_read_and_the_image_is_no_longer_undetected(session):
    assert [image.id for image in undetected(session.study)] == [1, 2]
    request = request_of(session, session.study.images[2])
    assert (request.image_id, request.name, request.um_per_px) == (2, session.path.parent / "study.images/three.png", 7)
    read = adopt(session.document, detected(request))
    assert session.study.reads[read.id] is read
    assert (read.image_id, len(read.hairs), read.review.state) == (2, 3, ReadState.DETECTED)
    assert (read.detection.um_per_px, session.n_unsaved) == (7.0, 1)
    assert [image.id for image in undetected(session.study)] == [1]


def test_what_was_prepared_on_another_thread_is_what_comes_back(session):
    outcome = detected(request_of(session, session.study.images[1]))
    with ThreadPoolExecutor(1) as executor:
        prepared = executor.submit(prepare, session.study, outcome).result()
    read = adopt(session.document, outcome, prepared)
    assert read is prepared.changes[0].after
    path = session.path
    session.close()
    with open_study(path, "Ada") as again:
        assert again.recovered.n_edits == 1
        assert again.study.reads[read.id].same_content(read)


def test_a_read_that_began_meanwhile_keeps_its_number(session):
    outcome = detected(request_of(session, session.study.images[1]))
    prepared = prepare(session.study, outcome)
    own = session.document.current_reader_read(2)
    assert own.id == prepared.changes[0].id
    read = adopt(session.document, outcome, prepared)
    assert read.id == own.id + 1
    assert session.study.reads[own.id] is own
    assert len(read.hairs) == 4


def test_an_image_with_corrections_alone_is_undetected(session):
    session.document.current_reader_read(1)
    assert [image.id for image in undetected(session.study)] == [1, 2]


def test_the_bytes_are_read_when_asked_for_and_checked(session):
    request = request_of(session, session.study.images[1])
    file = session.path.parent / session.study.images[1].path
    file.unlink()
    file.write_bytes(b"another image")
    if session.study.images[1].embedded:
        assert request.bytes_of()[:4] == b"\x89PNG"
        return
    with pytest.raises(UserFacingError, match="the image changed since it was imported"):
        request.bytes_of()


def test_an_error_is_no_detection(session):
    request = request_of(session, session.study.images[1])
    failed = partial(adopt, session.document, Outcome(request, error=UserFacingError("it is gone", file="a.png")))
    with pytest.raises(ValueError, match=r"nothing was detected in image 1: a\.png: it is gone"):
        failed()
    assert session.n_unsaved == 0
