"""Pure methods of entities: what forms declare, what instances say, which of it counts, how lists are served."""
