"""XML from outside, read without trusting it: no document type, no entities, no network."""

from lxml import etree

from taama.base.errors import MethodError, Where

DECLARATIONS = ("<!DOCTYPE", "<!ENTITY")
MOST_ELEMENTS = 200_000  # however short an element is written, it takes a hundred bytes of memory or more


def read_xml(raw, file=""):
    """The root element of an XML document, without comments.

    raw       bytes, as received
    file      what to call it in an error
    Returns   lxml element
    Raises    MethodError: not well-formed, too deep or too large for the parser's limits (`forms.xml_unreadable`),
              or with a document type declaration (`forms.xml_doctype`): no honest client sends one, and
              entities begin there; with more than 200,000 elements (`forms.xml_too_many_elements`)

    >>> read_xml(b"<data id='f'/>").tag
    'data'
    """
    if raw.count(b"<") - raw.count(b"</") > MOST_ELEMENTS:  # counted before parsing, which is what costs
        values = {"most": MOST_ELEMENTS}
        raise MethodError("forms.xml_too_many_elements", Where(file=file), values)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if _declares(raw):
            raise MethodError("forms.xml_doctype", Where(file=file)) from error
        line = getattr(error, "lineno", None)
        raise MethodError("forms.xml_unreadable", Where(file=file, row=line), {"why": str(error)}) from error
    if root.getroottree().docinfo.doctype:
        raise MethodError("forms.xml_doctype", Where(file=file))
    return root


def _declares(raw):
    """Whether XML that does not parse was made so on purpose; in the encodings that XML allows without a label."""
    beginning = raw[:4096]
    encodings = ("ascii", "utf-16-le", "utf-16-be")
    return any(word.encode(encoding) in beginning for word in DECLARATIONS for encoding in encodings)


def shown_xml(raw, longest=20_000):
    """XML as a person reads it, one element on a line; what can't be parsed as it came.

    raw       bytes
    longest   characters after which it is cut
    Returns   str, not escaped

    >>> print(shown_xml(b"<a><b>1</b></a>"))
    <a>
      <b>1</b>
    </a>
    """
    try:
        root = read_xml(raw)
    except MethodError:
        return raw.decode("utf-8", "replace")[:longest]
    etree.indent(root)
    return etree.tostring(root, encoding="unicode")[:longest]
