"""What a QA reviewer goes by: the queue of reads, what was edited in them, how long that took."""
