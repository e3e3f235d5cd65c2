"""What may be asked of the DTM interface, and which rows answer it."""

import re
from dataclasses import dataclass
from datetime import date

from taama.base.errors import TaamaError

ONE_OF = ("Operation", "CountryName", "Admin0Pcode")
NAMED = {
    "Operation": "operation", "CountryName": "admin0Name", "Admin0Pcode": "admin0Pcode", "Admin1Name": "admin1Name",
    "Admin1Pcode": "admin1Pcode", "Admin2Name": "admin2Name", "Admin2Pcode": "admin2Pcode",
}  # fmt: skip
DATES = ("FromReportingDate", "ToReportingDate")
ROUNDS = ("FromRoundNumber", "ToRoundNumber")


@dataclass(frozen=True)
class Asked:
    """Wanted words by field of the answer, and the spans of days and rounds; None is open."""

    words: dict
    days: tuple
    rounds: tuple

    def admits(self, row, operations):
        """Whether a row was asked for; simulated people only by the name of their operation."""
        hidden = {one["name"] for one in operations if one["only_by_name"]}
        if row["operation"] in hidden and "operation" not in self.words:
            return False
        return (
            all(str(row[field]).casefold() == word for field, word in self.words.items())
            and _within(row["reportingDate"][:10], *self.days)
            and _within(row["roundNumber"], *self.rounds)
        )


def asked_for(level, query):
    """The parameters of a request for one level, checked as the DTM clients check them.

    A round of 0 is no condition: one of the clients sends it where nothing was asked.
    """
    said = {name: query.get(name, "").strip() for name in (*NAMED, *DATES, *ROUNDS)}
    if not any(said[name] for name in ONE_OF):
        raise TaamaError("opendata.dtm_one_needed", values={"names": list(ONE_OF)})
    words = {
        field: said[name].casefold()
        for name, field in NAMED.items()
        if said[name] and not _below(name, level)
    }
    days = tuple(_day(name, said[name]) for name in DATES)
    rounds = tuple(_round(name, said[name]) for name in ROUNDS)
    for names, (first, last) in ((DATES, days), (ROUNDS, rounds)):
        if first and last and first > last:
            values = {"first_name": names[0], "first": str(first), "last_name": names[1], "last": str(last)}
            raise TaamaError("opendata.dtm_span_backwards", values=values)
    return Asked(words, days, rounds)


def _below(name, level):
    """Whether a parameter belongs to a lower level than the one asked for, where it has no meaning."""
    found = re.match(r"Admin(\d)", name)
    return found is not None and int(found[1]) > level


def _day(name, written):
    if not written:
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", written, re.ASCII):
            raise ValueError(written)
        return date.fromisoformat(written).isoformat()
    except ValueError as error:
        raise TaamaError("opendata.dtm_bad_date", values={"name": name, "value": written[:40]}) from error


def _round(name, written):
    if written in ("", "0"):
        return None
    if not re.fullmatch(r"[0-9]{1,9}", written, re.ASCII):
        raise TaamaError("opendata.dtm_bad_round", values={"name": name, "value": written[:40]})
    return int(written)


def _within(value, first, last):
    if first is None and last is None:
        return True
    return value is not None and (first is None or value >= first) and (last is None or value <= last)
