"""Which day and which round each line of a file describes."""

from collections import defaultdict
from dataclasses import dataclass, field

from taama.base.errors import TaamaError, Where
from taama.facts.cells import date_within, month_first, read_date, read_round
from taama.facts.tools import ERROR, WARNING
from taama.series.tools.published_baseline.lines import DATA, NOTE

DATES = ("as_of", "surveyed_on", "displacement_start")


def finding(field, code, level=WARNING, **values):
    return {"field": field, "level": level, "code": code, "values": values}


@dataclass
class Read:
    """A line with what was read of it."""

    line: object
    values: dict = field(default_factory=dict)
    findings: list = field(default_factory=list)


def days_of_sheets(reads, filename):
    """Read the dates and rounds of all lines of data; where a sheet has none, take its title's or the file's."""
    data, titles = defaultdict(list), defaultdict(list)
    for read in reads:
        if read.line.kind == DATA:
            data[read.line.sheet].append(read)
        elif read.line.kind == NOTE:
            titles[read.line.sheet] += read.line.cells.values()
    for sheet, lines in data.items():
        _read(lines)
        places = [*titles[sheet], sheet, filename]
        _fill_days(lines, places, filename)
        _fill_rounds(lines, places)


def _read(lines):
    orders = {name: month_first([read.line.text(name) for read in lines]) for name in DATES}
    for read in lines:
        for name in DATES:
            text = read.line.text(name)
            if text.strip():
                _read_day(read, name, text, orders[name])


def _read_day(read, name, text, month_before_day):
    day, precision, serial = read_date(text, month_before_day)
    read.values[name] = day
    if name == "as_of":
        read.values["precision"] = precision
    if serial:
        read.findings.append(finding(name, "series.date_serial", old=text, new=day.isoformat()))
    elif day is None:  # without the day described there is no fact
        level = {"level": ERROR} if name == "as_of" else {}
        read.findings.append(finding(name, "series.date_unreadable", **level, answer=text))


def _fill_days(lines, places, filename):
    lacking = [read for read in lines if not read.line.text("as_of").strip()]
    days = {(read.values["as_of"], read.values["precision"]) for read in lines if read.values.get("as_of")}
    if not lacking:
        return
    if len(days) > 1:
        for read in lacking:
            read.findings.append(finding("as_of", "series.date_missing", ERROR))
        return
    if days:
        (day, precision), text = days.pop(), ""
    else:
        found = ((*date_within(text), text) for text in places)
        day, precision, text = next((f for f in found if f[0]), (None, None, ""))
    if day is None:
        where = Where(file=filename, sheet=lines[0].line.sheet)
        raise TaamaError("series.date_nowhere", where, {"file": filename})
    for read in lacking:
        read.values |= {"as_of": day, "precision": precision}
    code = "series.date_from_title" if text else "series.date_from_others"
    lacking[0].findings.append(finding("as_of", code, date=day.isoformat(), lines=len(lacking), text=text))


def _fill_rounds(lines, places):
    rounds = {read_round(read.line.text("round")) for read in lines} - {""}
    only = rounds.pop() if len(rounds) == 1 else ""
    if not any(read.line.text("round").strip() for read in lines):
        only = next((code for text in places if (code := read_round(text))), "")
        if only:
            lines[0].findings.append(finding("round", "series.round_from_title", round=only))
    for read in lines:
        read.values["round"] = read_round(read.line.text("round")) or only
