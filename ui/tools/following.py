"""Tools whose lines follow the shaft between the places that the hand sets."""

from typing import TYPE_CHECKING

from ui.tools.gesture import Gesture
from ui.tools.gesture_tool import GestureTool
from ui.tools.option import Toggle

if TYPE_CHECKING:  # what it stands on takes a while to import
    from analysis.evidence import Guide


class FollowingTool(GestureTool):
    """A tool whose gestures follow the shaft, unless that is off or Alt is held."""

    snapping = True
    """Whether lines follow the shaft."""

    def activate(self) -> None:
        """Have the shown images prepared for following shafts."""
        for image_id in self.workspace.shown:
            self.pixels.evidence(image_id)

    def follows(self, gesture: Gesture) -> bool:
        """Whether the line of a gesture is to follow the shaft."""
        return self.snapping and not gesture.at.alt

    def guide(self, gesture: Gesture) -> "Guide | None":
        """What a gesture follows; None where it is to be straight, or the image is still being prepared."""
        return self.pixels.evidence(gesture.image_id) if self.follows(gesture) else None

    def can_measure(self, gesture: Gesture) -> bool:
        """Whether the line of a gesture is as good as it will be: its image is prepared, or it follows nothing."""
        return not self.follows(gesture) or self.pixels.is_prepared(gesture.image_id)

    def snapping_option(self) -> Toggle:
        """The choice, for the option bar."""
        tip = "Off, or with Alt held: straight lines"
        return Toggle("snapping", "Follow the shaft", tip, self.snapping, self._set_snapping)

    def _set_snapping(self, on: bool) -> None:
        self.snapping = on
        self._options_changed()

    def _options_changed(self) -> None:
        self.hint_changed.emit()
        self._changed()
