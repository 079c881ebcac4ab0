"""Adding images to a study that is open: the slow half on any thread, the edit itself on the document's.

    with prepare(session, rows, report=report) as addition:   # any thread: decodes, checks, places
        addition.commit()                                     # the document's thread: one edit in the journal

An addition that ends without its edit takes the files back.
"""

from collections.abc import Sequence
from types import TracebackType

from analysis.calibration import Calibration
from analysis.progress import Report, silent
from workstation.document import ChangeSet
from workstation.edits.images import add_to_study
from workstation.images import DEFAULT_MAX_MEGAPIXELS
from workstation.importing.checking import Checked, check_all
from workstation.importing.dicom_facts import filled
from workstation.importing.placing import Placing
from workstation.importing.recording import place_all, with_images
from workstation.importing.visits import with_subjects_and_visits
from workstation.manifest import ManifestRow
from workstation.model.study import Study
from workstation.session import Session
from workstation.storage.appending import read_only_error


class Addition:
    """Images that were checked and placed beside an open study, and are not in it yet. Made by `prepare`."""

    def __init__(
        self, session: Session, images: Sequence[Checked], paths: Sequence[str], placing: Placing, *, embed: bool
    ) -> None:
        self._session = session
        self._images = images
        self._paths = paths
        self._placing = placing
        self._embed = embed
        self._open = True

    def preview(self, study: Study) -> Study:
        """A study with the images.

        Raises:
            UserFacingError: if a row contradicts what the study holds.
        """
        grown = with_subjects_and_visits(study, [item.row for item in self._images])
        return with_images(grown, self._images, self._paths, embed=self._embed)

    def commit(self) -> ChangeSet:
        """Make the images part of the study as it is now: one edit, in the journal when this returns.

        In the thread that the document belongs to. Where it fails, the placed files are taken back.

        Raises:
            UserFacingError: if a row contradicts the study, or the journal could not be written.
            ValueError: if the addition was ended before.
        """
        if not self._open:
            raise ValueError("this addition was ended")
        document = self._session.document
        try:
            change = document.apply(add_to_study(document.study, self.preview(document.study)))
        except BaseException:
            self.discard()
            raise
        self._open = False
        return change

    def discard(self) -> None:
        """Take the placed files back; nothing after a commit."""
        if self._open:
            self._open = False
            self._placing.take_back()

    def __enter__(self) -> "Addition":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()


def prepare(
    session: Session,
    rows: Sequence[ManifestRow],
    *,
    given: Calibration | None = None,
    embed: bool = False,
    max_megapixels: float = DEFAULT_MAX_MEGAPIXELS,
    report: Report = silent,
) -> Addition:
    """Decode and check images, and place them beside an open study, on any thread; the study is not changed.

    Args:
        session: the open study.
        rows: of a manifest, checked; `image` is absolute.
        given: the scale of images whose row gives none.
        embed: keep the images inside the study file from its next save on.
        max_megapixels: larger images are refused.
        report: told of the progress; may cancel.

    Raises:
        UserFacingError: if the study is read-only, images cannot be read (all of them are named), contradict the
            study, or cannot be placed.
        Cancelled: if the report asks for it.

    In each case nothing is left behind.
    """
    if session.read_only_because is not None:
        raise read_only_error(session.path, session.read_only_because)
    rows = filled(rows)
    study = with_subjects_and_visits(session.study, rows)
    images = check_all(rows, given, max_megapixels, report)
    placing = Placing(session.path)
    placing.begin()
    try:
        paths = place_all(images, study, placing, report)
        placing.sync()
        report("adding", 1.0)
    except BaseException:
        placing.take_back()
        raise
    return Addition(session, images, paths, placing, embed=embed)
