"""Finding entries as people write: without accents and case, words in any order."""

import unicodedata


def folded(text):
    """A text without accents and case.

    >>> folded("Médina Coura")
    'medina coura'
    """
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))


def found_by(name, values):
    """What an entry is found by: its identity, label and values.

    >>> found_by("f73e", {"label": "Socoura", "x": "É"})
    'f73e socoura e'
    """
    return folded(" ".join([name, *(value for value in values.values() if value)]))


def wanted(text, most=5):
    """The words that an entry must hold, all of them.

    >>> wanted("  Coura MÉDINA ")
    ['coura', 'medina']
    """
    return folded(text).split()[:most]
