"""What a text claims in figures: numbers, dates and claims read out of French and English.

Tables: none; pure methods, nothing is kept.
Used by statements, which recomputes the claims.
"""
