"""What can be wrong with an XForm that was made elsewhere: it is passed on as it is, so it is only judged."""

import re

from lxml import etree

from taama.base.errors import MethodError
from taama.forms.methods.xform import HTML, XFORMS, read_xform
from taama.forms.methods.xml import read_xml
from taama.xlsforms.methods.book import Fault
from taama.xlsforms.methods.checks.logic import diagnosis, parses

EXPRESSIONS = ("relevant", "constraint", "calculate", "required", "readonly")
FRAME = {f"{HTML}{name}" for name in ("html", "head", "title", "body")}
INERT = (
    XFORMS.strip("{}"),
    None,
)  # namespaces in which no browser runs a `script`: a question may be called so
TEXT = re.compile(r"^jr:itext\(\s*['\"]([^'\"]+)['\"]\s*\)$")


def find_in_xform(raw, file=""):
    """Faults of an XForm.

    raw      bytes
    file     what to call it
    Returns  list of Fault; `row` is the line of the file. Not well-formed, hostile or no XForm at all: one error

    >>> [fault.code for fault in find_in_xform(b"<html/>")]
    ['forms.not_an_xform']
    """
    try:
        known = read_xform(raw, file)
    except MethodError as error:
        return [Fault(error.code, row=error.where.row, values=error.values)]
    root = read_xml(raw, file)
    title = (root.findtext(f"{HTML}head/{HTML}title") or "").strip()
    faults = [] if known.version else [Fault("xlsforms.version_missing", "warning")]
    faults += [] if title else [Fault("forms.title_missing", "warning")]
    return [*faults, *_active(root), *_binds(root), *_texts(root)]


def _active(root):
    """What a browser would run or draw, were it shown the form."""
    for element in root.iter(etree.Element):
        name = etree.QName(element)
        frame = name.namespace == HTML.strip("{}") and element.tag not in FRAME
        if frame or (name.localname.lower() == "script" and name.namespace not in INERT):
            values = {"value": name.localname}
            yield Fault("forms.active_content", row=element.sourceline, values=values)


def _binds(root):
    """Rules for what the form does not hold, and expressions that can't be read."""
    model = root.find(f"{HTML}head/{XFORMS}model")
    paths = _paths(next(iter(model.find(f"{XFORMS}instance")), None))
    for bind in model.iter(f"{XFORMS}bind"):
        target = re.sub(r"\s+", "", bind.get("nodeset") or bind.get("ref") or "")
        name = target.rpartition("/")[2]
        if target.startswith("/") and target not in paths:
            yield Fault("forms.bind_without_node", "warning", row=bind.sourceline, values={"value": target})
        for column in EXPRESSIONS:
            text = bind.get(column, "")
            if text and not parses(text):
                values = {"column": f"{column} ({name})", "value": text[:120]}
                yield Fault(diagnosis(text), row=bind.sourceline, column=column, values=values)


def _paths(element, path=""):
    if element is None:
        return set()
    here = f"{path}/{_name(element)}"
    below = (child for child in element if isinstance(child.tag, str))
    return {here}.union(*(_paths(child, here) for child in below))


def _name(element):
    """The name as paths write it: with its prefix."""
    local = etree.QName(element).localname
    return f"{element.prefix}:{local}" if element.prefix else local


def _texts(root):
    """Labels that point to a translation that is not there."""
    known = {text.get("id") for text in root.iter(f"{XFORMS}text")}
    missing = {}
    for element in root.iter(f"{XFORMS}label", f"{XFORMS}hint"):
        found = TEXT.match(element.get("ref") or "")
        if found and found[1] not in known:
            missing.setdefault(found[1], element.sourceline)
    return [
        Fault("forms.text_missing", "warning", row=line, values={"value": name})
        for name, line in missing.items()
    ]
