"""The examples in docstrings run: they are documentation that cannot grow old."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

import taama

PACKAGE = Path(taama.__file__).parent
MODULES = [
    ".".join(("taama", *path.relative_to(PACKAGE).with_suffix("").parts))
    for path in sorted(PACKAGE.rglob("*.py"))
    if ">>> " in path.read_text("utf-8")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_run(name):
    failed, tried = doctest.testmod(import_module(name))
    assert tried and not failed
