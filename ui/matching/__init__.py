"""The follow-up in the window: what it knows of pairs of images, and how readers review what was matched."""
