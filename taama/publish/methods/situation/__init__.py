"""The situation report as plain data: what is said, in which order, and what is left unsaid. Pure."""
