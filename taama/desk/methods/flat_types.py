"""Answers as text become columns with a type; what a type refuses is told, never lost."""

import re

import polars as pl

from taama.desk.methods.flat import (
    CHOICE,
    CHOICES,
    DATE,
    DATETIME,
    DECIMAL,
    INTEGER,
    POINT,
    SHAPE,
    TEXT,
)

BAD = "bad"  # the reason where a value is not of the type of its question
REST = {name: pl.String for name in ("#submission", "#key", "path", "reason", "value")}
KEYS = {"#submission": pl.String, "#key": pl.String, "#parent": pl.String, "#position": pl.Int32}
TOLD = {
    "#received_at": pl.Datetime("us", "UTC"),
    "#device": pl.String,
    "#simulated": pl.Boolean,
}  # of the form's rows
POINT_PARTS = ("latitude", "longitude", "altitude", "accuracy")
INSTANT = pl.Datetime("us", "UTC")


def typed(rows, columns):
    """The rows of one table as a frame with types.

    rows      Rows of `flatten`
    columns   {path: kind} of the plan, in its order
    Returns   (frame, rest). frame[#submission, #key, #parent: str, #position: int, and a column for each path; of a
              point one for each of its four parts: `place#latitude`]; columns without any answer are left out.
              rest: frame[REST] of the values that are not what their question asks for
    """
    keys = pl.DataFrame(rows.keys, schema=KEYS, orient="row")
    answers = list(zip(*rows.answers, strict=True)) if rows.answers else [()] * len(columns)
    frames, bad = [keys], []
    for (path, kind), answered in zip(columns.items(), answers, strict=True):
        if any(value is not None for value in answered):
            text = pl.Series(path, answered, dtype=pl.String)
            made, refused = read_column(text, kind)
            frames.append(pl.DataFrame(made))
            bad.append(_told(keys, text, refused))
    rest = pl.concat([part for part in bad if part.height] or [pl.DataFrame(schema=REST)])
    return pl.concat(frames, how="horizontal"), rest


def _told(keys, text, refused):
    if not refused.any():
        return pl.DataFrame(schema=REST)
    told = keys.select("#submission", "#key").with_columns(
        pl.lit(text.name).alias("path"), pl.lit(BAD).alias("reason"), text.alias("value")
    )
    return told.filter(refused)


def rest_frame(rest):
    """Rests of `flatten` as a frame[REST]."""
    rows = [(each.submission, each.key, each.path, each.reason, each.value) for each in rest]
    return pl.DataFrame(rows, schema=REST, orient="row")


def answers_to(questions):
    """Expression on a frame[REST]: whether a row answers one of these questions, or stands below it.

    >>> rows = pl.DataFrame({"path": ["hh[2]/nom", "nom[2]/@x", "nombre", ""]})
    >>> rows.select(answers_to({"hh/nom", "nom"}))["path"].to_list(), rows.select(answers_to(set()).any()).item()
    ([True, True, False, False], False)
    """
    known = "|".join(map(re.escape, sorted(questions))) or r"[^\s\S]"
    return pl.col("path").str.replace_all(r"\[\d+\]", "").str.contains(f"^(?:{known})(?:/|$)")


def read_column(text, kind):
    """Text as columns of its kind.

    text     Series of str without blanks, null where nothing was answered
    kind     one of the kinds of `flat`
    Returns  ([Series], Series of bool: where something was answered that the kind refuses)

    >>> made, refused = read_column(pl.Series("age", ["3", "trois", None]), INTEGER)
    >>> made[0].to_list(), refused.to_list()
    ([3, None, None], [False, True, False])
    >>> [part.to_list() for part in read_column(pl.Series("at", ["13.5 -4.1 260"]), POINT)[0]]
    [[13.5], [-4.1], [260.0], [None]]
    """
    made = READERS[kind](text) if kind in READERS else [text]
    return made, text.is_not_null() & made[0].is_null()


def _decimal(text):
    found = text.cast(pl.Float64, strict=False)
    return [found.set(~found.is_finite().fill_null(value=True), None)]


