"""Forms, devices, submissions as sent, OpenRosa, the loader that turns them into facts.

Tables: Form, FormVersion, Device, Submission, Attachment, Quarantine, Finding.
Used by enumerators, data managers and the worker.
"""
