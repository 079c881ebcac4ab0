"""Work files for blinded readers: made, worked in, checked and merged again: docs/blinding.md."""