def _datetime(text):
    return [text.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%#z", time_unit="us", strict=False).cast(INSTANT)]


def _choices(text):
    return [text.str.replace_all(r"\s+", " ").str.split(" ")]


def _point(text):
    """Two, three or four numbers; anything else is no point."""
    numbers = text.str.split(" ").list.eval(pl.element().filter(pl.element() != ""))
    numbers = numbers.list.eval(pl.element().cast(pl.Float64, strict=False))
    whole = numbers.list.len().is_between(2, 4) & numbers.list.eval(pl.element().is_finite()).list.all()
    whole &= numbers.list.eval(pl.element().is_null()).list.any().not_()
    numbers = pl.select(pl.when(whole).then(numbers)).to_series()
    return [
        numbers.list.get(place, null_on_oob=True).alias(f"{text.name}#{part}")
        for place, part in enumerate(POINT_PARTS)
    ]


def _shape(text):
    return [pl.Series(text.name, [value and as_wkt(value) for value in text], dtype=pl.String)]


def as_wkt(text):
    """A trace or a shape as ODK writes it, in well-known text; None when it is neither.

    text     points `latitude longitude altitude accuracy` with `;` between them; the last two may be missing
    Returns  LINESTRING or, where it ends where it began, POLYGON, longitude first; accuracy is M

    >>> as_wkt("13.5 -4.1 260 5;13.6 -4.2 261 6")
    'LINESTRING ZM (-4.1 13.5 260.0 5.0, -4.2 13.6 261.0 6.0)'
    >>> as_wkt("1 2;3 4;5 6;1 2")
    'POLYGON ((2.0 1.0, 4.0 3.0, 6.0 5.0, 2.0 1.0))'
    """
    try:
        points = [[float(n) for n in point.split()] for point in text.split(";") if point.strip()]
    except ValueError:
        return None
    size = min((len(point) for point in points), default=0)
    flat = [n for point in points for n in point]
    if len(points) < 2 or size not in (2, 3, 4) or len(flat) != size * len(points) or not _finite(flat):
        return None
    told = ", ".join(" ".join(map(repr, (p[1], p[0], *p[2:]))) for p in points)
    name = "POLYGON" if len(points) > 3 and points[0] == points[-1] else "LINESTRING"
    space = {2: "", 3: " Z", 4: " ZM"}[size]
    return f"{name}{space} (({told}))" if name == "POLYGON" else f"{name}{space} ({told})"


def _finite(numbers):
    return all(abs(n) < float("inf") for n in numbers)


READERS = {
    INTEGER: lambda text: [text.cast(pl.Int64, strict=False)],
    DECIMAL: _decimal,
    DATE: lambda text: [text.str.to_date("%Y-%m-%d", strict=False)],
    DATETIME: _datetime,
    CHOICES: _choices,
    POINT: _point,
    SHAPE: _shape,
}


def columns_of(path, kind):
    """Names of the columns in which answers to a question are kept."""
    return [f"{path}#{part}" for part in POINT_PARTS] if kind == POINT else [path]


def dtype_of(kind):
    """Type of those columns."""
    types = {INTEGER: pl.Int64, DECIMAL: pl.Float64, POINT: pl.Float64, DATE: pl.Date, DATETIME: INSTANT,
             CHOICES: pl.List(pl.String)}  # fmt: skip
    return types.get(kind, pl.String)


def as_kind(path, before, after):
    """Expressions that make a column kept as one kind a column of another: versions of a form may differ.

    Returns  [Expr], named as `columns_of(path, after)`. `after` is the same kind, DECIMAL for INTEGER, CHOICES for
             CHOICE, or TEXT: see `common_kind`
    """
    if before == after or {before, after} <= {TEXT, CHOICE, SHAPE}:
        return [pl.col(name) for name in columns_of(path, before)]
    if after == DECIMAL:
        return [pl.col(path).cast(pl.Float64)]
    if after == CHOICES:
        return [pl.when(pl.col(path).is_not_null()).then(pl.concat_list(path)).alias(path)]
    if before == CHOICES:
        return [pl.col(path).list.join(" ")]
    if before == POINT:
        parts = [pl.col(name).cast(pl.String) for name in columns_of(path, POINT)]
        return [
            pl.when(parts[0].is_not_null())
            .then(pl.concat_str(parts, separator=" ", ignore_nulls=True))
            .alias(path)
        ]
    if before == DATETIME:
        return [pl.col(path).dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ")]
    return [pl.col(path).cast(pl.String)]
