"""The record of a study: every change with who, when, what, from, to and why, out of its audit trail."""
