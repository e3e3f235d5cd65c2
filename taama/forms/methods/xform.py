"""What a form says of itself: identity, version, title, and the files that it needs on the phone."""

import re
from dataclasses import dataclass

from lxml import etree

from taama.base.errors import MethodError, Where
from taama.forms.methods.xml import read_xml

HTML = "{http://www.w3.org/1999/xhtml}"
XFORMS = "{http://www.w3.org/2002/xforms}"
FILE = re.compile(r"jr://(?:images|audio|video|file|file-csv)/([^/\s\"'<>]+)")


@dataclass(frozen=True)
class XForm:
    form_id: str
    version: str
    title: str
    files: frozenset


def read_xform(raw, file=""):
    """Identity, version, title and needed files of an XForm.

    raw      bytes
    file     what to call it in an error
    Returns  XForm
    Raises   MethodError as `read_xml`; `forms.not_an_xform` when it isn't one or its form has no id

    >>> model = b'<model><instance><d id="f" version="2"/></instance></model>'
    >>> html = b'<h:html xmlns:h="http://www.w3.org/1999/xhtml" xmlns="http://www.w3.org/2002/xforms">'
    >>> read_xform(html + b"<h:head><h:title>T</h:title>" + model + b"</h:head><h:body/></h:html>").form_id
    'f'
    """
    root = read_xml(raw, file)
    primary = root.find(f"{HTML}head/{XFORMS}model/{XFORMS}instance")
    form = None if primary is None else next(iter(primary), None)
    if root.tag != f"{HTML}html" or root.find(f"{HTML}body") is None or form is None:
        raise MethodError("forms.not_an_xform", Where(file=file))
    form_id = (form.get("id") or "").strip()
    if not form_id:
        raise MethodError("forms.form_without_id", Where(file=file))
    title = (root.findtext(f"{HTML}head/{HTML}title") or "").strip()
    return XForm(form_id, (form.get("version") or "").strip(), title or form_id, _files(root))


def _files(root):
    """Names in `jr://` addresses; a list of `last-saved` answers is the phone's own and not among them."""
    found = set()
    for element in root.iter(etree.Element):
        texts = [element.text or "", *element.attrib.values()]
        found.update(name for text in texts if "jr://" in text for name in FILE.findall(text))
    return frozenset(found)
