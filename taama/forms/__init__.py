"""What is asked: forms read from spreadsheets, Markdown or XForms, their faults found, mended, converted, compared.

Tables: none yet; forms and their versions are kept by collect.
Used by data managers before a form goes to phones, and by pages and prints that show one.
"""
