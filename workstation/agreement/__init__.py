"""How far the readers of a study agree: which reads can be compared, and what comes of it."""
