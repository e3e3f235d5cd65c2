"""Submissions as sent, what becomes of them, the loader that turns them into facts.

Tables: Device, Submission, Attachment, Quarantined, NamedFile, Finding.
Used by enumerators, data managers and the worker.
"""
