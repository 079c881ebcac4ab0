"""What of an image's read is shown at a place."""

from analysis.detection import FloatArray
from ui.pointing import Target, TargetKind
from ui.view.hits import Hits
from ui.view.layers import Layers
from ui.workspace import Workspace
from workstation.model.hair import Hair, Status


def target_at(workspace: Workspace, image_id: int, point_px: FloatArray, reach_px: float) -> Target | None:
    """What is shown at a place (2,): a hair, else a unit, else an exclusion."""
    layers, read = workspace.display.layers, workspace.read(image_id)
    if read is None or not layers.visible:
        return None
    hits = Hits.of(read)
    hair_id = hits.hair_at(point_px, reach_px) if layers.centrelines or layers.widths else None
    if hair_id is not None and _shown(read.hairs[hair_id], layers):
        return Target(image_id, TargetKind.HAIR, hair_id)
    unit_id = hits.unit_at(point_px, reach_px) if layers.units else None
    if unit_id is not None:
        return Target(image_id, TargetKind.UNIT, unit_id)
    exclusion_id = hits.exclusion_at(point_px) if layers.exclusions else None
    return None if exclusion_id is None else Target(image_id, TargetKind.EXCLUSION, exclusion_id)


def _shown(hair: Hair, layers: Layers) -> bool:
    return layers.rejected or hair.status is not Status.REJECTED
