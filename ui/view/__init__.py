"""Images with what was found drawn over them: panned, zoomed, pointed at."""
