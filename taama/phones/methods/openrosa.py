"""The XML documents of OpenRosa: list of forms, manifest of a form, message. Written by hand, byte-stable."""

import re
from xml.sax.saxutils import escape

FORM_LIST = "http://openrosa.org/xforms/xformsList"
MANIFEST = "http://openrosa.org/xforms/xformsManifest"
RESPONSE = "http://openrosa.org/http/response"
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def form_list(forms):
    """The list of forms. A form that lacks what a phone insists on is left out: it would break the whole list.

    forms    dicts with `form_id`, `name`, `version`, `md5`, `download`, `manifest` ('' when the form has no files)
    Returns  bytes
    Source   OpenRosa form discovery API 1.0

    >>> form_list([{"form_id": "", "name": "x", "version": "1", "md5": "0", "download": "u", "manifest": ""}])
    b'<?xml version="1.0" encoding="UTF-8"?>\\n<xforms xmlns="http://openrosa.org/xforms/xformsList"></xforms>'
    """
    whole = [form for form in forms if form["form_id"] and form["download"] and form["md5"]]
    return _document("xforms", FORM_LIST, "".join(map(_form, whole)))


def _form(form):
    items = [
        _element("formID", form["form_id"]),
        _element("name", form["name"].strip() or form["form_id"]),
        _element("version", form["version"]),
        _element("hash", f"md5:{form['md5']}"),
        _element("downloadUrl", form["download"]),
    ]
    if form["manifest"]:
        items.append(_element("manifestUrl", form["manifest"]))
    return f"<xform>{''.join(items)}</xform>"


def manifest(files):
    """The files that a form needs.

    files    dicts with `filename`, `md5`, `download`; of a list that phones change also `type` and `integrity`, the
             address that tells what is gone from it
    Returns  bytes
    Source   OpenRosa form manifest API 1.0; ODK Collect and Central for lists
    """
    return _document("manifest", MANIFEST, "".join(map(_file, files)))


def _file(file):
    kind = f' type="{file["type"]}"' if file.get("type") else ""
    row = _element("filename", file["filename"]) + _element("hash", f"md5:{file['md5']}")
    row += _element("downloadUrl", file["download"])
    row += _element("integrityUrl", file["integrity"]) if file.get("integrity") else ""
    return f"<mediaFile{kind}>{row}</mediaFile>"


def response(text):
    """A message that the phone shows to the person who holds it.

    text     str
    Returns  bytes

    >>> b"<message nature=''>Re\\xc3\\xa7u</message>" in response("Reçu")
    True
    """
    return _document("OpenRosaResponse", RESPONSE, f"<message nature=''>{_text(text)}</message>")


def _document(root, namespace, inside):
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{namespace}">{inside}</{root}>'.encode()


def _element(name, text):
    return f"<{name}>{_text(text)}</{name}>"


def _text(text):
    """One stray control character in a title must not break the list of all forms."""
    return escape(NOT_XML.sub("", text))
