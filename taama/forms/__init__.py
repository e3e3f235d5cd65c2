"""What is asked: forms read from spreadsheets, Markdown or XForms, their faults found, mended, converted, compared.

Tables: Form, FormVersion, FormMedia.
Used by data managers before a form goes to phones, and by pages and prints that show one.
"""
