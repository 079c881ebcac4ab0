"""The study, its reads, edits, history and storage: everything the product knows, without a window."""
