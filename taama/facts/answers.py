"""Reading answers, which are text, in mappings and checks of tools. Pure; Polars frames and expressions."""

import polars as pl

KEYS = ("submission", "row", "parent_row", "form_version", "received_at", "simulated")


def complete(frame, questions):
    """Only what names a row, and a text column for each question, trimmed; blank and never asked are both null.

    frame      Polars frame of answers (`Sent.main`, or one of `Sent.repeats`)
    questions  names that the caller will read; other answers go, so that none can be taken for a computed column
    """
    absent = [pl.lit(None, pl.String).alias(name) for name in questions if name not in frame.columns]
    asked = [pl.col(name).str.strip_chars().alias(name) for name in questions if name in frame.columns]
    kept = frame.select(*(name for name in KEYS if name in frame.columns), *asked).with_columns(absent)
    return kept.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in questions)


def whole(question):
    """The answer as a whole number; null when it is none. `checks` must say so when it is not blank."""
    return pl.col(question).cast(pl.Int64, strict=False)


def decimal(question):
    """The answer as a number; null when it is none."""
    return pl.col(question).cast(pl.Float64, strict=False)


def day(question):
    """The answer as a date, written `2026-11-02`, perhaps with a time behind; null when it is none."""
    return pl.col(question).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)


def yes(question):
    """Whether the answer is `yes`; null when there is no answer."""
    return pl.col(question) == "yes"


def one_of(question, choices):
    """The answer when it is one of the choices, else null."""
    return pl.when(pl.col(question).is_in(list(choices))).then(pl.col(question)).alias(question)


def position(question):
    """Latitude and longitude of a geopoint (`lat lon altitude accuracy`), as two expressions; null when unreadable."""
    parts = pl.col(question).str.split(" ")
    return (parts.list.get(n, null_on_oob=True).cast(pl.Float64, strict=False) for n in (0, 1))


def in_force(frame, when, parameters, names):
    """The frame with a column for each parameter, as in force on the day in the column `when`.

    A day before the parameter began has none: null, so that nothing is judged by a rule that did not exist.
    """
    days = frame[when].drop_nulls().unique().to_list()
    values = {name: [_value(parameters, name, each) for each in days] for name in names}
    table = pl.DataFrame({when: days, **values}, schema_overrides={when: pl.Date}, strict=False)
    return frame.join(table, on=when, how="left")


def _value(parameters, name, when):
    began = parameters.entries[name][0].since
    return parameters.value(name, when) if when >= began else None
