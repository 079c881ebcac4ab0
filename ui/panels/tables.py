"""The two tables of the active image: its hairs and its units."""

from ui.panels.hair_table import HairTable
from ui.panels.unit_table import UnitTable

__all__ = ["HairTable", "UnitTable"]
