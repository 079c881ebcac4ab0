"""The installed command `trichodesk`: the commands that need no window, and the window."""

from workstation.cli.application import main

__all__ = ["main"]
