"""What somebody filled in, question by question, in the words of the form."""

from lxml import etree

from taama.forms.methods.outline import QUESTION, REPEAT, Outline, text_in
from taama.forms.methods.xml import read_xml


def read_answers(raw, outline: Outline, language):
    """The answers of an instance, in the form's order.

    raw       bytes of an XML instance
    outline   Outline of the form that was filled
    language  "fr" or "en": of the texts, where the form has them
    Returns   list of (depth, question, answer): of a group or a row of a repeat the answer is ''
    Raises    MethodError as `read_xml`

    >>> from taama.forms.methods.outline import GROUP, Choice, Node
    >>> yes = Choice("y", {"fr": "Oui"})
    >>> seen = Node("vu", "vu", QUESTION, "select_one", {"fr": "Vu ?"}, choices=(yes,), asked=True)
    >>> form = Outline("f", "1", "F", ("fr",), "", Node("", "data", GROUP, children=(seen,)))
    >>> read_answers(b"<data><vu>y</vu></data>", form, "fr")
    [(0, 'Vu ?', 'Oui')]
    """
    return list(_inside(read_xml(raw), outline.root, language, 0))


def _inside(element, node, language, depth):
    for child in (child for child in node.children if child.path != "meta"):
        there = [
            one for one in element.iterchildren(etree.Element) if etree.QName(one).localname == child.name
        ]
        for number, one in enumerate(there, 1):
            if child.kind == QUESTION:
                text = (one.text or "").strip()
                if text:
                    yield depth, child.label(language), answer_in_words(text, child, language)
                continue
            below = list(_inside(one, child, language, depth + bool(child.labels or child.kind == REPEAT)))
            if below and (child.labels or child.kind == REPEAT):
                yield depth, child.label(language) + (f" {number}" if child.kind == REPEAT else ""), ""
            yield from below


def answer_in_words(text, node, language, listed=None):
    """An answer to a select in the words of its choices; any other answer as it is.

    text      str, as the phone sends it
    node      Node of the question
    language  "fr" or "en"
    listed    {code: text} of choices that came as a file beside the form
    Returns   str; a code without words stays a code

    >>> from taama.forms.methods.outline import Choice, Node
    >>> needs = Node("n", "n", QUESTION, "select_multiple", choices=(Choice("e", {"fr": "Eau"}), Choice("v", {"fr": "Vivres"})))
    >>> answer_in_words("v e x", needs, "fr", {"x": "Abris"})
    'Vivres, Eau, Abris'
    """
    names = {choice.name: text_in(choice.labels, (language,)) or choice.name for choice in node.choices}
    names |= listed or {}
    if not names:
        return text
    chosen = [text] if node.type == "select_one" else text.split()
    return ", ".join(names.get(name, name) for name in chosen)
