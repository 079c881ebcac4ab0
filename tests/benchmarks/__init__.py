"""Figures of accuracy and speed, printed by `make bench`; nothing here passes or fails."""
