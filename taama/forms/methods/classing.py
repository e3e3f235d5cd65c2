"""Which answers of a form are confidential, and which questions seem to ask about a person while nobody said so."""

import re
from dataclasses import dataclass

from lxml import etree

from taama.base.errors import MethodError
from taama.base.sensitivity import LAKE_LIMIT, S3, S4, Class
from taama.forms.methods.outline import ENTITIES
from taama.forms.methods.xform import XFORMS
from taama.forms.methods.xml import read_xml
from taama.xlsforms.methods.personal import GROUPED, NO, PLACES, looks_personal

STEP = re.compile(r"/([\w.-]+)(?![\w./-])")
# A whole group: what a predicate follows only leads to an answer in it, as the second place of indexed-repeat() does.
GROUP = re.compile(r"/([\w.-]+)(?![\w./-]|\s*\[)")
INDEXED = re.compile(r"(indexed-repeat\([^,]*,)[^,]*")
# What is only counted or asked whether it is there tells nothing of the answer.
TELLS_NOTHING = re.compile(
    r"(?:count|count-selected|count-non-empty|string-length)\([^()]*\)|[\w./-]*/[\w.-]+\s*!?=\s*(?:''|\"\")"
)


@dataclass(frozen=True)
class Personal:
    """A question that seems personal or whose class somebody gave.

    reason   `forms.personal_<reason>` says why; "" where only somebody gave it a class
    offered  class that is offered, "" without a reason
    given    class that somebody gave, NO, or "" where nobody decided yet
    """

    path: str
    label: str
    reason: str
    offered: str
    given: str

    @property
    def undecided(self):
        return bool(self.reason) and not self.given


def personal_questions(outline, given, language="fr"):
    """Questions that seem to ask about a person, and those whose class somebody gave.

    outline   Outline
    given     path → "S0" … "S4" or NO
    language  of the labels
    Returns   [Personal] in the form's order; what is worked out from a confidential answer is among them

    >>> from taama.forms.methods.outline import QUESTION, Node, Outline
    >>> root = Node("", "data", "group", children=(Node("nom", "nom", QUESTION, "text", {"fr": "Nom"}, asked=True),))
    >>> found = personal_questions(Outline("f", "1", "F", ("fr",), "", root), {})
    >>> [(one.path, one.reason, one.offered, one.undecided) for one in found]
    [('nom', 'name', 'S3', True)]
    """
    asked = [node for node in outline.questions() if not node.path.startswith("meta/")]
    seen = {
        node.path: looks_personal(node.type, node.name, node.labels.values(), node.appearance)
        for node in asked
    }
    if any(one and one[0] in GROUPED for path, one in seen.items() if given.get(path) != NO):
        seen |= {
            node.path: ("position", "S3") for node in asked if node.type in PLACES and not seen[node.path]
        }
    seen |= _carried(asked, seen, given)
    return [
        Personal(node.path, node.label(language), *(seen[node.path] or ("", "")), given.get(node.path, ""))
        for node in asked
        if seen[node.path] or given.get(node.path)
    ]


def _carried(asked, seen, given):
    """What calculations and choices take over from confidential answers: path → (reason, class)."""
    held, found = {}, {}
    for _ in asked:
        held = {
            n.name: c
            for n in asked
            if (c := _class(given.get(n.path), seen[n.path] or found.get(n.path))) > LAKE_LIMIT
        }
        groups, new = _around(held, asked), {}
        for node in asked:
            said = TELLS_NOTHING.sub("", f"{node.written} {_source(node)}")
            taken = [held[name] for name in STEP.findall(said) if name in held and name != node.name]
            taken += [groups[name] for name in GROUP.findall(INDEXED.sub(r"\1", said)) if name in groups]
            if taken and not (seen[node.path] or node.path in found):
                new[node.path] = ("carried", max(taken).name)
        if not new:
            break
        found |= new
    return found


def _around(held, asked):
    """Name of each group in which a confidential answer lies → the highest class in it."""
    found = {}
    for node in asked:
        for step in node.path.split("/")[:-1] if node.name in held else ():
            found[step] = max(found.get(step, 0), held[node.name])
    return found


def _source(node):
    """Where choices are that other answers give."""
    return node.choice_filter if node.choice_filter.startswith("/") or ".." in node.choice_filter[:3] else ""


def _class(given, seen):
    """The class that counts: what was given, else what is offered; 0 for none."""
    if given:
        return 0 if given == NO else Class[given]
    return Class[seen[1]] if seen else 0


def classes_of(outline, questions):
    """The classes that were given, as they are kept: path → number, what the form itself calls an answer with it.

    questions  [Personal], all decided
    """
    classes = {one.path: int(Class[one.given]) for one in questions if one.given not in ("", NO)}
    secret = {path.rpartition("/")[2] for path, level in classes.items() if level > LAKE_LIMIT}
    names = {
        node.path: set(STEP.findall(node.written))
        for node in outline.questions()
        if node.path.startswith("meta/")
    }
    return classes | {path: int(S3) for path, told in names.items() if told & secret}


def refused_classes(xform, classes):
    """Why a form with these classes can't be taken: {code: paths}.

    xform    bytes
    classes  as `classes_of` returns them
    Returns  `forms.question_critical`: only what phones encrypt is safe enough for S4; `forms.list_confidential`: lists that phones
             carry would hold a confidential answer
    """
    root = read_xml(xform)
    fed = {
        _below(bind.get("nodeset", "")) for bind in root.iter(etree.Element) if bind.get(f"{ENTITIES}saveto")
    }
    label = " ".join(
        b.get("calculate", "")
        for b in root.iter(etree.Element)
        if b.get("nodeset", "").endswith("/meta/entity/label")
    )
    secret = [path for path, level in classes.items() if level > LAKE_LIMIT]
    listed = [path for path in secret if path in fed or path.rpartition("/")[2] in STEP.findall(label)]
    sealed = any(each.get("base64RsaPublicKey") for each in root.iter(f"{XFORMS}submission"))
    critical = [path for path, level in classes.items() if level >= S4 and not sealed]
    found = {"forms.question_critical": critical, "forms.list_confidential": listed}
    return {code: paths for code, paths in found.items() if paths}


def _below(reference):
    return re.sub(r"\s+", "", reference).strip("/").partition("/")[2]


def without(raw, paths, text=""):
    """An instance in which other words stand in the place of some answers.

    raw      bytes
    paths    of the questions, as in the outline; () gives the same bytes
    text     what stands there instead
    Returns  bytes; text alone where what holds the answers can't be read

    >>> without(b"<data><hh><nom>Awa</nom><n>3</n></hh></data>", {"hh/nom"}, "***")
    b'<data><hh><nom>***</nom><n>3</n></hh></data>'
    """
    if not paths:
        return raw
    try:
        root = read_xml(raw)
    except MethodError:
        return text.encode()
    for element in _at(root, paths):
        element.text = text
        del element[:]
    return etree.tostring(root, encoding="utf-8")


def answers_at(raw, paths):
    """The answers to these questions that are not blank, names of files among them: set of str."""
    try:
        return {text for one in _at(read_xml(raw), paths) if (text := (one.text or "").strip())}
    except MethodError:
        return set()


def _at(root, paths):
    """Elements that answer these questions and are not blank, in every row of every repeat."""
    steps = [(child, etree.QName(child).localname) for child in root.iterchildren(etree.Element)]
    while steps:
        element, path = steps.pop()
        if path in paths and (len(element) or (element.text or "").strip()):
            yield element
        steps += [
            (child, f"{path}/{etree.QName(child).localname}") for child in element.iterchildren(etree.Element)
        ]
