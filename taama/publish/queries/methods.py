"""Definitions and methods, as their own texts and docstrings describe them; no method is loaded for that."""

import ast
from functools import cache
from pathlib import Path

from taama.base.doors import query
from taama.base.messages import catalogue, message
from taama.base.policy import ANYONE
from taama.figures import queries as figure_queries
from taama.opendata.methods.labels import label
from taama.publish.methods.docstrings import read_docstring

PACKAGE = Path(__file__).resolve().parent.parent.parent
DOMAINS = ("mobility", "series")


@query("publish.method", allow=(ANYONE,))
def method_of(viewer, code):
    """The method that a figure names, or None when no public method has that name."""
    return _methods().get(_function(code))


@query("publish.method_words", allow=(ANYONE,))
def method_words(viewer, name, language):
    """How a method computes, for a reader who does not program; empty where nobody has written it."""
    code = f"publish.method_{_function(name)}"
    return message(code, language).cause if code in catalogue() else ""


@query("publish.methods", allow=(ANYONE,))
def methods_page(viewer, snapshot, language):
    """Definitions of a snapshot in words, the methods behind them, and all other public methods."""
    found = figure_queries.figures(viewer, snapshot, category={}).order_by("definition")
    used = dict(found.values_list("definition", "unit"))
    return {
        "definitions": [
            definition(viewer, code, language) | {"unit": label(f"figures.unit_{unit}", language).lower()}
            for code, unit in used.items()
        ],
        "methods": [
            (each, method_words(viewer, name, language)) for name, each in sorted(_methods().items())
        ],
    }


@query("publish.definition", allow=(ANYONE,))
def definition(viewer, code, language):
    """What a definition is called, and what it means where the catalogue says so."""
    if code not in catalogue():
        return {"code": code, "name": code, "meaning": ""}
    text = message(code, language)
    longer = f"{code}_definition"
    meaning = message(longer, language).cause if longer in catalogue() else text.remedy
    return {"code": code, "name": text.cause, "meaning": meaning}


def _function(code):
    """`stock_totals` of `mobility.stock_totals@2`."""
    return code.partition("@")[0].rpartition(".")[2]


@cache
def _methods():
    """Name → Method, of what the methods of the domains offer."""
    functions = [node for app in DOMAINS for node in _functions(PACKAGE / app / "methods")]
    return {node.name: read_docstring(node.name, ast.get_docstring(node)) for node in functions}


def _functions(folder):
    """The functions that a package of methods offers; read, not loaded: that needs a dataframe library."""
    offered = _offered(ast.parse((folder / "__init__.py").read_text("utf-8")))
    nodes = [node for path in sorted(folder.glob("*.py")) for node in ast.parse(path.read_text("utf-8")).body]
    return [node for node in nodes if isinstance(node, ast.FunctionDef) and node.name in offered]


def _offered(module):
    """Names in `__all__`."""
    for node in module.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            return ast.literal_eval(node.value)
    return []
