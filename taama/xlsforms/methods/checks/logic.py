"""References to questions and the expressions around them: everything a phone has to work out."""

import re

from lxml import etree

from taama.xlsforms.methods.edits import Repair, Write
from taama.xlsforms.methods.form import clean
from taama.xlsforms.methods.words import FUNCTIONS, LOGIC, TRANSLATED, same_but

REFERENCE = re.compile(r"\$\{([^}$]*)\}")
INNER = re.compile(r"(last-saved#)?([^\W\d][\w.-]*)")
BROKEN = re.compile(r"\$\{[^}]*$|\$\s+\{|\$\((\w+)\)|\$(?=\w+\})")
FUNCTION = re.compile(r"(?<![\w.$/-])([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)\s*\((?!\s*/q\))")
STRINGS = re.compile(r"\"[^\"]*\"|'[^']*'")
CURLY = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})  # the compiler straightens these by itself
SMART = CURLY | str.maketrans({"«": '"', "»": '"', "′": "'", "＝": "=", "＜": "<", "＞": ">"})
# What other languages write for an operator; each has one meaning only.
OPERATORS = (
    (re.compile(r"&gt;"), ">"), (re.compile(r"&lt;"), "<"), (re.compile(r"&amp;"), "&"), (re.compile(r"=\s?>"), ">="), (re.compile(r"=\s?<"), "<="), (re.compile(r"={2,3}"), "="),
    (re.compile(r"<>"), "!="), (re.compile(r"≥"), ">="), (re.compile(r"≤"), "<="), (re.compile(r"≠"), "!="),
    (re.compile(r"\s*&&\s*"), " and "), (re.compile(r"\s*\|\|\s*"), " or "), (re.compile(r"(?<=[\s)])AND(?=[\s(])", re.I), "and"),
    (re.compile(r"(?<=[\s)])OR(?=[\s(])", re.I), "or"), (re.compile(r"(?<=[\s)])ET(?=[\s(])", re.I), "and"),
    (re.compile(r"(?<=[\s)])OU(?=[\s(])", re.I), "or"), (re.compile(r">\s+="), ">="), (re.compile(r"<\s+="), "<="),
    (re.compile(r"!\s+="), "!="), (re.compile(r"×"), "*"), (re.compile("[\u2212\u2013]"), "-"),
)  # fmt: skip
TRUTHS = ("yes", "no", "true", "false", "oui", "non")
WORKED_OUT = tuple(
    name for name in LOGIC if name != "choice_filter"
)  # there a bare name is a column of the list
BARE = re.compile(r"[^\W\d][\w.-]*+(?::[^\W\d][\w.-]*+)?+(?:/[^\W\d][\w.-]*+)*+(?!\s*(?:\(|::))")
LONGEST = 20_000


def find(form):
    """Faults of references, of expressions, and of what they need."""
    for name in ("survey", "choices", "settings", "entities"):
        yield from _references(form, name)
    for item in form.items:
        yield from _expressions(form, item)
        yield from _trigger(form, item)
    yield from _instances(form)


def _cells(form, sheet):
    """Cells in which references count: (row, index, text)."""
    skipped = {form.column(sheet, name) for name in ("type", "name", "list_name", "trigger")}
    spoken = {i for i, _ in form.columns("choices", *TRANSLATED)}
    rows = (
        form.rows.values()
        if sheet == "survey"
        else form.sheet(sheet).rows[: 1 if sheet == "settings" else None]
    )
    for row in rows:
        for index, text in enumerate(row.cells):
            if (
                "$" in text
                and index not in skipped
                and form.headers[sheet][index].known
                and (sheet != "choices" or index in spoken)
            ):
                yield row, index, text


def _references(form, sheet):
    for row, index, text in _cells(form, sheet):
        for found in REFERENCE.finditer(text):
            inner = INNER.fullmatch(found[1])
            if not inner and found[1].removeprefix("last-saved#") in form.names:
                continue  # the name itself is at fault, and said so
            name = inner[2] if inner else clean(found[1])
            if not inner or name not in form.names:
                yield from _unknown(form, sheet, row, index, text, found, name)
            elif form.names[name] > 1 and not inner[1]:
                values = {"value": name, "count": form.names[name]}
                yield form.fault("xlsforms.reference_ambiguous", sheet, row.number, index, values=values)
        logical = any(i == index for i, _ in form.columns(sheet, *LOGIC))
        if broken := BROKEN.search(REFERENCE.sub("", text)):
            yield from _broken(form, sheet, row, index, text, broken, logical)


def _unknown(form, sheet, row, index, text, found, name):
    """A reference to nothing: with spaces, in other capitals, misspelt, or to what is not there."""
    if name in ("instanceID", "instanceName"):
        return
    prefix = "last-saved#" if found[1].strip().startswith("last-saved#") else ""
    name = name.removeprefix("last-saved#").strip()
    spaced = name if name in form.names else same_but(name, form.alike)
    meant = [spaced] if spaced else form.near(name, form.names)[:3]
    code = "xlsforms.reference_unknown"
    repairs = [
        Repair(
            bool(spaced),
            (Write(sheet, row.number, index, text, text.replace(found[0], f"${{{prefix}{each}}}"), code),),
            each,
        )
        for each in meant
    ]
    yield form.fault(code, sheet, row.number, index, values={"value": found[1].strip()}, repairs=repairs)


