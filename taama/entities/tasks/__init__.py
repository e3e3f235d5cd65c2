"""The worker's part: what phones sent, what waited, what was brought or erased."""
