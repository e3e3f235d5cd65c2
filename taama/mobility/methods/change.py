"""Change between two rounds: only over places assessed in both, else the reason why not."""

import narwhals as nw

from taama.base.errors import MethodError
from taama.facts.frames import any_engine, refuse
from taama.mobility.methods.stock import aggregated, some_twice

SUMS = (
    "places_both", "places_earlier", "places_later", "people_earlier", "people_later", "all_earlier", "all_later",
)  # fmt: skip
ENDS = tuple(
    f"{end}{name}_{when}" for name in ("series", "geography") for when in ("earlier", "later") for end in ("", "last_")
)  # fmt: skip


def relative_change(earlier, later):
    """Change of a volume, in per cent of the earlier value; None where that is 0. For shares use `point_change`.

    earlier, later  numbers >= 0 of the same unit
    Returns         float, per cent, not rounded
    Raises          MethodError: a negative number

    >>> relative_change(207, 417)
    101.44927536231884
    """
    if earlier < 0 or later < 0:
        raise MethodError("mobility.volume_negative", values={"earlier": earlier, "later": later})
    return 100.0 * (later - earlier) / earlier if earlier else None


def point_change(earlier_percent, later_percent):
    """Change of a share, in percentage points; never in per cent of a per cent. For volumes use `relative_change`.

    earlier_percent, later_percent  shares in per cent, 0 to 100
    Returns                         float, percentage points, not rounded
    Raises                          MethodError: a share outside 0 to 100

    >>> point_change(12.0, 18.0)
    6.0
    """
    for share in (earlier_percent, later_percent):
        if not 0 <= share <= 100:
            raise MethodError("mobility.share_outside", values={"share": share})
    return float(later_percent - earlier_percent)


@any_engine
def like_for_like_change(earlier, later, *, panel_floor, by=()):
    """Change of the people present between two rounds, over the places assessed in both.

    A place seen in one round only says something about coverage, nothing about change. Where the places in common
    hold less than `panel_floor` of the people of either round, or the two rounds are of different series or, with
    `by`, of different geographies, there is no change but a reason.

    earlier, later  frame[place, series, geography, people: int >= 0 or null, status, and `by`], one row per place, one
                    group, one round each; rows carried forward are left out; Polars, DuckDB or Spark
    panel_floor     share of people, 0 to 1
    by              columns, one row for each of their values
    Returns         frame[by, places_both, places_earlier, places_later: int; people_earlier, people_later: people of
                    the places in common; all_earlier, all_later: people of all places of each round;
                    panel_share: float, the smaller of the two shares; change: people;
                    change_percent: float, null where the earlier number is 0; reason: code of a text or null].
                    change and change_percent are null where a reason is given
    Raises          MethodError naming the place: twice in a round

    >>> import polars as pl
    >>> def round_of(places):
    ...     return pl.DataFrame({"place": list(places), "people": list(places.values()), "series": "dtm_mali",
    ...                          "geography": "2021-12-20", "status": "assessed"})
    >>> before, after = round_of({"P1": 100, "P2": 300}), round_of({"P1": 150, "P2": 290, "P3": 60})
    >>> row = like_for_like_change(before, after, panel_floor=0.6).row(0, named=True)
    >>> row["people_earlier"], row["people_later"], row["change"], row["change_percent"], row["reason"]
    (400, 440, 40, 10.0, None)
    """
    return judged_change(like_for_like_sums(earlier, later, by=by), panel_floor=panel_floor, by=by)


@any_engine
def like_for_like_sums(earlier, later, *, by=()):
    """What `like_for_like_change` judges: the counts and sums of both rounds, and the ends of what must not differ.

    earlier, later, by, Raises  as there
    Returns                     frame[by, the columns of SUMS, the columns of ENDS]. Counts of several rows may be
                                added and their ends taken together (least and greatest) before they are judged

    >>> import polars as pl
    >>> def round_of(people):
    ...     return pl.DataFrame({"place": "P1", "people": [people], "series": "dtm_mali", "geography": "2021-12-20",
    ...                          "status": "assessed"})
    >>> like_for_like_sums(round_of(100), round_of(150)).select("places_both", "people_earlier", "people_later").rows()
    [(1, 100, 150)]
    """
    by = list(by)
    first, second = _seen(earlier, by, "earlier"), _seen(later, by, "later")
    pairs = first.join(second, on=[*by, "place"], how="inner")
    rows = _beside(by, _ends(first, by, "earlier"), _ends(second, by, "later"), aggregated(pairs, by, [
        nw.len().cast(nw.Int64).alias("places_both"),
        nw.col("people_earlier").sum().cast(nw.Int64).alias("people_earlier"),
        nw.col("people_later").sum().cast(nw.Int64).alias("people_later"),
    ]))  # fmt: skip
    return rows.with_columns(nw.col(*SUMS).fill_null(0)).select(*by, *SUMS, *ENDS)


