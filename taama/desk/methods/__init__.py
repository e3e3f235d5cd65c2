"""How answers become tables."""
