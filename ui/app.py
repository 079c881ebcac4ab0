"""The installed command `trichodesk`: the commands that need no window, and the window."""
