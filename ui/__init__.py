"""Qt lives here and nowhere else; the entry point of the program too."""
