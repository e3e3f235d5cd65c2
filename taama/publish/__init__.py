"""Pages across domains and the situation report.

Tables: none of its own; everything comes from one snapshot.
Used by everybody who reads a figure.
"""
