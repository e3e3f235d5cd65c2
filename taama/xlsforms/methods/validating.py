"""ODK Validate, the judge whose word counts on phones: how it is called and what it says."""

import re
from pathlib import Path

from taama.xlsforms.methods.book import Fault
from taama.xlsforms.methods.complaints import row_of
from taama.xlsforms.methods.form import Form

NOISE = re.compile(
    r"^(\s*at |\s*\.\.\. \d+ more|Caused by|>> ?Something broke|java\.lang\.|Result: |X[Ff]orm is invalid|Validating: |The following files)"
)
PATH = re.compile(r"/[\w.-]+(?:/[\w.-]+)+")
MESSAGE = re.compile(r"^(?:[\w.]+Exception: |>> ?|Error(?: evaluating field)?: ?)")
LOOP = re.compile(r"The following nodes are likely involved")
VERDICTS = (
    (r"Cycle detected|dependency cycle|circular", "forms.logic_circle"),
    (r"XPath|expression|Parse error|evaluat|operand", "forms.logic_refused"),
)


def command(java, jar, path):
    """The command that validates one file.

    java, jar, path  str
    Returns          list of str
    """
    return [
        java,
        "-Djava.awt.headless=true",
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-jar",
        jar,
        path,
    ]


def jar_path():
    """Where the validator lies that came with the compiler.

    Returns  str
    """
    import pyxform.validators.odk_validate as home  # noqa: PLC0415  only validating needs it

    return home.ODK_VALIDATE_PATH


def read_verdict(code, text, book=None):
    """The words of ODK Validate as faults.

    code     its return code, 0 for a valid form
    text     str, what it wrote to standard error
    book     Book from which the XForm was made, so that faults find their row
    Returns  list of Fault: one for each sentence that is no echo of the program itself

    >>> read_verdict(0, "Xform is valid!")
    []
    >>> read_verdict(1, "org.javarosa.xpath.XPathException: XPath evaluation: cannot handle function 'f'\\n\\tat x.y")[0].code
    'forms.logic_refused'
    """
    if code == 0:
        return []
    form = Form(book) if book else None
    sentences = dict.fromkeys(_sentences(text)) or {text.strip()[:400]: None}
    return [_fault(sentence, form) for sentence in list(sentences)[:20]]


def _sentences(text):
    """What it says, each sentence with the paths that it lists below it."""
    found, lists = [], False
    for line in map(str.strip, text.splitlines()):
        while MESSAGE.match(line):
            line = MESSAGE.sub("", line, count=1)
        is_path = line.startswith("/") and " " not in line
        if is_path and lists:
            found[-1] = f"{found[-1]} {line}"[:400]
        elif is_path or LOOP.match(line):
            continue
        elif not line or NOISE.match(line) or line.endswith("is valid!"):
            lists = False
        elif len(line) > 12:
            found.append(line[:400])
            lists = True
    return found


def _fault(sentence, form):
    code = next((code for pattern, code in VERDICTS if re.search(pattern, sentence, re.I)), "forms.not_valid")
    row = None
    if form:
        names = [Path(path).name for path in PATH.findall(sentence)]
        row = next((found for name in names if (found := row_of(form, "survey", name))), None)
    shown = PATH.sub(lambda path: f"${{{Path(path[0]).name}}}", sentence)
    if code == "forms.logic_circle" and PATH.search(sentence):
        shown = ", ".join(f"${{{Path(path).name}}}" for path in PATH.findall(sentence))
    return Fault(code, "error", "survey" if row else "", row, values={"detail": shown})
