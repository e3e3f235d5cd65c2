"""A form on paper: what is asked, numbered, with its rules in words, as a PDF to read, discuss and fill in.

Tables: none; everything is read from the XForm of a version or a draft.
Used by data managers before a round, and by teams where no phone may be shown.
"""
