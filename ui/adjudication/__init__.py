"""Settling two reads of one image in the window: both over each other, one difference after the other."""
