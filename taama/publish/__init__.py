"""Pages across domains, the situation report, datasets, APIs and the statement checker.

Tables: none of its own; everything comes from one snapshot.
Used by everybody who reads a figure.
"""
