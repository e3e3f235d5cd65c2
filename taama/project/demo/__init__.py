"""The demonstration: real published figures, then a simulated round, sent as phones send."""
