"""Reading what a request says, strictly: an unknown word or an unreadable value is refused, never ignored."""

import re
import uuid

from taama.base.errors import TaamaError, Where


def read(endpoint, query):
    """The parameters of a request, by name, with their defaults.

    query    QueryDict or mapping of text
    Raises   TaamaError naming the parameter: unknown, given twice, unreadable, out of bounds
    """
    known = {parameter.name: parameter for parameter in endpoint.parameters if not parameter.in_path}
    for name in query:
        if name not in known:
            allowed = ", ".join(known)
            raise TaamaError(
                "opendata.parameter_unknown", Where(field=name), {"name": name, "allowed": allowed}
            )
        if hasattr(query, "getlist") and len(query.getlist(name)) > 1:
            raise TaamaError("opendata.parameter_twice", Where(field=name), {"name": name})
    return {name: _value(parameter, query.get(name)) for name, parameter in known.items()}


def _value(parameter, written):
    if written is None:
        return parameter.default
    try:
        value = READERS[parameter.kind](written)
    except ValueError as error:
        raise _unreadable(parameter, written) from error
    too_low = parameter.low is not None and value < parameter.low
    if too_low or (parameter.high is not None and value > parameter.high):
        raise _unreadable(parameter, written)
    return value


def _text(written):
    if not written or len(written) > 300 or "\x00" in written:
        raise ValueError("no text")
    return written


def _count(written):
    if not re.fullmatch(r"[0-9]{1,9}", written, re.ASCII):
        raise ValueError("no count")
    return int(written)


def _category(written):
    if written == "none":
        return {}
    if not re.fullmatch(r"[a-z_]+=[^;=]+(;[a-z_]+=[^;=]+)*", written):
        raise ValueError("no category")
    return dict(part.split("=") for part in _text(written).split(";"))


READERS = {"text": _text, "count": _count, "identifier": uuid.UUID, "category": _category}

KINDS = {
    "text": {"fr": "texte", "en": "text"},
    "count": {"fr": "nombre entier", "en": "count"},
    "identifier": {"fr": "identifiant UUID", "en": "identifier"},
    "category": {"fr": "catégorie", "en": "category"},
}


def _unreadable(parameter, written):
    limits = [limit for limit in (parameter.low, parameter.high) if limit is not None]
    bounds = f", {'–'.join(map(str, limits))}" if limits else ""
    expected = {language: kind + bounds for language, kind in KINDS[parameter.kind].items()}
    values = {"name": parameter.name, "value": written[:60], "expected": expected}
    return TaamaError("opendata.parameter_unreadable", Where(field=parameter.name), values)
