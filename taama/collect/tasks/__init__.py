"""The loader: from what was sent to facts in the lake."""
