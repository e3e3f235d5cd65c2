"""Who reads what: tools and providers of context by dotted name, imported on first use. Django-free.

Each app's `apps.py` registers; the loader asks. So the low know the high without importing them,
and the web process never loads a dataframe library.
"""

from functools import cache
from importlib import import_module

_TOOLS: dict[str, str] = {}
_OFFERED: dict[str, str] = {}
_KNOWN: dict[str, str] = {}
_GATES: dict[str, str] = {}
_LISTS: dict[str, str] = {}


def register_tool(code, dotted, lists=""):
    """`dotted` names the module whose `tool` is the Tool.

    `lists` names a function(viewer): name of a file → bytes, the lists that the tool offers to its forms.
    """
    if _TOOLS.setdefault(code, dotted) != dotted:
        raise ValueError(f"tool {code} is registered twice")
    if lists:
        _OFFERED[code] = lists


def register_known(name, dotted):
    """`dotted` names a function(viewer) that returns a frame of context."""
    if _KNOWN.setdefault(name, dotted) != dotted:
        raise ValueError(f"context {name} is registered twice")


def register_gate(name, dotted):
    """`dotted` names a function(viewer, submissions): primary key → reason, of those whose facts must wait."""
    if _GATES.setdefault(name, dotted) != dotted:
        raise ValueError(f"gate {name} is registered twice")


def closed_to(submissions, viewer):
    """Primary key → reason, of the submissions that a gate keeps from being read into facts."""
    closed = {}
    for dotted in _GATES.values() if submissions else ():
        closed |= _called(dotted, viewer, submissions)
    return closed


def register_lists(name, dotted):
    """`dotted` names a module that provides lists to phones: `promised(viewer, xform, file)` gives the names of the
    files that a form will find, `lists_read(viewer, versions)` and `offered(viewer, version)` those it finds now.
    """
    if _LISTS.setdefault(name, dotted) != dotted:
        raise ValueError(f"lists {name} are registered twice")


def list_providers():
    return [import_module(dotted) for dotted in _LISTS.values()]


def tables():
    """Every table that a registered tool fills, by name."""
    return {table.name: table for code in tool_codes() for table in tool(code).facts}


def tool_codes():
    return sorted(_TOOLS)


def file_tool_codes():
    """The tools that read files which nobody sends from a phone."""
    return sorted(code for code, dotted in _TOOLS.items() if hasattr(import_module(dotted), "recognises"))


@cache
def tool(code):
    """The Tool of this code, or None."""
    dotted = _TOOLS.get(code)
    return import_module(dotted).tool if dotted else None


def offered_by(code, viewer):
    """Name of a file → its bytes, of the lists that this tool offers to its forms; none when it offers none."""
    return _called(_OFFERED[code], viewer) if code in _OFFERED else {}


def recognise(raw, filename):
    """Which tools read such a file: pairs (how sure from 0 to 1, code), the surest first.

    A tool that reads files says so by a function `recognises(raw, filename)` beside its `tool`.
    """
    asked = ((code, getattr(import_module(dotted), "recognises", None)) for code, dotted in _TOOLS.items())
    scores = [(recognises(raw, filename), code) for code, recognises in asked if recognises]
    return sorted((pair for pair in scores if pair[0] > 0), reverse=True)


def known(name, viewer):
    return _called(_KNOWN[name], viewer)


def _called(dotted, *arguments):
    module, _, function = dotted.rpartition(".")
    return getattr(import_module(module), function)(*arguments)
