import pytest

from tests.ui.quality.handed_in import QA, handed_in
from ui.background import Background
from ui.pictures import PictureStore
from ui.pixels import PixelStore
from ui.quality.page import QualityPage
from ui.workspace import Workspace
from workstation.session import open_study
from workstation.settings import Settings


@pytest.fixture
def qa_session(study_path):
    """Ada's reads 3 and 4 and Bo's 5 and 6 of images 1 and 2, all submitted, in the hands of Quinn.

    Bo rejected two of the hairs of image 1, so the reads of that image differ.
    """
    handed_in(study_path, "Ada")
    handed_in(study_path, "Bo", reject=(1, 2))
    with open_study(study_path, QA) as session:
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
