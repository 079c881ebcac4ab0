"""The window's long-lived parts that are no widgets, made in order and ended in order."""

from PySide6.QtCore import QObject, Signal

from ui.adjudication.review import AdjudicationReview
from ui.background import Background
from ui.blinding.packer import Packer
from ui.detection import DetectionRunner, Summary
from ui.exporting import Exporter
from ui.importing import StudyMaker
from ui.matching.changes import Changes
from ui.matching.match_review import MatchReview
from ui.matching.matches import Matches
from ui.matching.registrar import Registrar
from ui.opening import Opener
from ui.pictures import PictureStore
from ui.pixels import PixelStore
from ui.saving import Saver
from ui.tools import TOOLS
from ui.tools.host import ToolHost
from ui.trial.analyses import Analyses
from ui.trial.reporter import Reporter
from ui.workspace import Workspace
from workstation.settings import Settings


class Desk(QObject):
    """Everything that the window works with.

    Args:
        settings: the program's.
        parent: the Qt parent.
    """

    work_began = Signal(str, object)
    """A title and the `JobWatcher` of work that shows progress and can be cancelled."""
    idle = Signal()
    """It is not busy, or not any more."""

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.workspace = Workspace(settings, self)
        self.background = Background(self, workers=2)
        self.recent_files = Background(self)
        """Looks at the studies opened lately: of its own, so that nothing waits for a drive that does not answer."""
        self.pixels = PixelStore(self.workspace, self)
        self.pixels.loaded.connect(self._prepare_shown)
        self.workspace.settings_changed.connect(self._follow_settings)
        self.registrar = Registrar(self.workspace, self)
        self.tools = ToolHost(self.workspace, self.pixels, TOOLS, self, registrar=self.registrar)
        self.saver = Saver(self.workspace, self)
        self.detection = DetectionRunner(self.workspace, self)
        self.matches = Matches(self.workspace, self)
        self.changes = Changes(self.workspace, self.matches, self)
        self.pictures = PictureStore(self.workspace, self.pixels, self.background, self)
        self.match_review = MatchReview(self.workspace, self.matches, self)
        self.adjudication = AdjudicationReview(self.workspace, self)
        self.detection.finished.connect(self._register_detected)
        self.opener = Opener(self.workspace, self.background, self)
        self.maker = StudyMaker(self.workspace, self.work_began.emit, self)
        self.exporter = Exporter(self.workspace, self.work_began.emit, self)
        self.analyses = Analyses(self.workspace, self)
        self.reporter = Reporter(self.workspace, self.work_began.emit, self)
        self.packer = Packer(self.workspace, self.work_began.emit, self)
        for jobs in (self.maker, self.exporter, self.reporter, self.packer):
            jobs.idle.connect(self._tell_idle)
        self.tools.changed.connect(self._tell_idle)

    @property
    def busy(self) -> bool:
        """Whether anything that the user did or asked for is not done yet: files to write, a hair to measure."""
        jobs = self.maker, self.exporter, self.reporter, self.packer
        return self.tools.waits or any(one.busy for one in jobs)

    def shutdown(self) -> None:
        """End all work and let go of the study; what it has not saved is in the journal."""
        working = (
            self.detection,
            self.registrar,
            self.matches,
            self.changes,
            self.maker,
            self.exporter,
            self.reporter,
            self.packer,
            self.analyses,
            self.saver,
            self.pixels,
            self.background,
        )
        for part in (*working, self.recent_files):
            part.shutdown()
        session = self.workspace.session
        if session is not None:
            self.workspace.set_session(None)
            session.close()

    def _tell_idle(self) -> None:
        if not self.busy:
            self.idle.emit()

    def _prepare_shown(self, image_id: int) -> None:
        """Have what drawing follows ready before the first hair is drawn."""
        if self.workspace.can_edit and image_id in self.workspace.shown:
            self.pixels.evidence(image_id)

    def _register_detected(self, summary: Summary) -> None:
        """Where both images of a pair have hairs now, they are registered by themselves."""
        study = self.workspace.study
        if study is not None:
            images = [study.reads[read_id].image_id for read_id in summary.reads if read_id in study.reads]
            self.registrar.register_where_detected(images)

    def _follow_settings(self) -> None:
        if self.workspace.session is not None:
            self.workspace.session.backups = self.workspace.settings.backups_kept
