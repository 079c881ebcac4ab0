"""Placing, moving and removing landmarks, each together with the registration that follows from it.

A landmark and its registration are one edit, made once that is found: undo takes both back at once and need not fit
anything again, so that what is on the screen is always what is in the study.
"""

from collections.abc import Callable, Mapping

from analysis.registration.result import Verdict
from ui.matching.registrar import Registrar
from ui.tools.landmark_marks import Mark, Place
from ui.tools.wording import count_text
from ui.workspace import Workspace
from workstation import edits
from workstation.model.pair import Pair
from workstation.model.patch import Patch
from workstation.model.study import Study
from workstation.pairing import PairIds, pair_between


class LandmarkEdits:
    """See the module.

    Args:
        workspace: what is edited.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.registrar: Registrar | None = None
        """Registers anew; without it landmarks are only put down."""

    def pair(self, ids: PairIds) -> Pair | None:
        """A pair as it will be once all edits under way are made."""
        if self.registrar is not None:
            return self.registrar.pair_after(ids)
        study = self._workspace.study
        return None if study is None else pair_between(study, *ids.image_ids)

    def registers(self, ids: PairIds) -> bool:
        """Whether two images are being registered."""
        return self.registrar is not None and self.registrar.registers(ids)

    def fit_text(self, ids: PairIds) -> str:
        """How well two images fit, in a few words: `Good: 24 µm apart, 2 landmarks`; empty where nobody knows."""
        if self.registers(ids):
            return "Registering …"
        pair = self.pair(ids)
        if pair is None or pair.registration is None:
            return ""
        n = f", {count_text(len(pair.landmarks), 'landmark')}" if pair.landmarks else ""
        result = pair.registration.result
        if result.verdict is Verdict.FAILED:
            return f"Failed{n}: {pair.registration.because}"
        return f"{result.verdict.capitalize()}: {result.residual_um:.0f} µm apart{n}"

    def place(self, ids: PairIds, ends_px: Mapping[int, Place]) -> None:
        """Place a landmark whose two ends are given by image; images that are no pair yet become one."""
        baseline_px, followup_px = (ends_px[i] for i in ids.image_ids)
        self._workspace.commit_study(lambda study: edits.add_pair(study, *ids.image_ids), quiet=True)
        self._revise(ids, lambda study, pair_id: edits.place_landmark(study, pair_id, baseline_px, followup_px))

    def move(self, mark: Mark, to_px: Place) -> None:
        """Put one end of a landmark elsewhere."""
        end: dict[str, Place] = {"baseline_px" if mark.in_baseline else "followup_px": to_px}
        self._revise(mark.ids, lambda study, pair_id: edits.move_landmark(study, pair_id, mark.landmark_id, **end))

    def remove(self, mark: Mark) -> None:
        """Take a landmark out, both its ends."""
        self._revise(mark.ids, lambda study, pair_id: edits.remove_landmarks(study, pair_id, [mark.landmark_id]))

    def _revise(self, ids: PairIds, make: Callable[[Study, int], Patch]) -> None:
        """Make an edit of a pair; where both images have a read, together with the registration that follows."""

        def patch(study: Study) -> Patch:
            pair = pair_between(study, *ids.image_ids)
            return make(study, 0 if pair is None else pair.id)

        study = self._workspace.study
        detected = study is not None and all(study.read_in_use(i) is not None for i in ids.image_ids)
        if self.registrar is not None and detected:
            self.registrar.revise(ids, patch)
        else:
            self._workspace.commit_study(patch)
