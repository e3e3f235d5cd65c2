"""Answers that the form's version does not know: what a phone sent of it reaches no question."""

from lxml import etree

from taama.forms.methods.outline import GROUP, REPEAT
from taama.forms.methods.xml import read_xml

BY_THE_PHONE = frozenset(
    {"meta", "instanceID", "instanceName", "deprecatedID", "audit", "entity", "start", "end", "today", "deviceid",
     "username", "phonenumber", "simserial", "subscriberid", "email", "formhub", "__version__"}
)  # fmt: skip
FOREIGN = ("http://openrosa.org/", "http://www.opendatakit.org/", "http://opendatakit.org/")
LONGEST_PATH = 200


def unknown_answers(raw, outline):
    """What an instance answers to no question of its form.

    raw       bytes of the XML as it was sent
    outline   Outline of the form version that was filled in
    Returns   [(path, text)] in the order of the instance; none that is blank, nor what phones add by themselves at the
              top of a form. None of an encrypted instance, which is only an envelope
    Raises    MethodError as `read_xml`
    Source    OpenRosa metadata schema; ODK XForms specification, metadata and namespaces

    >>> from taama.forms.methods.outline import Node, Outline
    >>> form = Outline("f", "1", "", (), "", Node("", "", GROUP, children=(Node("age", "age", "question"),)))
    >>> unknown_answers(b"<f><age>3</age><sex>f</sex><start>8:00</start><meta><instanceID>u</instanceID></meta></f>", form)
    [('sex', 'f')]
    """
    root = read_xml(raw)
    if root.get("encrypted") == "yes":
        return []
    kinds = {node.path: node.kind for node in outline.root.walk()}
    return [told for child in root.iterchildren(etree.Element) for told in _below(child, "", kinds)]


def _below(element, around, kinds):
    """The unknown of one element and of all below it."""
    name = etree.QName(element)
    path = f"{around}/{name.localname}" if around else name.localname
    kind = kinds.get(path)
    if kind is None and _by_the_phone(name, around):
        return
    inside = list(element.iterchildren(etree.Element))
    text = (element.text or "").strip()
    if text and (kind in (None, GROUP, REPEAT) or inside):
        yield path[:LONGEST_PATH], text
    for child in inside:
        yield from _below(child, path, kinds)


def _by_the_phone(name, around):
    known = around == "meta" or (not around and name.localname in BY_THE_PHONE)
    return known or (name.namespace or "").startswith(FOREIGN)
