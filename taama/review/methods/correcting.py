"""An instance with answers changed, as an edit of the one that it replaces."""

from lxml import etree

from taama.base.errors import MethodError
from taama.forms.methods.xml import read_xml
from taama.logic.methods import breaches


def corrected(raw, answers, instance_id, former, repeats=()):
    """The bytes of an edit: the same instance with other answers, a new name, and the old name as the edited one.

    raw          bytes of the present instance; they are not changed
    answers      (path, rows) → new answer; `rows`: the row of each repeat that it lies in; "" leaves it blank
    instance_id  name of the edit
    former       name of the present instance, as it was taken in: one that contradicted another has not that of its bytes
    repeats      paths of the form's repeats
    Returns      bytes
    Raises       MethodError `review.no_such_answer`: a row or group that the instance does not have

    >>> raw = b"<data><a>1</a><meta><instanceID>uuid:1</instanceID></meta></data>"
    >>> print(corrected(raw, {("a", ()): "2"}, "uuid:2", "uuid:1").decode().split("?>")[1].strip())
    <data><a>2</a><meta><instanceID>uuid:2</instanceID><deprecatedID>uuid:1</deprecatedID></meta></data>
    """
    root = read_xml(raw)
    for (path, rows), value in answers.items():
        _leaf(root, path.split("/"), list(rows), repeats).text = value or None
    meta = _child(root, "meta")
    _child(meta, "instanceID").text = instance_id
    _child(meta, "deprecatedID").text = former
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def newly_broken(logic, before, after, spot, moment):
    """Rules of the form that a correction breaks.

    logic, moment   as for `breaches`
    before, after   Filled
    spot            (path, rows) of the answer that is corrected
    Returns         [Breach] in the form's order: all at the corrected answer; elsewhere what was not broken before
    """
    known = {(one.code, one.path, one.rows) for one in breaches(logic, before, moment)}
    found = breaches(logic, after, moment)
    return [
        one for one in found if (one.path, one.rows) == spot or (one.code, one.path, one.rows) not in known
    ]


def _leaf(element, steps, rows, repeats):
    """The element of an answer; a question that was not sent is added at the end of its group."""
    for at, step in enumerate(steps, 1):
        found = _children(element, step)
        if not found and at == len(steps) and not rows:
            return _child(element, step)
        row = rows.pop(0) if rows and "/".join(steps[:at]) in repeats else 1
        if row > len(found):
            raise MethodError("review.no_such_answer", values={"path": "/".join(steps)})
        element = found[row - 1]
    if rows or len(element):
        raise MethodError("review.no_such_answer", values={"path": "/".join(steps)})
    return element


def _child(element, name):
    """The first child of this name, made where there is none."""
    found = _children(element, name)
    return found[0] if found else etree.SubElement(element, etree.QName(etree.QName(element).namespace, name))


def _children(element, name):
    return [c for c in element.iterchildren(etree.Element) if etree.QName(c).localname == name]
