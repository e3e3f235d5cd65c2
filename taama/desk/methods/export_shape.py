"""From the union of a form's tables to the columns of a file."""

import polars as pl

from taama.desk.methods.export_fields import FLAG, LABEL, STATISTICS
from taama.desk.methods.export_union import renamed
from taama.desk.methods.flat import CHOICE, CHOICES
from taama.desk.methods.flat_types import KEYS, TOLD, as_kind, columns_of, dtype_of

BETWEEN_LABELS, BETWEEN_CODES = "; ", " "
ACTIVE = r"^[=+\-@\t\r\n]"  # what a spreadsheet takes for the beginning of a formula
NUMBER = r"^[+-]?\d+([.,]\d+)?$"
QUOTE = "'"


def united(frame, kept, table, renamings):
    """Rows of one version as rows of the union: questions under their present path, all of one type.

    frame      frame as `typed` makes it
    kept       {path: kind} of the version's columns, also of those without answers
    table      UnionTable
    renamings  {former path: present path}
    Returns    frame with the columns of `KEYS`, for the form also of `TOLD`, and of every question of the table; null
               where it was not asked
    """
    there = set(frame.columns)
    sources = {}
    for path, kind in kept.items():
        if columns_of(path, kind)[0] in there:
            sources.setdefault(renamed(path, renamings), []).append((path, kind))
    wanted = [pl.col(name) for name in (KEYS if table.path else KEYS | TOLD)]
    for question in table.questions:
        wanted += _united_column(question, sources.get(question.path, ()))
    return frame.select(wanted)


def _united_column(question, sources):
    names = columns_of(question.path, question.kind)
    if not sources:
        return [pl.lit(None, dtype_of(question.kind)).alias(name) for name in names]
    made = [as_kind(path, kind, question.kind) for path, kind in sources]
    return [
        (each[0] if len(each) == 1 else pl.coalesce(each)).alias(name)
        for name, each in zip(names, zip(*made, strict=True), strict=True)
    ]


def shaped(frame, fields, options):
    """The frame as its file wants it.

    frame    frame with every source that the fields name
    fields   [Field]
    options  Options
    Returns  frame with a column for each field, in order, under its name. A list of answers stays a list in Parquet
             and becomes text elsewhere
    """
    return frame.select(_column(each, options).alias(each.name) for each in fields)


def _column(each, options):
    column = pl.col(each.source)
    if each.kind == FLAG:
        has = column.list.contains(each.choice)
        return pl.when(column.is_not_null()).then(has).cast(pl.Int8)
    if each.kind == LABEL:
        return column.replace_strict(each.values, default=column, return_dtype=pl.String)
    if each.numbers:
        return column.replace_strict(each.numbers, default=None, return_dtype=pl.Int32)
    labels = each.values if options.labels and options.format not in STATISTICS else {}
    if each.kind == CHOICE and labels:
        return column.replace_strict(labels, default=column, return_dtype=pl.String)
    if each.kind == CHOICES:
        if labels:
            column = column.list.eval(pl.element().replace_strict(labels, default=pl.element()))
        between = BETWEEN_LABELS if labels else BETWEEN_CODES
        return column if options.format == "parquet" else column.list.join(between)
    return column


def for_csv(frame, zone):
    """A frame whose cells no spreadsheet takes for formulas; times with their zone, in that of the office.

    A text that begins like a formula gets an apostrophe before it; numbers stay as they are, also those in text.

    >>> for_csv(pl.DataFrame({"a": ["=1+1", "-5", "- non", "@x", "oui", None]}), "UTC")["a"].to_list()
    ["'=1+1", '-5', "'- non", "'@x", 'oui', None]
    """
    made = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if kind == pl.String:
            column = harmless(column)
        elif isinstance(kind, pl.Datetime):
            column = column.dt.convert_time_zone(zone).dt.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z")
        made.append(column.alias(name))
    return frame.select(made)


def harmless(column):
    """An expression on text that a spreadsheet does not take for a formula."""
    active = column.str.contains(ACTIVE) & ~column.str.contains(NUMBER)
    return pl.when(active).then(QUOTE + column).otherwise(column)


def harmless_name(name):
    """A heading that a spreadsheet does not take for a formula."""
    return QUOTE + name if name[:1] in "=+-@\t\r\n" and name else name


def in_zone(frame, zone):
    """Times as clocks in the office showed them, for formats that know no zones."""
    times = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Datetime)]
    return frame.with_columns(pl.col(times).dt.convert_time_zone(zone).dt.replace_time_zone(None))


def cut_long(frame, longest):
    """Texts that a format cannot hold, cut, and told whole beside.

    frame     its first column is the key of the row
    longest   bytes of UTF-8 that a text may have
    Returns   (frame, frame[_key, column, value] of the whole texts)

    >>> cut, long = cut_long(pl.DataFrame({"_key": ["a"], "q": ["été"]}), 3)
    >>> cut["q"].to_list(), long.rows()
    (['ét'], [('a', 'q', 'été')])
    """
    told = [pl.DataFrame(schema=dict.fromkeys(("_key", "column", "value"), pl.String))]
    for name in (n for n, kind in frame.schema.items() if kind == pl.String):
        if (frame[name].str.len_bytes().max() or 0) > longest:
            long = frame.filter(pl.col(name).str.len_bytes() > longest)
            told.append(long.select(pl.col(frame.columns[0]).alias("_key"), pl.lit(name).alias("column"),
                                    pl.col(name).alias("value")))  # fmt: skip
            cut = [text and text.encode()[:longest].decode(errors="ignore") for text in frame[name]]
            frame = frame.with_columns(pl.Series(name, cut, dtype=pl.String))
    return frame, pl.concat(told)
