"""What a form asks, read from its XForm: a tree of groups, repeats and questions in the form's order.

The one description of a form from which paper, comparison, review, checks on arrival and exports are made.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from taama.base.errors import MethodError, Where
from taama.forms.methods.xform import HTML, XFORMS
from taama.forms.methods.xml import read_xml

JAVAROSA = "{http://openrosa.org/javarosa}"
OPENROSA = "{http://openrosa.org/xforms}"
ENTITIES = "{http://www.opendatakit.org/xforms/entities}"
GROUP, REPEAT, QUESTION = "group", "repeat", "question"
CONTROLS = {"select1": "select_one", "select": "select_multiple", "rank": "rank", "trigger": "acknowledge",
            "range": "range"}  # fmt: skip
TYPES = {"string": "text", "int": "integer", "dateTime": "datetime", "select1": "select_one", "select": "select_multiple",
         "odk:rank": "rank", "binary": "file", "long": "integer"}  # fmt: skip
MEDIA = ("image", "audio", "video")
# Elements of the body that point to a node without asking for it.
NO_TEXT = "-"  # what the compiler writes where a language has none
NO_CONTROLS = "label hint output itemset value setvalue setgeopoint recordaudio".split()
SECONDARY = re.compile(r"""instance\(\s*['"]([^'"]+)['"]\s*\)""")
LISTED = re.compile(r"""instance\(\s*['"][^'"]*['"]\s*\)/root/item(?:\s*\[(.*)\])?""", re.S)
TRANSLATION = re.compile(r"""jr:itext\(\s*(?:'([^']*)'|"([^"]*)"|([^)]*))\s*\)""")
UNNAMED = "default"  # how a form calls its language when it names none


@dataclass(frozen=True)
class Choice:
    """One answer that may be chosen. `labels`: language → text; {} or one language '' where the form has none."""

    name: str
    labels: dict


@dataclass(frozen=True)
class Node:
    """A group, a repeat or a question.

    path         steps below the form's root: `idp/idp_people`; the root's is ""
    kind         GROUP, REPEAT or QUESTION
    type         of a question: text, integer, decimal, date, time, datetime, select_one, select_multiple, rank,
                 acknowledge, range, note, geopoint, geotrace, geoshape, image, audio, video, file, barcode, calculate,
                 or what the phone fills in: start, end, today, deviceid, username, phonenumber, audit …
    labels       language → text; a question's value within is written ${name}. hints the same
    choices      of a select with a list of its own
    file         name of the file or list that the choices come from, without jr://
    choice_filter  XPath that keeps some of them; of choices that other answers give, where these are
    relevant …   XPath as in the form, "" where there is none
    written      XPath of all that the phone writes there: calculate, a default or a trigger
    asked        whether people see it
    """

    path: str
    name: str
    kind: str
    type: str = ""
    labels: dict = field(default_factory=dict)
    hints: dict = field(default_factory=dict)
    choices: tuple = ()
    file: str = ""
    choice_filter: str = ""
    appearance: str = ""
    required: str = ""
    required_messages: dict = field(default_factory=dict)
    relevant: str = ""
    constraint: str = ""
    constraint_messages: dict = field(default_factory=dict)
    calculate: str = ""
    written: str = ""
    readonly: bool = False
    default: str = ""
    repeat_count: str = ""
    asked: bool = False
    children: tuple = ()

    def walk(self) -> Iterator["Node"]:
        """This node and all below it, in the form's order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def label(self, *languages):
        """Its text in the first of these languages that it has, else in any, else its name."""
        return text_in(self.labels, languages) or self.name


@dataclass(frozen=True)
class Outline:
    """A form. `languages` in the form's order, the default one first; () when it names none."""

    form_id: str
    version: str
    title: str
    languages: tuple
    public_key: str
    root: Node

    def questions(self):
        """Every question, in the form's order."""
        return [node for node in self.root.walk() if node.kind == QUESTION]

    def paths(self):
        """Paths of every question, in the form's order."""
        return [node.path for node in self.questions()]


def text_in(texts, languages):
    """The text in the first of these languages that has one, else in any, else "".

    texts      language → text; a language is named `Français (fr)`, `French` or `fr`
    languages  codes or names wanted, the best first

    >>> text_in({"English (en)": "Yes", "Français (fr)": "Oui"}, ["fr"])
    'Oui'
    """
    for wanted in languages:
        for name, text in texts.items():
            if text and (name.lower() == wanted.lower() or language_code(name) == language_code(wanted)):
                return text
    return next((text for text in texts.values() if text), "")


def language_code(name):
    """Code of a language as forms name it; the name in small letters where it is not known.

    >>> language_code("Français (fr)"), language_code("french"), language_code("Bamanankan (bm)")
    ('fr', 'fr', 'bm')
    """
    coded = re.search(r"\(([A-Za-z]{2,3})(?:-\w+)?\)\s*$", name)
    if coded:
        return coded[1].lower()
    known = {
        "français": "fr",
        "francais": "fr",
        "french": "fr",
        "english": "en",
        "anglais": "en",
        "arabic": "ar",
    }
    return known.get(name.strip().lower(), name.strip().lower())


