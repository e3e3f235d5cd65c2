"""Pure methods of phones: their protocol, read and written."""
