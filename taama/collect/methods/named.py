"""Names of files, and which of them an instance says belong to it. What has arrived tells nothing: phones send files in several requests."""

import re
import unicodedata

from lxml import etree

from taama.collect.methods.instance import is_encrypted
from taama.forms.methods.xml import read_xml

XFORMS = "{http://www.w3.org/2002/xforms}"
OF_ENVELOPE = ("file", "encryptedXmlFile")
LONGEST_FILENAME = 250


def safe_filename(name):
    """The last part of a name, without control and invisible characters, not longer than we can keep.

    name     str as the client gave it
    Returns  str, at most 250 characters, its extension kept

    >>> safe_filename("../../etc/pass\\x00wd")
    'passwd'
    """
    base = re.split(r"[/\\]", name)[-1]
    clean = "".join(
        c for c in unicodedata.normalize("NFC", base) if unicodedata.category(c) not in ("Cc", "Cf", "Cs")
    )
    clean = clean.strip(" .") or "file"
    if len(clean) <= LONGEST_FILENAME:
        return clean
    stem, dot, extension = clean.rpartition(".")
    if not dot or len(extension) > 10:
        return clean[:LONGEST_FILENAME]
    return stem[: LONGEST_FILENAME - len(extension) - 1] + "." + extension


def file_questions(xform):
    """Paths of the questions that files answer, without the root: pictures, recordings, the audit log.

    xform     bytes of the XForm as phones get it
    Returns   frozenset of str
    Raises    MethodError as `read_xml`

    >>> bind = b'<bind xmlns="http://www.w3.org/2002/xforms" nodeset="/data/meta/orx:audit" type="binary"/>'
    >>> file_questions(b"<h>" + bind + b"</h>")
    frozenset({'meta/audit'})
    """
    binds = read_xml(xform).iter(f"{XFORMS}bind")
    nodesets = (bind.get("nodeset", "") for bind in binds if bind.get("type", "").endswith("binary"))
    return frozenset(
        "/".join(_local(step) for step in nodeset.strip("/").split("/")[1:]) for nodeset in nodesets
    )


def files_named(raw, questions):
    """Names of the files that belong to an instance, as `safe_filename` keeps them.

    raw        bytes of the instance; of an encrypted one, its envelope names them
    questions  as `file_questions` gives them
    Returns    set of str
    Raises     MethodError as `read_xml`

    >>> raw = b"<data><kin><photo>a.jpg</photo></kin><kin><photo/></kin><note>b.jpg</note></data>"
    >>> files_named(raw, {"kin/photo"})
    {'a.jpg'}
    """
    root = read_xml(raw)
    if is_encrypted(root):
        found = (element for element in root.iter(etree.Element) if _local(element.tag) in OF_ENVELOPE)
    else:
        found = _at(root, questions) if questions else ()
    return {
        safe_filename(element.text) for element in found if (element.text or "").strip() and not len(element)
    }


def _at(element, questions, path=""):
    for child in element.iterchildren(etree.Element):
        here = f"{path}/{_local(child.tag)}" if path else _local(child.tag)
        if here in questions:
            yield child
        yield from _at(child, questions, here)


def _local(name):
    return name.rpartition("}")[2].rpartition(":")[2]
