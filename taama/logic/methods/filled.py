"""A filled form as answers by path and row: what review, checks, measures and corrections all start from."""

from collections import Counter
from dataclasses import dataclass, field

from lxml import etree

from taama.forms.methods.outline import REPEAT
from taama.forms.methods.xml import read_xml


@dataclass(frozen=True)
class Filled:
    """One instance.

    answers   (path, rows) → text. `rows`: row, from 1, of each repeat that the answer lies in: () outside of repeats.
              A question that the phone did not send is absent, one left blank is ""
    counts    (path of a repeat, rows of the repeats around it) → number of its rows
    """

    answers: dict = field(default_factory=dict)
    counts: dict = field(default_factory=dict)

    def text(self, path, rows=()):
        return self.answers.get((path, rows), "")

    def first(self, paths):
        """The first answer that is not blank, with its path, or ("", "")."""
        return next(((path, self.text(path)) for path in paths if self.text(path)), ("", ""))


def read_filled(raw, outline):
    """The answers of an instance.

    raw       bytes of the XML as it was sent
    outline   Outline of the form version that was filled in
    Returns   Filled; names in the instance that the form does not have are kept too
    Raises    MethodError as `read_xml`

    >>> from taama.forms.methods.outline import Node, Outline
    >>> kin = Node("kin", "kin", REPEAT, children=(Node("kin/age", "age", "question"),))
    >>> form = Outline("f", "1", "", (), "", Node("", "", "group", children=(kin,)))
    >>> read_filled(b"<data><kin><age>3</age></kin><kin><age>7</age></kin></data>", form).answers
    {('kin/age', (1,)): '3', ('kin/age', (2,)): '7'}
    """
    repeats = frozenset(node.path for node in outline.root.walk() if node.kind == REPEAT)
    filled = Filled()
    _walk(read_xml(raw), "", (), repeats, filled)
    return filled


def _walk(element, path, rows, repeats, filled):
    seen = Counter()
    for child in element.iterchildren(etree.Element):
        name = etree.QName(child).localname
        here = f"{path}/{name}" if path else name
        below = rows
        if here in repeats:
            seen[here] += 1
            below = (*rows, seen[here])
            filled.counts[here, rows] = seen[here]
        if len(child):
            _walk(child, here, below, repeats, filled)
        elif here not in repeats:
            filled.answers.setdefault((here, below), (child.text or "").strip())
