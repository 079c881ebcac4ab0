"""Questionnaires: read from definition files, the bundled ones, and their scores."""
