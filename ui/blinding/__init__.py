"""Work files of blinded readers in the window: made, merged, and worked in with nothing on screen that tells."""
