"""Which columns a file gets, under which names, and the codebook that tells what they mean."""

import csv
import io
from dataclasses import dataclass, field, replace

from taama.desk.methods.export_names import last_steps, spss_names, stata_names, unique
from taama.desk.methods.export_union import Question
from taama.desk.methods.flat import CHOICE, CHOICES, DATETIME, DECIMAL, DEPRECATED_ID, INTEGER, POINT, TEXT
from taama.forms.methods.outline import language_code, text_in

FORMATS = ("xlsx", "csv", "parquet", "gpkg", "sav", "dta")
WHOLE = ("xlsx", "gpkg")  # hold all tables in one file; of the others a zip holds one for each table
SHEETS, STATISTICS = ("xlsx", "csv"), ("sav", "dta")
LIST, COLUMNS, BOTH = "list", "columns", "both"
MULTIPLES = (LIST, COLUMNS, BOTH)
FLAG, TRUTH, LABEL = (
    "flag",
    "truth",
    "label",
)  # 0 or 1; true or false; the text of a code that stands beside it
MOST_COLUMNS = 250  # a question with more answers than this keeps them in a list
FORM_KEYS = {
    "#key": TEXT, "#received_at": DATETIME, "#form_version": TEXT, "#device": TEXT, "#state": CHOICE, "#review": CHOICE,
    "#simulated": TRUTH,
}  # fmt: skip
REPEAT_KEYS = {"#key": TEXT, "#parent": TEXT, "#position": INTEGER}
KEY_NAMES = {"#parent": "_parent_key"}


@dataclass(frozen=True)
class Options:
    """How a file is wanted. `labels`: answers, and headings of sheets, as people read them; else codes and names.
    `groups`: names of questions with the groups that they stand in."""

    format: str = "csv"
    language: str = "fr"
    labels: bool = False
    multiples: str = LIST
    groups: bool = True


@dataclass(frozen=True)
class Field:
    """A column of a file.

    name    its heading
    source  column that it is made of: `place`, `place#latitude`, `#received_at`
    kind    one of `flat`, FLAG, TRUTH or LABEL
    label   in the language of the file
    word    the one of our own words that the label is, where no question is
    choice  of a FLAG: the code whose choice it tells
    values  code → label in that language
    numbers code → number, where the format can only label numbers
    """

    name: str
    source: str
    kind: str
    label: str = ""
    word: str = ""
    choice: str = ""
    values: dict = field(default_factory=dict)
    numbers: dict = field(default_factory=dict)
    question: Question | None = None


def fields_of(table, options, filled, seen, words):
    """The columns of one table.

    table    UnionTable
    options  Options
    filled   paths of questions that were ever answered; without an answer, what only speaks to people has no column
    seen     {path: codes that were answered}
    words    {`#key`: text, `#state=pending`: text, `latitude`: text …} in the language of the file
    Returns  [Field], each with a name of its own
    """
    made = _keys(FORM_KEYS if not table.path else REPEAT_KEYS, words)
    for question in table.questions:
        if question.path in filled or not _speaks(question):
            made += _of_question(question, options, seen.get(question.path, ()), words)
    if options.format in STATISTICS:
        made = [_numbered(each) for each in made]
    return named(made, options)


def named(fields, options):
    """The fields, each under a name that the format accepts and no other has."""
    names = _names(fields, options)
    return [replace(each, name=name) for each, name in zip(fields, names, strict=True)]


def _speaks(question):
    return question.type == "note" or question.path == DEPRECATED_ID


def _keys(kinds, words):
    for_key = {"#state": "#state=", "#review": "#review="}
    return [
        Field(
            KEY_NAMES.get(source, f"_{source[1:]}"), source, kind, words.get(source, ""), source,
            values=_words_from(words, for_key[source]) if source in for_key else {},
        )
        for source, kind in kinds.items()
    ]  # fmt: skip


def _words_from(words, beginning):
    return {name.removeprefix(beginning): t for name, t in words.items() if name.startswith(beginning)}


def _of_question(question, options, seen, words):
    label = text_in(question.labels, [options.language]) or question.path.rpartition("/")[2]
    if question.kind == POINT:
        return [
            Field("", f"{question.path}#{part}", DECIMAL, f"{label} ({words.get(part, part)})", question=question)
            for part in ("latitude", "longitude", "altitude", "accuracy")
        ]  # fmt: skip
    values = choice_labels(question, seen, options.language)
    whole = Field("", question.path, question.kind, label, values=values, question=question)
    if question.kind == CHOICE and question.file and options.format in STATISTICS:
        return [whole, replace(whole, kind=LABEL)] if question.choices else [whole]
    if question.kind != CHOICES or not values or len(values) > MOST_COLUMNS:
        return [whole]
    if options.multiples == LIST and options.format not in STATISTICS:
        return [whole]
    flags = [
        Field("", question.path, FLAG, f"{label} / {text}", "", code, {"0": "", "1": ""}, question=question)
        for code, text in values.items()
    ]
    return flags if options.multiples == COLUMNS else [whole, *flags]


def choice_labels(question, seen, language):
    """Code → label of the answers to a question; codes that no version offers come last, under their own name."""
    known = {code: text_in(labels, [language]) or code for code, labels in question.choices.items()}
    return known | {code: code for code in sorted(seen) if code not in known}