@any_engine
def judged_change(sums, *, panel_floor, by=()):
    """The change that these sums allow, or the first reason that forbids it.

    sums         frame as `like_for_like_sums` returns it, one row for each value of `by`
    panel_floor, by, Returns  as in `like_for_like_change`

    >>> import polars as pl
    >>> counts = dict.fromkeys(SUMS, 1) | {"people_earlier": 100, "people_later": 150}
    >>> same = {name: "dtm_mali" for name in ENDS}
    >>> judged_change(pl.DataFrame([counts | same]), panel_floor=0.6).select("change", "reason").rows()
    [(50, None)]
    """
    return _judged(sums, list(by), panel_floor)


def _seen(frame, by, when):
    """Places really assessed, one row each, with columns named after the round."""
    seen = frame.filter((nw.col("status") != "carried") & ~nw.col("people").is_null())
    if some_twice(seen.with_columns(nw.lit(0).alias("_all")), by or ["_all"]):
        again = seen.group_by(*by, "place").agg(nw.len().alias("rows"))
        refuse(again.filter(nw.col("rows") > 1), "mobility.place_twice_in_round", ["place"])
    own = [nw.col(name).alias(f"{name}_{when}") for name in ("people", "series", "geography")]
    return seen.select(*by, "place", *own)


def _ends(seen, by, when):
    """Per value of `by`: places and people of the whole round, its series and geography (both ends, to see a mix)."""
    return aggregated(seen, by, [
        nw.len().cast(nw.Int64).alias(f"places_{when}"),
        nw.col(f"people_{when}").sum().cast(nw.Float64).alias(f"all_{when}"),
        nw.col(f"series_{when}").min().alias(f"series_{when}"),
        nw.col(f"series_{when}").max().alias(f"last_series_{when}"),
        nw.col(f"geography_{when}").min().alias(f"geography_{when}"),
        nw.col(f"geography_{when}").max().alias(f"last_geography_{when}"),
    ])  # fmt: skip


def _beside(by, one, two, pairs):
    """The three side by side, one row for each value of `by` that either round has."""
    if not by:
        return one.join(two, how="cross").join(pairs, how="cross")
    keys = nw.concat([one.select(*by), two.select(*by)]).unique()
    for frame in (one, two, pairs):
        keys = keys.join(frame, on=by, how="left")
    return keys


def _judged(rows, by, panel_floor):
    shares = [
        nw.when(nw.col(f"all_{when}") > 0)
        .then(nw.col(f"people_{when}").cast(nw.Float64) / nw.col(f"all_{when}"))
        .otherwise(nw.lit(1.0))
        for when in ("earlier", "later")
    ]
    smaller = nw.min_horizontal(*shares)
    difference = nw.col("people_later") - nw.col("people_earlier")
    percent = 100.0 * difference.cast(nw.Float64) / nw.col("people_earlier").cast(nw.Float64)
    told = rows.with_columns(_reason(by, smaller, panel_floor).alias("reason"))
    plain = nw.col("reason").is_null()
    return told.select(
        *by, *SUMS,
        nw.when(nw.col("places_both") > 0).then(smaller).otherwise(nw.lit(0.0)).alias("panel_share"),
        nw.when(plain).then(difference).alias("change"),
        nw.when(plain & (nw.col("people_earlier") > 0)).then(percent).alias("change_percent"),
        "reason",
    )  # fmt: skip


def _reason(by, panel_share, panel_floor):
    """The first reason that forbids a change; null where none does."""
    one_round = (nw.col("places_earlier") == 0) | (nw.col("places_later") == 0)
    reasons = [(one_round, "mobility.change_one_round"), (_differs("series"), "mobility.change_series")]
    if by:
        reasons.append((_differs("geography"), "mobility.change_geography"))
    small = (nw.col("places_both") == 0) | (panel_share < panel_floor)
    reasons.append((small, "mobility.change_panel"))
    return nw.coalesce(*(nw.when(condition).then(nw.lit(code)) for condition, code in reasons))


def _differs(name):
    earlier, later = nw.col(f"{name}_earlier"), nw.col(f"{name}_later")
    last_earlier, last_later = nw.col(f"last_{name}_earlier"), nw.col(f"last_{name}_later")
    return (earlier != later) | (earlier != last_earlier) | (later != last_later)