def _broken(form, sheet, row, index, text, broken, logical):
    """A reference that is not closed, or written in another way."""
    code, repairs = "xlsforms.reference_broken", []
    mended = re.sub(r"\$\s+\{", "${", text)
    mended = re.sub(r"\$\((\w+)\)", lambda m: f"${{{m[1]}}}" if m[1] in form.names else m[0], mended)
    mended = re.sub(
        r"\$\{\s*(\w+)\s*(?=$|[^\w}\s])", lambda m: f"${{{m[1]}}}" if m[1] in form.names else m[0], mended
    )
    mended = re.sub(r"\$(?!\{)(\w+)\}", lambda m: f"${{{m[1]}}}" if m[1] in form.names else m[0], mended)
    if mended != text:
        repairs = [Repair(False, (Write(sheet, row.number, index, text, mended, code),), mended)]
    if "${" in broken[0] or logical:
        yield form.fault(code, sheet, row.number, index, values={"value": text[:80]}, repairs=repairs)


def _expressions(form, item):
    row = form.rows[item.row]
    for index, header in form.columns("survey", *LOGIC):
        text = row.cells[index].strip()
        if not text or clean(text).lower() in TRUTHS or len(text) > LONGEST:
            continue
        if not parses(text):
            yield _mangled(form, item, index, header.name, text)
        else:
            yield from _functions(form, item, index, text)
            if header.name in WORKED_OUT:
                yield from _bare(form, item, index, header.name, text)


def _bare(form, item, index, column, text):
    """Words that the phone takes for what lies below the question: a question or value ill written, or a stray cell."""
    code, raw = "xlsforms.bare_name", form.rows[item.row].cells[index]
    for name in bare_names(text):
        if item.meant and item.meant.opens and name.partition("/")[0] in form.names:
            continue  # a group may name what lies in it
        meant = [f"${{{name}}}"] if name in form.names else [f"'{name}'"] * (name in form.values)
        repairs = [
            form.rewrite(code, "survey", item.row, index, _with_bare(raw, name, each), certain=False)
            for each in meant
        ]
        values = {"column": column, "value": name}
        yield form.fault(code, "survey", item.row, index, "warning", values, repairs)


def bare_names(expression):
    """Words of an expression that are neither `${question}` nor 'value', nor a column of a list: a phone finds nothing there.

    Returns  list of str, each once

    >>> bare_names("${a} = oui and instance('l')/root/item[name = ${b}]/label"), bare_names("count(../b) > 1")
    (['oui'], [])
    """
    return list(dict.fromkeys(found[0] for found in _bare_found(expression)))


def _bare_found(expression):
    masked = expression.translate(CURLY)
    for pattern in (STRINGS, REFERENCE):
        masked = pattern.sub(_mask, masked)
    while (inner := re.sub(r"\[[^\[\]]*\]", _mask, masked)) != masked:
        masked = inner
    for found in BARE.finditer(masked):
        before = masked[: found.start()].rstrip()[-1:]
        if found[0] not in ("and", "or", "div", "mod") and before not in tuple("/@:$"):
            yield found


def _mask(found):
    return "\x01" * len(found[0])


def _with_bare(raw, name, after):
    for found in reversed([each for each in _bare_found(raw) if each[0] == name]):
        raw = raw[: found.start()] + after + raw[found.end() :]
    return raw


def _functions(form, item, index, text):
    """Functions that phones do not know: misspelt, or of another program."""
    bare, code = STRINGS.sub("''", REFERENCE.sub("", text)), "xlsforms.function_unknown"
    for name in dict.fromkeys(FUNCTION.findall(bare)):
        if name in FUNCTIONS or name in ("and", "or", "div", "mod"):
            continue
        raw = form.rows[item.row].cells[index]
        repairs = [
            form.rewrite(
                code,
                "survey",
                item.row,
                index,
                re.sub(rf"(?<![\w.-]){name}(?=\s*\()", meant, raw),
                certain=False,
            )
            for meant in form.near(name, sorted(FUNCTIONS))[:2]
        ]
        yield form.fault(code, "survey", item.row, index, "warning", {"value": name}, repairs)


def parses(expression):
    """Whether an expression with references can be read as XPath.

    >>> parses("${age} >= 5 and selected(${a}, 'b')"), parses("${age} => 5"), parses("(${a}")
    (True, False, False)
    """
    plain = REFERENCE.sub("(/q)", expression)
    try:
        etree.XPath(plain)
    except (etree.XPathSyntaxError, ValueError):
        return False
    return True


