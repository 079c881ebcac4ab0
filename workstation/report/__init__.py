"""The report of a trial, and of one subject: a document made once, written as HTML or PDF."""