def _names(fields, options):
    steps = dict(zip(*_short_and_long(fields, options), strict=True))
    made_of = [
        each.kind in (FLAG, LABEL) for each in fields
    ]  # a question keeps its name, what is made of one gives way
    order = sorted(range(len(fields)), key=made_of.__getitem__)
    names = _accepted([_name(fields[at], steps, options) for at in order], options.format)
    return [name for _, name in sorted(zip(order, names, strict=True))]


def _accepted(wanted, format):
    if format == "sav":
        return spss_names(wanted)
    if format == "dta":
        return stata_names(wanted)
    return unique(wanted, fold=str.lower if format == "gpkg" else str)


def _short_and_long(fields, options):
    paths = list(dict.fromkeys(e.question.path for e in fields if e.question))
    return paths, paths if options.groups else last_steps(paths)


def _name(each, steps, options):
    readable = options.labels and options.format in SHEETS
    if readable and each.label:
        return each.label
    if each.question is None:
        return each.name
    part = {FLAG: each.choice, LABEL: LABEL}.get(each.kind, each.source.partition("#")[2])
    name = steps[each.question.path]
    return f"{name}/{part}" if each.kind == FLAG else f"{name}_{part}" if part else name


def with_lists(table, lists, seen):
    """The table, its questions that take their answers from a list knowing the texts of those that were given.

    lists   {name of the file: {code: {language: text}}}
    seen    {path: codes that were answered}
    """
    questions = (
        replace(one, choices={code: lists[one.file][code] for code in sorted(seen.get(one.path, ())) if code in lists[one.file]})
        if not one.choices and one.file in lists else one
        for one in table.questions
    )  # fmt: skip
    return replace(table, questions=tuple(questions))


def read_list(content):
    """The texts of a list of choices.

    content  bytes of a CSV file with the columns `name` and `label` or `label::Language`
    Returns  {code: {language: text}}; {} where it is another file

    >>> read_list(b"name,label::fr,label::en\\nml07,Gao,Gao\\n")
    {'ml07': {'fr': 'Gao', 'en': 'Gao'}}
    """
    try:
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        labels = [name for name in rows.fieldnames or () if name.partition("::")[0].strip() == "label"]
        if "name" not in (rows.fieldnames or ()) or not labels:
            return {}
        return {
            row["name"]: {name.partition("::")[2].strip(): row[name] or "" for name in labels} for row in rows
        }
    except (UnicodeDecodeError, csv.Error):
        return {}


def _numbered(each):
    """Answers as numbers, the same in every file of the form; those from a list in a file, which changes, stay codes."""
    asked = each.question
    if each.kind != CHOICE or not each.values or (asked and asked.file):
        return each
    numbers = numbers_of([*(asked.codes if asked else ()), *each.values])
    return replace(each, numbers={code: numbers[code] for code in each.values})


def numbers_of(codes):
    """A number for each code: a whole number is itself, another code gets the next after the highest.

    codes    in the order in which the form got them, so that what is added later changes no number

    >>> numbers_of(["oui", "non"]), numbers_of(["1", "98", "autre", "98", "3"])
    ({'oui': 1, 'non': 2}, {'1': 1, '98': 98, 'autre': 99, '3': 3})
    """
    numbers, taken = {}, set()
    for code in dict.fromkeys(codes):
        whole = code.lstrip("-").isdecimal() and abs(int(code)) < 2**31 - 200
        free = whole and int(code) not in taken
        numbers[code] = int(code) if free else max(taken, default=0) + 1
        taken.add(numbers[code])
    return numbers


QUESTION_COLUMNS = ("table", "column", "question", "type", "label_fr", "label_en", "label", "versions")
CHOICE_COLUMNS = ("table", "column", "question", "code", "number", "label_fr", "label_en", "label")


def codebook(tables, words):
    """What every column means.

    tables   [(name, [Field])]
    words    our own words in French, and in English
    Returns  (rows of QUESTION_COLUMNS, rows of CHOICE_COLUMNS); `label` is in the language of the file
    """
    questions, choices = [], []
    for name, fields in tables:
        for each in fields:
            asked = each.question
            told = _told(asked.labels) if asked else [own.get(each.word, each.label) for own in words]
            versions = " ".join(version or "–" for version in asked.versions) if asked else ""
            path, type_ = (asked.path, asked.type) if asked else ("", each.kind)
            questions.append((name, each.name, path, type_, *told, each.label, versions))
            if each.kind not in (FLAG, LABEL):
                choices += _choices_told(name, each, words)
    return questions, choices


def _choices_told(table, each, words):
    asked = each.question
    for code, text in each.values.items():
        labels = asked.choices.get(code, {}) if asked else {}
        own = f"#{each.source.lstrip('#')}={code}"
        told = _told(labels) if labels else [one.get(own, text) for one in words]
        yield table, each.name, asked.path if asked else "", code, each.numbers.get(code, ""), *told, text


def _told(labels):
    """A text in French and in English, each blank where the form has it in other named languages only."""
    found = {language_code(name): text for name, text in labels.items()}
    unnamed = found.get("", "")
    return found.get("fr", unnamed), found.get("en", unnamed)