def _mangled(form, item, index, column, text):
    """An expression that does not parse, with what is wrong in it and what would be right."""
    raw = form.rows[item.row].cells[index]
    mended = mend_expression(raw)
    if parses(raw.strip().translate(CURLY)):
        code, sure, mended = "xlsforms.quotes_curly", True, raw.translate(CURLY)
    elif mended != raw and parses(mended.strip()):
        code, sure = "xlsforms.expression_operator", True
    else:
        mended = close_brackets(mended)
        code, sure = diagnosis(text), False
    repairs, words = [], bare_names(mended)
    if mended != raw and parses(mended.strip()) and set(words) <= set(form.names):
        sure = sure and not words  # two words and a dash may be a sentence that strayed into this column
        repairs = [Repair(sure, (Write("survey", item.row, index, raw, mended, code),), mended)]
    values = {"column": column, "value": text[:120]}
    level = "warning" if code == "xlsforms.quotes_curly" else "error"
    return form.fault(code, "survey", item.row, index, level, values, repairs)


def diagnosis(text):
    """The code of what is wrong in an expression that does not parse."""
    bare = STRINGS.sub("''", text.translate(SMART))
    if bare.count("'") % 2 or bare.count('"') % 2:
        return "xlsforms.expression_quote"
    if bare.count("(") != bare.count(")") or bare.count("[") != bare.count("]"):
        return "xlsforms.expression_bracket"
    if re.search(r"(?<![\w.])\d+,\d+(?![\w,)])", bare):
        return "xlsforms.expression_comma"
    return "xlsforms.expression_unreadable"


def mend_expression(text):
    """An expression with the operators and quotes of XPath in the place of those of other languages.

    >>> mend_expression("${a} => 5 && ${b} == ‘oui’")
    "${a} >= 5 and ${b} = 'oui'"
    """
    text = text.translate(SMART)
    parts, last = [], 0
    for found in STRINGS.finditer(text):
        parts += [_operators(text[last : found.start()]), found[0]]
        last = found.end()
    return "".join([*parts, _operators(text[last:])])


def _operators(text):
    kept = REFERENCE.split(text)  # odd places hold names, which may hold AND or OR
    kept[::2] = [_replaced(part) for part in kept[::2]]
    return "".join(part if i % 2 == 0 else f"${{{part}}}" for i, part in enumerate(kept))


def _replaced(text):
    guarded = f"){text}("  # a reference may stand on either side
    for pattern, right in OPERATORS:
        guarded = pattern.sub(right, guarded)
    return guarded[1:-1]


def close_brackets(text):
    """An expression with the brackets that lack at its end, or without those that are too many there.

    >>> close_brackets("selected(${a}, 'b'"), close_brackets("(${a} = 1))")
    ("selected(${a}, 'b')", '(${a} = 1)')
    """
    bare = STRINGS.sub("", REFERENCE.sub("", text))
    lack = bare.count("(") - bare.count(")")
    if lack > 0:
        return text + ")" * lack
    stripped = text.rstrip()
    if not lack and stripped.endswith(("'", '"')) and stripped.count(stripped[-1]) % 2:
        return stripped[:-1].rstrip()
    while lack < 0 and stripped.endswith(")"):
        stripped, lack = stripped[:-1].rstrip(), lack + 1
    return stripped if lack == 0 else text


def _trigger(form, item):
    text = form.text("survey", form.rows[item.row], "trigger")
    if re.search(r"\}\s*(or|ou|and|et|;)?\s*\$\{", text):
        after = re.sub(r"\}\s*(or|ou|and|et|;)?\s*\$\{", "}, ${", text)
        repair = form.rewrite("xlsforms.trigger_list", "survey", item.row, "trigger", after)
        yield form.fault(
            "xlsforms.trigger_list", "survey", item.row, "trigger", values={"value": text}, repairs=[repair]
        )
        return
    for part in filter(None, (each.strip() for each in text.split(","))):
        if _triggering(part) in form.names:
            continue
        code, at, bare = "xlsforms.trigger_unknown", form.column("survey", "trigger"), _meant(form, part)
        after = ", ".join(
            f"${{{bare}}}" if each.strip() == part else each.strip() for each in text.split(",")
        )
        repairs = [form.rewrite(code, "survey", item.row, at, after)] if bare else []
        yield form.fault(code, "survey", item.row, at, values={"value": part}, repairs=repairs)


def _triggering(part):
    found = REFERENCE.fullmatch(part)
    return clean(found[1]) if found else ""


def _meant(form, part):
    """The question that a trigger surely names, or ''."""
    name = _triggering(part) or part.strip("${} ")
    return name if name in form.names else same_but(name, form.alike)


def _instances(form):
    """`instance('x')` of which nothing in the form says where it comes from."""
    there = set(form.lists) | {
        item.name for item in form.items if item.kind in ("csv-external", "xml-external")
    }
    there |= {item.type.list.rpartition(".")[0] for item in form.items if item.type and item.type.from_file}
    there |= {"__last-saved", "last-saved"}
    entities = form.column("entities", "list_name")
    there |= (
        {clean(row.cells[entities]) for row in form.sheet("entities").rows} if entities is not None else set()
    )
    for row in form.rows.values():
        for index, text in enumerate(row.cells):
            for name in set(re.findall(r"(?<![\w-])instance\(\s*['\"]([^'\"]+)['\"]\s*\)", text)) - there:
                values = {"value": name}
                yield form.fault("xlsforms.instance_unknown", "survey", row.number, index, "warning", values)
