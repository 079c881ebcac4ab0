"""Two finished reads of one image, what they say differently, and the third read that settles only that."""
