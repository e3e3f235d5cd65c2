"""What the compiler and the validator say in English, as faults of ours with their place in the author's file."""

import re

from taama.xlsforms.methods.book import Fault, letter
from taama.xlsforms.methods.form import Form, clean

PLACE = re.compile(r"\[row ?: ?(\d+)\]")
SHEET = re.compile(r"(?:the|sheet:?|for) '(survey|choices|settings|external_choices|entities|osm)'")
COLUMN = re.compile(r"the '([^']*)' value is (?:invalid|problematic)")
# What the compiler complains of, with the code under which we say it in both languages.
COMPLAINTS = (
    (r"You must have a sheet named 'survey'", "xlsforms.no_survey"),
    (r"Unknown question type '(?P<value>[^']*)'", "xlsforms.type_unknown"),
    (r"Choice names must be unique", "xlsforms.choice_twice"),
    (r"'name' value '(?P<value>[^']*)' is invalid\. Questions, groups, and repeats must be unique", "xlsforms.name_twice"),
    (r"'name' value '(?P<value>[^']*)' is invalid\. Repeat names must", "xlsforms.repeat_twice"),
    (r"List name not in (?:external )?(?:choices|columns) sheet: ?(?P<value>.*)", "xlsforms.list_unknown"),
    (r"There should be a choices sheet", "xlsforms.no_choices"),
    (r"Could not find the name '(?P<value>[^']*)'", "xlsforms.reference_unknown"),
    (r"The name '(?P<value>[^']*)' appears more than once", "xlsforms.reference_ambiguous"),
    (r"There are multiple survey elements named '(?P<value>[^']*)'", "xlsforms.reference_ambiguous"),
    (r"There is no survey element named '(?P<value>[^']*)'", "xlsforms.reference_unknown"),
    (r"Reference variables must start", "xlsforms.reference_broken"),
    (r"Names must begin with a letter", "xlsforms.name_malformed"),
    (r"Unmatched '(?P<value>[^']*)'", "xlsforms.group_unmatched"),
    (r"Question or group with no name", "xlsforms.name_missing"),
    (r"Choices must have a name", "xlsforms.choice_nameless"),
    (r"Question with no type", "xlsforms.type_missing"),
    (r"Missing calculation", "xlsforms.calculation_missing"),
    (r"survey element named '(?P<value>[^']*)' has no label or hint", "xlsforms.label_missing"),
    (r"Choice names with spaces cannot be added.*See \[(?P<value>.*)\] in", "xlsforms.choice_spaced"),
    (r"'meta' is invalid", "xlsforms.name_reserved"),
    (r"Choice filter not supported with or_other", "forms.or_other_filtered"),
    (r"Invalid headers provided.*different names for the same column were found: '(?P<value>[^']*)'", "xlsforms.column_twice"),
    (r"same instance id will be generated.*Instance name: '(?P<value>[^']*)'", "forms.instance_twice"),
    (r"Instance names must be unique within a form\. The name '(?P<value>[^']*)'", "forms.instance_twice"),
    (r"question (?P<value>\$\{[^}]*\}) is not user-visible", "xlsforms.trigger_unknown"),
    (r"(?P<value>.*(?:must be set to|Invalid value for|must have an integer|must be greater|seed|are required parameters).*)",
     "forms.parameters_wrong"),
    (r"save_to", "forms.entity_wrong"),
    (r"On the 'entities' sheet", "forms.entity_wrong"),
    (r"On the 'survey' sheet, the 'parameters' value is invalid\. (?P<value>.*)", "forms.parameters_wrong"),
)  # fmt: skip


NOTES = (
    (
        r"Language '(?P<value>[^']*)' is missing the (?P<sheet>\w+) columns? (?P<columns>[^.]*)",
        "forms.translation_missing",
    ),
    (r"max-pixels", "forms.picture_large"),
)


def explain(complaint, book, level="error"):
    """A complaint of the compiler as a fault.

    complaint  str, in English
    book       Book that was compiled
    level      "error", or "warning" for what it only notes
    Returns    Fault; `forms.form_refused` or `forms.compiler_note` with the words of the compiler when we have none
    """
    form = Form(book)
    known, other = (
        (NOTES, "forms.compiler_note") if level == "warning" else (COMPLAINTS, "forms.form_refused")
    )
    found = ((re.search(pattern, complaint, re.S), code) for pattern, code in known)
    match, code = next(((m, c) for m, c in found if m), (None, other))
    value = (match.groupdict().get("value") or "").strip()[:200] if match else ""
    name = SHEET.search(complaint)
    name = name[1] if name and book.sheet(name[1]) else "survey"
    if code in ("xlsforms.choice_twice", "xlsforms.choice_nameless", "xlsforms.choice_spaced") and book.sheet(
        "choices"
    ):
        name = "choices"
    place = PLACE.search(complaint)
    row = (
        _number(form, name, int(place[1])) if place else row_of(form, name, value) or _named(form, complaint)
    )
    column = COLUMN.search(complaint)
    index = form.column(name, clean(column[1])) if column else None
    text = form.sheet(name).columns[index].text if index is not None else ""
    values = (match.groupdict() if match else {}) | {
        "value": value,
        "name": value,
        "detail": " ".join(PLACE.sub("", complaint).split())[:400],
    }
    return Fault(code, level, name, row, text, letter(index) if index is not None else "", values)


def _number(form, sheet, counted):
    """The row of the author's file for one that the compiler counts: its header is row 1."""
    lines = form.lines(sheet)
    line = lines[counted - 2] if 2 <= counted < len(lines) + 2 else None
    return line.number if line else form.sheet(sheet).header_row


def _named(form, complaint):
    """The row of the first question that a complaint names."""
    words = re.findall(r"\$\{([^}]+)\}|'([^' ]+)'|\bnamed '?([\w.-]+)", complaint)
    found = (row_of(form, "survey", next(filter(None, word)).rstrip(".")) for word in words)
    return next(filter(None, found), None)


def row_of(form, sheet, value):
    """The row in which a value stands as name, type or list; None when it stands in none."""
    if not value:
        return None
    for column in ("name", "type", "list_name"):
        for row in form.sheet(sheet).rows:
            text = form.text(sheet, row, column)
            if text == value or text.partition(" ")[2] == value:
                return row.number
    return None
