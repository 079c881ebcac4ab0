"""Electronic signatures: a reader's key on this computer, what a signature binds, and whether it still holds."""
