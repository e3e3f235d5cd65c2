"""Files that come with a form: the ones that it asks for, and readable as what their names say."""

import csv
import io
import json

from taama.base.errors import MethodError, Where

MOST_BYTES = 25_000_000
LONGEST_NAME = 200


def check_files(files, wanted):
    """Files that somebody attaches to a form.

    files    name → bytes
    wanted   names that the form asks for
    Returns  the same, under names without folders
    Raises   MethodError: `forms.media_not_wanted`, `forms.media_too_large`, `forms.media_unreadable`

    >>> check_files({"C:\\\\lists\\\\villages.csv": b"name,label\\na,A\\n"}, {"villages.csv"})
    {'villages.csv': b'name,label\\na,A\\n'}
    """
    named = {name.replace("\\", "/").rpartition("/")[2]: content for name, content in files.items()}
    for name, content in named.items():
        where = Where(file=name)
        if name not in wanted or len(name) > LONGEST_NAME:
            raise MethodError(
                "forms.media_not_wanted", where, {"file": name, "wanted": sorted(wanted) or "–"}
            )
        if len(content) > MOST_BYTES:
            raise MethodError("forms.media_too_large", where, {"most": MOST_BYTES // 1_000_000})
        why = _trouble(name.lower().rpartition(".")[2], content)
        if why:
            raise MethodError(why, where, {"file": name})
    return named


def _trouble(ending, content):
    """Code of what is wrong with a list, '' for what phones can read."""
    if ending == "csv":
        return _csv_trouble(content)
    if ending in ("geojson", "json"):
        return _geojson_trouble(content)
    return "" if content else "forms.media_empty"


def _csv_trouble(content):
    try:
        lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        header = next(lines, [])
        for _ in lines:
            pass
    except UnicodeDecodeError:
        return "forms.csv_not_utf8"
    except csv.Error:
        return "forms.csv_broken"
    if not any(cell.strip() for cell in header):
        return "forms.media_empty"
    return "forms.csv_semicolons" if len(header) == 1 and ";" in header[0] else ""


def _geojson_trouble(content):
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return "forms.geojson_broken"
    whole = isinstance(found, dict) and found.get("type") == "FeatureCollection"
    return "" if whole and isinstance(found.get("features"), list) else "forms.geojson_broken"


EMPTIED = {"geojson": b'{"type": "FeatureCollection", "features": []}', "xml": b"<root/>"}


def without_entries(filename, content):
    """A list of choices with its columns only; what is no list as it is.

    >>> without_entries("a.csv", b"name,label\\r\\n1,A\\r\\n"), without_entries("a.png", b"PNG")
    (b'name,label\\n', b'PNG')
    """
    ending = filename.lower().rpartition(".")[2]
    if ending == "csv":
        return content.partition(b"\n")[0].rstrip(b"\r") + b"\n"
    return EMPTIED.get(ending, content)
