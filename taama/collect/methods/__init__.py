"""Pure methods of collect: reading what comes from outside, deciding what becomes of it, writing answers."""

from taama.collect.methods.sent import repeat_paths, sent_from_instances
from taama.collect.methods.xml import read_xml

__all__ = ["read_xml", "repeat_paths", "sent_from_instances"]
