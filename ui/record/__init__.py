"""The record in the window: the trail as a table, a read as it was, and why a change was made."""