def read_outline(raw, file=""):
    """The outline of an XForm.

    raw      bytes
    file     what to call it in an error
    Returns  Outline
    Raises   MethodError as `read_xml`; `forms.not_an_xform`
    Source   ODK XForms specification

    >>> from taama.forms.methods.converting import compile_form
    >>> form = "|survey|||\\n||type|name|label|\\n||integer|a|Combien ?|\\n|settings|||\\n||form_id|version|\\n||f|1|"
    >>> [(q.path, q.type, q.label("fr")) for q in read_outline(compile_form(form.encode(), "f.md").xform).questions() if q.asked]
    [('a', 'integer', 'Combien ?')]
    """
    root = read_xml(raw, file)
    model = root.find(f"{HTML}head/{XFORMS}model")
    primary = None if model is None else model.find(f"{XFORMS}instance")
    form = None if primary is None else next(iter(primary), None)
    body = root.find(f"{HTML}body")
    if form is None or body is None:
        raise MethodError("forms.not_an_xform", Where(file=file))
    reader = _Reader(model, form, body)
    submission = model.find(f"{XFORMS}submission")
    return Outline(
        form_id=form.get("id") or etree.QName(form).namespace or "", version=_version(form),
        title=(root.findtext(f"{HTML}head/{HTML}title") or "").strip(), languages=tuple(reader.texts.languages),
        public_key="" if submission is None else submission.get("base64RsaPublicKey", "").strip(),
        root=reader.node(form, "", ""),
    )  # fmt: skip


def _version(form):
    return (form.get("version") or form.get(f"{OPENROSA}version") or "").strip()


class _Texts:
    """Translations of a form, and the texts that point to them."""

    def __init__(self, model):
        self.entries, self.languages = {}, []
        itext = model.find(f"{XFORMS}itext")
        for translation in () if itext is None else itext.iter(f"{XFORMS}translation"):
            self._take(translation)

    def _take(self, translation):
        language = translation.get("lang", "")
        spot = 0 if translation.get("default") is not None else len(self.languages)
        if language != UNNAMED:
            self.languages.insert(spot, language)
        for entry in translation.iter(f"{XFORMS}text"):
            plain = [value for value in entry.iter(f"{XFORMS}value") if value.get("form") is None]
            if plain and (text := _plain(plain[0])) != NO_TEXT:
                self.entries.setdefault(entry.get("id"), {})[language] = text

    def of(self, element):
        """Language → text of a label or a hint; {} when there is no such element."""
        if element is None:
            return {}
        found = self.named(element.get("ref", ""))
        text = _plain(element)
        return found or ({"": text} if text else {})

    def told(self, text):
        """Language → text of what a bind says itself or by reference."""
        return self.named(text) or ({"": text} if text else {})

    def named(self, reference):
        match = TRANSLATION.search(reference or "")
        return dict(self.entries.get(next((g for g in match.groups() if g), ""), {})) if match else {}


