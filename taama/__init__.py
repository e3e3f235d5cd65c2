"""taama: the open information system of a humanitarian response.

One Django project, one app per domain; ARCHITECTURE.md draws the house.
"""

__version__ = "0.1.0"
