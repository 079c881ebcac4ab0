"""Signing in the window: the reader's key, the people of the study, the signatures on a read."""
