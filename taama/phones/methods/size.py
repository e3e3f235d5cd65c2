"""A number of bytes as people say it."""

from taama.base.messages import NO_BREAK_SPACE, number

UNITS = ((1_000_000_000, "Go", "GB"), (1_000_000, "Mo", "MB"), (1000, "ko", "kB"), (1, "octets", "bytes"))


def size(count):
    """A number of bytes in the unit that suits it, in each language.

    count    bytes, int >= 0
    Returns  {"fr": str, "en": str}

    >>> size(100_000_000)["en"], size(1500)["fr"], size(300)["fr"]
    ('100\\xa0MB', '1,5\\xa0ko', '300\\xa0octets')
    """
    of, french, english = next((unit for unit in UNITS if count >= unit[0]), UNITS[-1])
    return {
        language: f"{number(round(count / of, 1), language)}{NO_BREAK_SPACE}{unit}"
        for language, unit in (("fr", french), ("en", english))
    }
