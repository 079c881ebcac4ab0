"""The trial in the window: its statistics, its plan, its report."""
