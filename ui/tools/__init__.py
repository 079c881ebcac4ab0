"""What the hand can do in an image: one gesture grammar, one file a tool."""

from ui.tools.cut import CutTool
from ui.tools.draw import DrawTool
from ui.tools.ends import EndsTool
from ui.tools.exclude import ExcludeTool
from ui.tools.field import FieldTool
from ui.tools.join import JoinTool
from ui.tools.landmarks import LandmarksTool
from ui.tools.measure import MeasureTool
from ui.tools.select import SelectTool
from ui.tools.tool import Tool
from ui.tools.units import UnitsTool
from ui.tools.vertices import VerticesTool
from ui.tools.width import WidthTool

TOOLS: tuple[type[Tool], ...] = (
    SelectTool,
    DrawTool,
    VerticesTool,
    EndsTool,
    CutTool,
    JoinTool,
    WidthTool,
    UnitsTool,
    FieldTool,
    ExcludeTool,
    LandmarksTool,
    MeasureTool,
)
"""Every tool, in the order of the tool bar."""
