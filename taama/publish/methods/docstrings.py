"""A method as its docstring describes it: what it computes, from what, after whom, with an example."""

import re
from dataclasses import dataclass
from inspect import cleandoc

FIELD = re.compile(r"(\S(?:\S| (?! ))*) {2,}(\S.*)")
KNOWN = ("Returns", "Raises", "Source")


@dataclass(frozen=True)
class Method:
    """`takes`: pairs of name and meaning; `example`: lines as a console shows them."""

    name: str
    summary: str
    explanation: str = ""
    takes: tuple = ()
    returns: str = ""
    raises: str = ""
    source: str = ""
    example: str = ""


def read_docstring(name, docstring):
    """The parts of a docstring as methods of this house write them.

    >>> read_docstring("mean", "The mean.\\n\\nvalues   numbers\\nReturns  a number\\nSource   Euclid").source
    'Euclid'
    """
    text, _, example = cleandoc(docstring or "").partition(">>>")
    summary, *paragraphs = text.strip().split("\n\n")
    fields, prose = {}, []
    for paragraph in paragraphs:
        if FIELD.match(paragraph):
            fields |= dict(_fields(paragraph))
        else:
            prose.append(_joined(paragraph))
    return Method(
        name=name,
        summary=_joined(summary),
        explanation=" ".join(prose),
        takes=tuple((key, value) for key, value in fields.items() if key not in KNOWN),
        returns=fields.get("Returns", ""),
        raises=fields.get("Raises", ""),
        source=fields.get("Source", ""),
        example=f">>>{example}".rstrip() if example else "",
    )


def _fields(paragraph):
    """Pairs of name and text; an indented line goes on with the one before."""
    found = []
    for line in paragraph.splitlines():
        match = None if line.startswith(" ") else FIELD.fullmatch(line)
        if match:
            found.append([match[1], match[2].strip()])
        elif found:
            found[-1][1] += f" {line.strip()}"
    return map(tuple, found)


def _joined(paragraph):
    return " ".join(paragraph.split())
