"""Quality: the reads that wait for a decision, what people say about them, the rules of reading."""
