"""Which texts of an app still lack their French: run `python -m taama.project.texts`."""

import io
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation import template

import taama

PACKAGE = Path(taama.__file__).parent
KEYWORDS = {
    "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "_": None,
    "pgettext_lazy": ((1, "c"), 2), "gettext_noop": None, "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip


def apps():
    return sorted(p.name for p in PACKAGE.iterdir() if (p / "__init__.py").exists())


def texts_of(app):
    """Every English text of an app's Python and templates, with its context: (context or "", text)."""
    found = set()
    for path in sorted((PACKAGE / app).rglob("*.py")):
        found |= _extracted(path.read_text("utf-8"))
    for path in sorted((PACKAGE / app).rglob("*.html")):
        found |= _extracted(template.templatize(path.read_text("utf-8")))
    return {(context, text) for context, text in found if text}


def _extracted(source):
    messages = set()
    for _line, found, _comments, context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
        messages.add((context or "", found if isinstance(found, str) else found[0]))
    return messages


def french(app):
    """(context or "", English text) → its entry in the app's French catalogue."""
    path = PACKAGE / app / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return {}
    with open(path, "rb") as file:
        return {
            (m.context or "", m.id if isinstance(m.id, str) else m.id[0]): m for m in read_po(file) if m.id
        }


def missing(app):
    """Texts without a whole French translation."""
    entries = french(app)
    return sorted(text for text in texts_of(app) if not _whole(entries.get(text)))


def _whole(entry):
    if entry is None or entry.fuzzy:
        return False
    strings = [entry.string] if isinstance(entry.string, str) else list(entry.string)
    return all(strings)


def main():
    for app in apps():
        for context, text in missing(app):
            print(f"{app}: {text!r} {context}".rstrip())  # noqa: T201  a tool for developers


if __name__ == "__main__":
    main()
