"""What the hand can do in an image: one gesture grammar, one file a tool."""
