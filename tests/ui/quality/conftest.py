import shutil

import pytest

from tests.ui.quality.handed_in import QA, handed_in
from ui.background import Background
from ui.pictures import PictureStore
from ui.pixels import PixelStore
from ui.quality.page import QualityPage
from ui.workspace import Workspace
from workstation.session import open_study
from workstation.settings import Settings


@pytest.fixture(scope="session")
def made_reads(made_study, tmp_path_factory):
    """The small study with Ada's reads 3 and 4 and Bo's 5 and 6 of images 1 and 2, all submitted, made once.

    Bo rejected two of the hairs of image 1, so the reads of that image differ.
    """
    folder = shutil.copytree(made_study.parent, tmp_path_factory.mktemp("reads") / "study")
    handed_in(folder / made_study.name, "Ada")
    handed_in(folder / made_study.name, "Bo", reject=(1, 2))
    return folder / made_study.name


@pytest.fixture
def reads_path(made_reads, tmp_path):
    """A copy of that file, closed."""
    return shutil.copytree(made_reads.parent, tmp_path / "reads") / made_reads.name


@pytest.fixture
def qa_session(reads_path):
    """It in the hands of Quinn."""
    with open_study(reads_path, QA) as session:
        yield session


@pytest.fixture
def qa_workspace(qapp, qa_session):
    workspace = Workspace(Settings(reader=QA))
    workspace.set_session(qa_session, (1, 2))
    return workspace


@pytest.fixture
def told(qa_workspace):
    messages = []
    qa_workspace.told.connect(lambda message: messages.append(message.text))
    return messages


@pytest.fixture
def page(qa_workspace, qtbot):
    """The page by itself, its queue worked out."""
    pixels, background = PixelStore(qa_workspace), Background()
    page = QualityPage(qa_workspace, PictureStore(qa_workspace, pixels, background), background)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    qtbot.waitUntil(lambda: page.queue.model.rowCount() == 4, timeout=10_000)
    yield page
    background.shutdown()
    pixels.shutdown()
