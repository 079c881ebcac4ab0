"""Making studies of images, and adding images to the open one, on a thread with progress and cancel."""

from collections.abc import Callable, Sequence
from functools import partial
from importlib import resources
from pathlib import Path

from analysis.progress import Report
from ui.long_jobs import LongJobs
from ui.messages import MessageKind
from workstation.errors import UserFacingError
from workstation.home import account_name, data_dir
from workstation.image_names import image_names
from workstation.importing import empty_study, same_pictures, study_from_manifest
from workstation.importing.adding import Addition, prepare
from workstation.manifest import Manifest, ManifestRow, read_manifest
from workstation.model.study import Study
from workstation.read_import import Import, prepare_import
from workstation.session import Session, create_study
from workstation.settings import Settings

STOPPED = "Stopped; nothing was made."


def make_study(manifest: Manifest, path: Path, settings: Settings, report: Report) -> Path:
    """A new study file of the images that a manifest names; on any thread.

    Raises:
        UserFacingError: if an image cannot be imported, or the file is there already or cannot be written.
        Cancelled: if the report asks for it; nothing is then left behind.
    """

    def save(study: Study) -> None:
        create_study(path, study, user=settings.reader or account_name())

    limits = settings.max_megapixels
    study_from_manifest(manifest, path, cutoffs=settings.cutoffs, max_megapixels=limits, save=save, report=report)
    return path


def make_demo(settings: Settings, report: Report) -> Path:
    """The study of the bundled pair in the user's own folder; one that is there is kept, corrections included.

    Raises:
        UserFacingError: if it cannot be written.
        Cancelled: if the report asks for it.
    """
    path = data_dir() / "demo" / "study.h5"
    if path.exists():
        return path
    path.parent.mkdir(exist_ok=True)
    with resources.as_file(resources.files("resources") / "demo") as folder:
        return make_study(read_manifest(folder / "visits.csv"), path, settings, report)


def _told_of(found: Import, study: Study) -> str:
    if len(found.reads) > 1:
        return f"{len(found.reads)} reads were imported, each beside those that its image has."
    (read,) = found.reads
    name = image_names(study)[read.image_id]
    return f"{len(read.hairs)} hairs were imported as a read of {name} by {read.reader}, beside those that it has."


class StudyMaker(LongJobs):
    """Makes one study at a time and says where it is.

    Args:
        workspace: is told of failures.
        follow: shows a watcher's progress under a title.
        parent: the Qt parent.
    """

    def demo(self, then: Callable[[Path], object]) -> None:
        """Make the demo's study if there is none yet.

        Args:
            then: called with its path.
        """
        self._run("Preparing the demo", partial(make_demo, self._workspace.settings), then, stopped=STOPPED)

    def of_rows(self, rows: Sequence[ManifestRow], path: Path, then: Callable[[Path], object]) -> None:
        """Make a study of images.

        Args:
            rows: one an image, checked.
            path: where to; nothing is there yet.
            then: called with the path when it is made.
        """
        manifest = Manifest(path, tuple(rows), ())
        work = partial(make_study, manifest, path, self._workspace.settings)
        self._run("Importing images", work, then, stopped=STOPPED)

    def empty(self, path: Path, then: Callable[[Path], object]) -> None:
        """Make a study without anything in it.

        Args:
            path: where to; nothing is there yet.
            then: called with the path when it is made.
        """
        settings = self._workspace.settings

        def work(_report: Report) -> Path:
            create_study(path, empty_study(settings.cutoffs), user=settings.reader or account_name())
            return path

        self._run("Making a study", work, then, stopped=STOPPED)

    def add(self, rows: Sequence[ManifestRow], then: Callable[[Sequence[int]], object]) -> None:
        """Add images to the open study.

        Args:
            rows: one an image, checked.
            then: called with the ids of the new images when they are in the study.
        """
        session = self._workspace.session
        if session is None:
            return
        limit = self._workspace.settings.max_megapixels

        def work(report: Report) -> Addition:
            return prepare(session, rows, max_megapixels=limit, report=report)

        self._run("Adding images", work, partial(self._commit, session, then), stopped=STOPPED, session=session)

    def import_reads(self, files: Sequence[Path], then: Callable[[Sequence[int]], object]) -> None:
        """Bring reads from files into the open study.

        Args:
            files: GeoJSON or COCO.
            then: called with the ids of their images when they are in the study.
        """
        session = self._workspace.session
        if session is None:
            return
        user, study = session.document.user, session.study

        def work(_: Report) -> Import:
            return prepare_import(study, files, user=user)

        def finish(found: Import) -> None:
            if self._workspace.session is not session:  # it was closed meanwhile
                return
            if any(read.id in session.study.reads for read in found.reads):  # another read began meanwhile
                self.import_reads(files, then)
                return
            if self._workspace.commit_study(lambda _: found.patch, reason=found.reason, quiet=True) is None:
                return
            self._workspace.tell(_told_of(found, session.study))
            for note in found.notes:
                self._workspace.tell(note, MessageKind.WARNING)
            then([read.image_id for read in found.reads])

        self._run("Importing reads", work, finish, stopped=STOPPED, session=session)

    def copy(self, session: Session, path: Path, then: Callable[[Path], object]) -> None:
        """Write a copy of an open study, with its images.

        Args:
            session: the open study.
            path: where to; the user agreed to replace what is there.
            then: called with the path when it is written.
        """

        def work(report: Report) -> tuple[str, ...]:
            return session.save_copy(path, replace=path.exists(), report=report)

        self._run("Saving a copy", work, partial(self._copied, path, then), stopped=STOPPED, session=session)

    def _copied(self, path: Path, then: Callable[[Path], object], lacks: tuple[str, ...]) -> None:
        self._workspace.tell(f"A copy is in {path.name}.")
        for sentence in lacks:
            self._workspace.tell(sentence, MessageKind.WARNING)
        then(path)

    def _commit(self, session: Session, then: Callable[[Sequence[int]], object], addition: Addition) -> None:
        if self._workspace.session is not session:  # it was closed meanwhile
            addition.discard()
            return
        before = set(session.study.images)
        try:
            addition.commit()
        except UserFacingError as error:
            self._failed(error)
            return
        then([image_id for image_id in session.study.images if image_id not in before])
        for sentence in same_pictures(session.study):
            self._workspace.tell(f"{sentence}.", MessageKind.WARNING)

    def let_go(self, made: object) -> None:
        """See `LongJobs`."""
        if isinstance(made, Addition):
            made.discard()
