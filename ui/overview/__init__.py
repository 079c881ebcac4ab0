"""The study overview: a grid of subjects by visits."""
