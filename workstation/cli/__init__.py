"""The commands that need no window: they prove that the two lower storeys need no Qt."""
