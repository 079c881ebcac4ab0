"""Where a hair of a third read comes from, as the window says it."""

from ui.pointing import Target, TargetKind
from ui.workspace import Workspace
from workstation.adjudication.provenance import origin_of
from workstation.adjudication.wording import origin_text, reader_names
from workstation.model.read import Read
from workstation.model.study import Study


def whence_text(study: Study, read: Read, hair_id: int, *, blinded: bool) -> str:
    """Where a hair comes from, as a clause; empty where its read settles no others."""
    if read.adjudicates is None:
        return ""
    first, second = (study.reads[i] for i in read.adjudicates)
    return origin_text(origin_of(read, hair_id), reader_names(first, second, blinded=blinded))


def target_whence(workspace: Workspace, target: Target) -> str:
    """The same of what lies under the pointer."""
    study, read = workspace.study, workspace.read(target.image_id)
    if study is None or read is None or target.kind is not TargetKind.HAIR or target.id not in read.hairs:
        return ""
    return whence_text(study, read, target.id, blinded=workspace.display.blinded)
