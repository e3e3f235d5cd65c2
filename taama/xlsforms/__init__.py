"""How forms are written: sheets read from workbooks, csv and Markdown, every fault found with its repair.

Tables: none; a form is read, judged, mended and written back.
Used by forms before a form is converted, and by data managers who bring one.
"""
