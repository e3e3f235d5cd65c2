"""Pure methods of collect: reading what comes from outside, deciding what becomes of it, writing answers."""
