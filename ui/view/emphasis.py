"""What stands out in one image: what is selected there, what is pointed at."""

from ui.pointing import TargetKind
from ui.view.overlay import Emphasis
from ui.workspace import Workspace


def emphasis_of(workspace: Workspace, image_id: int) -> Emphasis:
    """What stands out in an image now."""
    hover = workspace.hover
    here = hover if hover is not None and hover.image_id == image_id else None
    selection = workspace.selection if workspace.selected_image == image_id else None
    return Emphasis(
        selected_hairs=workspace.selected_hairs() if selection else frozenset(),
        selected_units=selection.unit_ids if selection else frozenset(),
        hovered_hairs=frozenset({here.id}) if here and here.kind is TargetKind.HAIR else frozenset(),
        hovered_units=frozenset({here.id}) if here and here.kind is TargetKind.UNIT else frozenset(),
        hovered_exclusion=here.id if here and here.kind is TargetKind.EXCLUSION else None,
    )
