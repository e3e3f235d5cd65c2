"""Pure methods of collect: reading what comes from outside, deciding what becomes of it, writing answers."""

from taama.collect.methods.sent import repeat_paths, sent_from_instances

__all__ = ["repeat_paths", "sent_from_instances"]
