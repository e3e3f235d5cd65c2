"""People present: one row per place, totals with their range, shares with their denominator."""

import narwhals as nw

from taama.base.errors import MethodError, Where
from taama.facts.frames import any_engine, refuse, small

RETURNED = ("returned_idp", "repatriate", "returnee")


def aggregated(frame, by, aggregates):
    """One row per value of `by`, or one row in all."""
    return frame.group_by(*by).agg(*aggregates) if by else frame.select(*aggregates)


def count_where(condition):
    """How many rows hold; a sum of numbers, since not every engine sums truth values."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0)).sum()


def people_where(condition):
    return nw.when(condition).then(nw.col("people")).otherwise(nw.lit(0)).sum()


@any_engine
def latest_stock(stock):
    """One row for each place, group and round: what was sent last.

    Two submissions may describe the same place in one round (a second visit, a correction sent anew). Rows without
    a round count as one for each day.

    stock     frame[submission, series, place, group, round, date, …], as `mobility.stock`; Polars, DuckDB or Spark
    Returns   the rows that stand, with all columns: the latest day, and on one day the greatest submission key
              (keys grow with time)

    >>> import polars as pl
    >>> twice = pl.DataFrame({"submission": ["s1", "s2"], "series": "dtm_mali", "place": "P1", "group": "idp",
    ...                       "round": "72", "date": ["2021-09-03", "2021-09-20"], "people": [40, 45]})
    >>> latest_stock(twice)["people"].to_list()
    [45]
    """
    marked = stock.with_columns(nw.when(nw.col("round") == "").then(nw.col("date")).alias("_moment"))
    if not some_twice(marked, ["series", "group", "round", "_moment"]):
        return stock
    for column in ("date", "submission"):
        keys = ["series", "place", "group", "round", "_moment"]
        marked = marked.with_columns(nw.col(column).max().over(*keys).alias("_last"))
        marked = marked.filter(nw.col(column) == nw.col("_last")).drop("_last")
    return marked.drop("_moment")


def some_twice(frame, within):
    """Whether a place occurs twice within equal values of these columns: cheaper to ask than to number each row."""
    counts = frame.group_by(*within).agg(nw.len().alias("rows"), nw.col("place").n_unique().alias("places"))
    return bool(small(counts.filter(nw.col("rows") != nw.col("places")).head(1)))


@any_engine
def stock_totals(stock, *, by=()):
    """Total of people present with its range.

    The range of a place is what its informants said. Places are taken as independent, so that variances add and
    widths do not: with d = people - low and u = high - people of each place, the total's range runs from
    total - √Σd² to total + √Σu². `lowest` and `highest` are the sums of all lows and all highs: the range if every
    informant erred the same way. A place without a range adds nothing to the width; `people_with_range` says how
    much of the total has one.

    stock     frame[place, place_kind, geography, series, group, people, households, low, high, status, and `by`]:
              one row per place and group in each total; people >= 0, low <= people <= high or null;
              Polars, DuckDB or Spark
    by        columns, one total for each of their values
    Returns   frame[by, people, households, low, high, lowest, highest: people; places, people_with_range,
              people_with_households, people_carried]; numbers of people and places, not rounded
    Raises    MethodError naming the place or value: a negative number, a range that does not hold its figure, a place
              twice in one total, a place beside the area it lies in, more than one series, geography or group
              (kinds of returnees may be added)
    Source    propagation of independent errors; the between-informant range is taama's reading of IOM DTM's several
              key informants per location

    >>> import polars as pl
    >>> stock = pl.DataFrame({"place": ["P1", "P2"], "place_kind": "locality", "geography": "2021-12-20",
    ...     "series": "dtm_mali", "group": "idp", "people": [100, 200], "households": [20, None], "low": [70, 160],
    ...     "high": [130, 240], "status": "assessed"})
    >>> total = stock_totals(stock).row(0, named=True)
    >>> total["people"], total["low"], total["high"], total["lowest"], total["highest"]
    (300, 250.0, 350.0, 230, 370)
    """
    by = list(by)
    counted = stock.filter(~nw.col("people").is_null())
    _refuse_unsound(counted)
    _refuse_mixed(counted, by)
    people, low, high = (nw.col(name).cast(nw.Float64) for name in ("people", "low", "high"))
    ranged = ~(nw.col("low").is_null() | nw.col("high").is_null())
    below, above = people - nw.coalesce(low, people), nw.coalesce(high, people) - people
    sums = aggregated(counted, by, [
        nw.col("people").sum().cast(nw.Int64).alias("people"),
        nw.col("households").sum().cast(nw.Int64).alias("households"),
        ((below * below).sum() ** 0.5).alias("_below"),
        ((above * above).sum() ** 0.5).alias("_above"),
        nw.coalesce(nw.col("low"), nw.col("people")).sum().cast(nw.Int64).alias("lowest"),
        nw.coalesce(nw.col("high"), nw.col("people")).sum().cast(nw.Int64).alias("highest"),
        nw.len().cast(nw.Int64).alias("places"),
        people_where(ranged).cast(nw.Int64).alias("people_with_range"),
        people_where(~nw.col("households").is_null()).cast(nw.Int64).alias("people_with_households"),
        people_where(nw.col("status") == "carried").cast(nw.Int64).alias("people_carried"),
    ])  # fmt: skip
    sums = sums.with_columns(
        nw.col("people", "households", "lowest", "highest", "_below", "_above").fill_null(0)
    )
    total = nw.col("people").cast(nw.Float64)
    return sums.select(
        *by, "people", "households", (total - nw.col("_below")).alias("low"), (total + nw.col("_above")).alias("high"),
        "lowest", "highest", "places",
        *(nw.col(f"people_{each}").fill_null(0) for each in ("with_range", "with_households", "carried")),
    )  # fmt: skip


def _refuse_unsound(stock):
    """One pass over the rows: the figures of each place hold together."""
    people, low, high = (nw.col(name) for name in ("people", "low", "high"))
    negative = (people < 0) | (nw.coalesce(low, people) < 0) | (nw.coalesce(nw.col("households"), people) < 0)
    outside = (nw.coalesce(low, people) > people) | (nw.coalesce(high, people) < people)
    refuse(stock.filter(negative | outside), "mobility.stock_unsound", ["place", "people", "low", "high"])


def _refuse_mixed(stock, by):
    """One pass over the totals: each place once, one level, one series, one geography, one group."""
    keys = list(dict.fromkeys([*by, "group"]))
    if some_twice(stock, keys):
        again = stock.group_by(*keys, "place").agg(nw.len().alias("rows"))
        refuse(again.filter(nw.col("rows") > 1), "mobility.place_twice_in_total", ["place", "group"])
    small_place = nw.col("place_kind").is_in(["locality", "site"])
    level = nw.when(small_place).then(nw.lit("place")).otherwise(nw.col("place_kind"))
    kind = nw.when(nw.col("group").is_in(list(RETURNED))).then(nw.lit("returned")).otherwise(nw.col("group"))
    told = stock.with_columns(level.alias("_level"), kind.alias("_group"))
    codes = {
        "series": "mobility.series_mixed", "geography": "mobility.geographies_mixed", "_level": "mobility.levels_mixed",
        "_group": "mobility.groups_mixed",
    }  # fmt: skip
    ends = [end for column in codes for end in (
        nw.col(column).min().alias(f"{column} one"), nw.col(column).max().alias(f"{column} other"))]  # fmt: skip
    differ = [nw.col(f"{column} one") != nw.col(f"{column} other") for column in codes]
    mixed = small(aggregated(told, by, ends).filter(nw.any_horizontal(*differ, ignore_nulls=True)))
    for column, code in codes.items():
        pairs = ((row[f"{column} one"], row[f"{column} other"]) for row in mixed)
        found = sorted((one, other) for one, other in pairs if one is not None and one != other)
        if found:
            raise MethodError(code, Where(column=column), values={"one": found[0][0], "other": found[0][1]})


@any_engine
def shares(parts, *, within=(), value="people"):
    """Each part as a share of what it is a part of, with that denominator.

    parts     frame[`within`, `value`: >= 0 or null, …], one row per part; Polars, DuckDB or Spark
    within    columns whose values name the whole: (), or `place`, `date`, `dimension`
    value     column that is counted
    Returns   the same frame with base, the sum of the known parts, and share, in per cent, not rounded;
              the share is null where the part is unknown or the base is 0
    Raises    MethodError naming the value: negative

    >>> import polars as pl
    >>> parts = pl.DataFrame({"category": ["female", "male"], "people": [3, 1]})
    >>> shares(parts).select("base", "share").rows()
    [(4, 75.0), (4, 25.0)]
    """
    refuse(parts.filter(nw.col(value) < 0), "mobility.part_negative", [value])
    whole = nw.col(value).sum()
    base = (whole.over(*within) if within else whole).cast(nw.Int64)
    based = parts.with_columns(base.alias("base"))
    share = 100.0 * nw.col(value).cast(nw.Float64) / nw.col("base").cast(nw.Float64)
    return based.with_columns(nw.when(nw.col("base") > 0).then(share).alias("share"))
