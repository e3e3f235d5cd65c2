"""What a published table counts of each group, by its lines and by its own total, to be held against the facts."""

import polars as pl

from taama.facts.tools import ERROR, Tally
from taama.mobility.methods.definitions import DEFINITIONS
from taama.mobility.tables import GROUPS, STOCK
from taama.series.tools.published_baseline.lines import DATA, TOTAL


def in_error():
    """Whether a line is held back."""
    return pl.col("findings").list.eval(pl.element().struct.field("level") == ERROR).list.any()


def tally(sent):
    """The people of each group that the table counts.

    sent      Sent of one file, as `open_file` makes it
    Returns   list of Tally, one for each group that has a number in the file
    """
    data = sent.main.filter(pl.col("kind") == DATA)
    found = []
    for group in GROUPS:
        people = f"read/{group}_people"
        if data[people].count():
            held = data.filter(in_error())[people].sum()
            facts = (STOCK, {"group": group})
            found.append(
                Tally(DEFINITIONS[group], facts, data[people].sum(), held, _stated(sent.main, people))
            )
    return found


def _stated(main, people):
    """The total lines of all sheets together, if each sheet that counts these people has one that is certain."""
    counting = main.filter(pl.col("kind") == DATA, pl.col(people).is_not_null())["sheet"].unique()
    totals = main.filter(pl.col("kind") == TOTAL, pl.col(people).is_not_null())
    by_sheet = (
        totals.filter(pl.col("sheet").is_in(counting.implode()))
        .group_by("sheet")
        .agg(pl.col(people).unique())
    )
    if by_sheet.height < counting.len() or (by_sheet[people].list.len() > 1).any():
        return None
    return by_sheet.explode(people)[people].sum()