class _Reader:
    def __init__(self, model, form, body):
        self.texts, self.prefix = _Texts(model), f"/{etree.QName(form).localname}"
        self.binds = {self._path(bind.get("nodeset", "")): bind for bind in model.iter(f"{XFORMS}bind")}
        self.lists = {each.get("id"): each for each in model.iter(f"{XFORMS}instance") if each.get("id")}
        self.controls, self.repeats, self.set = {}, {}, {}
        for each in model.getroottree().iter(f"{XFORMS}setvalue"):
            self.set.setdefault(self._path(each.get("ref", "")), []).append(each.get("value", ""))
        for element in body.iter(etree.Element):
            name, where = etree.QName(element).localname, element.get("ref") or element.get("nodeset")
            if where and name not in NO_CONTROLS:
                (self.repeats if name == "repeat" else self.controls).setdefault(self._path(where), element)

    def _path(self, reference):
        return re.sub(r"\s+", "", reference).removeprefix(self.prefix).strip("/")

    def node(self, element, path, name):
        bind, control = self.binds.get(path), self.controls.get(path)
        children, seen = [], set()
        for child in element.iterchildren(etree.Element):
            own = etree.QName(child).localname
            below = f"{path}/{own}" if path else own
            if below not in seen and not child.tag.startswith(
                ENTITIES
            ):  # a repeat may stand twice, as its template
                seen.add(below)
                children.append(self.node(child, below, own))
        is_repeat = path in self.repeats
        kind = REPEAT if is_repeat else GROUP if children or not path else QUESTION
        shared = self._shared(bind, control, path)
        if kind != QUESTION:
            count = self.repeats[path].get(f"{JAVAROSA}count", "") if is_repeat else ""
            return Node(path, name, kind, repeat_count=count, children=tuple(children), **shared)
        written = " ".join([_of(bind, "calculate"), *self.set.get(path, ())])
        return Node(path, name, kind, written=written, **shared, **self._question(element, bind, control))

    def _shared(self, bind, control, path):
        control = self.repeats.get(path) if control is None else control
        labelled = control
        if (
            control is not None
            and etree.QName(control).localname == "repeat"
            and control.find(f"{XFORMS}label") is None
        ):
            labelled = control.getparent()
        found = {"relevant": _of(bind, "relevant"), "asked": control is not None}
        if labelled is not None:
            found["labels"] = self.texts.of(labelled.find(f"{XFORMS}label"))
            found["appearance"] = control.get("appearance", "")
        return found

    def _question(self, element, bind, control):
        found = {
            "type": _type(bind, control), "required": "" if _of(bind, "required") == "false()" else _of(bind, "required"),
            "constraint": _of(bind, "constraint"), "calculate": _of(bind, "calculate"),
            "readonly": _of(bind, "readonly") == "true()", "default": (element.text or "").strip(),
            "constraint_messages": self.texts.told(_of(bind, f"{JAVAROSA}constraintMsg")),
            "required_messages": self.texts.told(_of(bind, f"{JAVAROSA}requiredMsg")),
        }  # fmt: skip
        if control is None:
            return found
        choices, file = self._choices(control)
        return found | {
            "hints": self.texts.of(control.find(f"{XFORMS}hint")),
            "choices": choices,
            "file": file,
            "choice_filter": _filter(control),
        }

    def _choices(self, control):
        items = [
            Choice(
                (item.findtext(f"{XFORMS}value") or "").strip(), self.texts.of(item.find(f"{XFORMS}label"))
            )
            for item in control.findall(f"{XFORMS}item")
        ]
        itemset = control.find(f"{XFORMS}itemset")
        if itemset is None:
            return tuple(items), control.get("query", "") and "itemsets.csv"
        named = SECONDARY.search(itemset.get("nodeset", ""))
        source = self.lists.get(named[1]) if named else None
        if source is None:
            return (), ""
        if source.get("src"):
            return (), source.get("src").rpartition("/")[2]
        value = itemset.find(f"{XFORMS}value")
        return tuple(self._listed(source, "name" if value is None else value.get("ref", "name"), itemset)), ""

    def _listed(self, source, value, itemset):
        label = itemset.find(f"{XFORMS}label")
        label = "label" if label is None else label.get("ref", "label")
        inner = TRANSLATION.search(label)
        for item in source.iter(f"{XFORMS}item"):
            texts = {
                etree.QName(child).localname: (child.text or "").strip()
                for child in item.iterchildren(etree.Element)
            }
            told = self.texts.entries.get(texts.get((inner[3] or "itextId").strip(), ""), {}) if inner else {}
            told = told or ({"": texts[label]} if texts.get(label) else {})
            yield Choice(texts.get(value, ""), dict(told))


def _of(bind, name):
    return "" if bind is None else bind.get(name, "").strip()


def _filter(control):
    itemset = control.find(f"{XFORMS}itemset")
    nodeset = control.get("query", "") if itemset is None else itemset.get("nodeset", "")
    listed = LISTED.search(nodeset)
    return " ".join((listed[1] or "" if listed else nodeset).split())


def _type(bind, control):
    """The type as authors of forms know it."""
    if preload := _of(bind, f"{JAVAROSA}preload"):
        return _preloaded(preload, _of(bind, f"{JAVAROSA}preloadParams"))
    told = _of(bind, "type").removeprefix("xsd:")
    told = TYPES.get(told, told) or "text"
    if control is None:
        return "calculate" if _of(bind, "calculate") and told == "text" else told
    name = etree.QName(control).localname
    if name == "upload":
        media = control.get("mediatype", "").partition("/")[0]
        return media if media in MEDIA else "file"
    if (
        name == "input"
        and _of(bind, "readonly") == "true()"
        and told == "text"
        and not _of(bind, "calculate")
    ):
        return "note"
    return CONTROLS.get(name, told)


def _preloaded(preload, parameters):
    """start, end, today, deviceid, username …: what the phone writes by itself."""
    return {"timestamp": parameters, "date": parameters, "property": parameters}.get(preload, preload)


def _plain(element):
    """The text of a label; an answer shown within it as ${name}."""
    parts = [element.text or ""]
    for child in element.iterchildren(etree.Element):
        if etree.QName(child).localname == "output":
            reference = child.get("value") or child.get("ref") or ""
            parts.append(f"${{{reference.strip().rpartition('/')[2]}}}")
        else:
            parts.append("".join(child.itertext()))
        parts.append(child.tail or "")
    return "".join(parts).strip()
