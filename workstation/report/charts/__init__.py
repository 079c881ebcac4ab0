"""The charts of a report: made to be told apart in grey, by the shape of line and mark."""
