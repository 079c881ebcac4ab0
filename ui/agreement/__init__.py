"""The agreement of readers in the window: tables, Bland–Altman plot, drift."""
