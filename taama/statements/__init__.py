"""The statement checker: do the numbers of a published text agree with each other?

Tables: none; a text is read, answered and forgotten.
Used by information officers before they publish, and by everybody who reads what others did.
"""
