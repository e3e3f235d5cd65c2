"""The lines of a file of published figures: cells as text, and what is read of them."""

import polars as pl

from taama.facts.cells import read_count, read_date, read_round
from taama.mobility.tables import GROUPS

STOCK_KIND, FLOW = "stock", "flow"
STOCK_COLUMNS = ("as_of", "round", "place", "group", "people", "households", "source", "note")
FLOW_COLUMNS = (
    "month", "months_covered", "active_points", "incoming", "outgoing", "people", "people_per_day",
    "change_percent_claimed", "source", "note",
)  # fmt: skip
READ_TYPES = (
    {"date": pl.Date, "month": pl.Date, "precision": pl.String}
    | dict.fromkeys(("place", "group", "round", "source", "note"), pl.String)
    | dict.fromkeys(
        ("people", "households", "months_covered", "active_points", "incoming", "outgoing"), pl.Int64
    )
    | dict.fromkeys(("people_per_day", "change_percent_claimed"), pl.Float64)
)
COUNTS = {
    STOCK_KIND: ("people", "households"),
    FLOW: ("months_covered", "active_points", "incoming", "outgoing", "people"),
}


def read_lines(sheet, kind, columns, header):
    """Frames of one row for each line below the header that isn't blank."""
    frames = []
    for row, cells in sheet.lines[header + 1 :]:
        if not any(cell.strip() for cell in cells):
            continue
        named = dict(zip(columns, cells, strict=False))
        read, troubles = _read(named, kind)
        record = {"submission": "", "sheet": sheet.name, "row": row, "kind": kind} | named
        schema = dict.fromkeys(record, pl.String) | {"row": pl.Int64}
        frame = pl.DataFrame([record], schema=schema)
        typed = [pl.lit(read.get(name), dtype).alias(f"read/{name}") for name, dtype in READ_TYPES.items()]
        frames.append(frame.with_columns(*typed, pl.lit(troubles, pl.List(pl.String)).alias("troubles")))
    return frames


def _read(named, kind):
    """What the cells say, and the names of those that can't be read."""
    text = {name: value.strip() for name, value in named.items()}
    read = {name: text.get(name) or None for name in ("source", "note", "place")}
    troubles = [] if read["source"] else ["source"]
    read |= _stock(text, troubles) if kind == STOCK_KIND else _flow(text, troubles)
    for name in COUNTS[kind]:
        number, trouble = read_count(text.get(name, ""))
        read[name] = number if number is not None else read.get(name)
        troubles += [name] if trouble else []
    return read, troubles


def _stock(text, troubles):
    date, precision, _ = read_date(text["as_of"])
    group = text["group"].lower()
    troubles += [] if date else ["as_of"]
    troubles += [] if group in GROUPS else ["group"]
    return {"date": date, "precision": precision, "group": group, "round": read_round(text.get("round", ""))}


def _flow(text, troubles):
    month, precision, _ = read_date(text["month"])
    if month is None or precision != "month":
        troubles.append("month")
    read = {"month": month and month.replace(day=1), "months_covered": 1}
    for name in ("people_per_day", "change_percent_claimed"):
        try:
            read[name] = float(text[name].replace(",", ".")) if text.get(name) else None
        except ValueError:
            troubles.append(name)
    return read
