"""What arrived, taken out: exports of any form.

Tables: Export, a file that somebody asked for; Renaming, questions that are one although their name changed.
Used by data managers and information officers.
"""
