"""How submissions are read, compared and judged. Pure."""
