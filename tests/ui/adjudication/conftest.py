import hashlib
import shutil
from dataclasses import replace

import cv2
import pytest

from tests.workstation.cli.conftest import field_of_rods
from tests.workstation.small_study import make_hair
from tests.workstation.two_reads import line, two_reads
from ui.adjudication.review import AdjudicationReview
from ui.workspace import Workspace
from workstation.model.field import Field
from workstation.session import create_study, open_study
from workstation.settings import Settings

ADJUDICATOR = "Zoë"
WIDTH_PX, HEIGHT_PX = 320, 240
FIRST = [
    make_hair(1, 91, line(60, 60, dy=40)),
    make_hair(2, 92, line(140, 60, dy=40)),
    make_hair(3, 93, line(220, 60, dy=40), 2.0),
    make_hair(4, 94, line(100, 150, dy=40)),
    make_hair(5, 94, line(112, 150, dy=40)),
]
SECOND = [
    make_hair(1, 81, line(61, 60, dy=40)),
    make_hair(3, 83, line(220, 60, dy=40), 8.0),
    make_hair(4, 84, line(100, 150, dy=40)),
    make_hair(5, 85, line(112, 150, dy=40)),
    make_hair(6, 86, line(280, 150, dy=40)),
]
"""Agreed: one hair and two more; only the first: 2; only the second: 6; width: 3; units: 4 and 5."""


@pytest.fixture(scope="session")
def made_reads(tmp_path_factory):
    """A study whose one image two readers read, made once."""
    folder = tmp_path_factory.mktemp("reads") / "study"
    folder.mkdir()
    picture = folder / "1.png"
    cv2.imwrite(str(picture), field_of_rods(6))
    digest = hashlib.sha256(picture.read_bytes()).hexdigest()
    whole = Field.whole_image(WIDTH_PX, HEIGHT_PX)
    study = two_reads(FIRST, SECOND, fields=(whole, whole))
    image = replace(study.images[1], path="1.png", sha256=digest, width_px=WIDTH_PX, height_px=HEIGHT_PX)
    create_study(folder / "two.h5", replace(study, images={1: image}), user="Ada")
    return folder / "two.h5"


@pytest.fixture
def study_path(made_reads, tmp_path):
    return shutil.copytree(made_reads.parent, tmp_path / "study") / made_reads.name


@pytest.fixture
def session(study_path):
    with open_study(study_path, ADJUDICATOR) as session:
        yield session


@pytest.fixture
def workspace(qapp, session):
    workspace = Workspace(Settings(reader=ADJUDICATOR))
    workspace.set_session(session, (1,))
    return workspace


@pytest.fixture
def review(workspace):
    """The way through what the two reads differ in, switched on."""
    review = AdjudicationReview(workspace)
    review.set_on(True)
    return review
