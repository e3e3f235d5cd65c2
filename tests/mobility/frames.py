"""Random rounds of places, and each method run on one engine after the other."""

from datetime import date

import polars as pl
import pytest
from hypothesis import strategies as st

from taama.facts import engines

ENGINES = ["polars", "duckdb", pytest.param("spark", marks=[pytest.mark.slow, pytest.mark.spark])]
PLACES = [f"P{n}" for n in range(12)]
AREAS = ["ML0501@2021-12-20", "ML0506@2021-12-20", "ML0701@2021-12-20"]
STOCK_SCHEMA = {
    "submission": pl.String, "place": pl.String, "place_kind": pl.String, "area": pl.String, "geography": pl.String,
    "date": pl.Date, "round": pl.String, "series": pl.String, "group": pl.String, "households": pl.Int64,
    "people": pl.Int64, "low": pl.Int64, "high": pl.Int64, "grade": pl.String, "status": pl.String,
    "assessed_on": pl.Date,
}  # fmt: skip


def run(method, engine, first, *others, **named):
    """The method's answer on an engine, as a Polars frame."""
    given = [engines.from_frame(frame, engine) for frame in (first, *others)]
    return engines.collect(method(*given, **named))


def rows(frame):
    """Rows in an order of their own, numbers made equal across engines."""
    return sorted((tuple(_plain(v) for v in row) for row in frame.rows()), key=repr)


def _plain(value):
    return round(float(value), 6) if isinstance(value, int | float) and not isinstance(value, bool) else value


@st.composite
def place_rows(draw, places=PLACES, group="idp", day=date(2021, 9, 30), round_="72"):
    """One row per place: people with or without a range, assessed or carried forward."""
    chosen = draw(st.lists(st.sampled_from(places), unique=True, max_size=len(places)))
    records = []
    for n, place in enumerate(chosen):
        people = draw(st.none() | st.integers(0, 100_000)) if n else draw(st.integers(0, 100_000))
        ranged = people is not None and draw(st.booleans())
        records.append({
            "submission": f"s{n}", "place": place, "place_kind": "site" if n % 3 else "locality",
            "area": AREAS[PLACES.index(place) % len(AREAS)], "geography": "2021-12-20", "date": day, "round": round_,
            "series": "dtm_mali", "group": group,
            "households": draw(st.none() | st.integers(0, 9000)),
            "people": people,
            "low": draw(st.integers(0, people)) if ranged else None,
            "high": people + draw(st.integers(0, 5000)) if ranged else None,
            "grade": draw(st.sampled_from(["A", "B", "C", None])),
            "status": draw(st.sampled_from(["assessed", "assessed", "carried"])),
            "assessed_on": draw(st.none() | st.dates(date(2012, 1, 1), day)),
        })  # fmt: skip
    return pl.DataFrame(records, schema=STOCK_SCHEMA)
