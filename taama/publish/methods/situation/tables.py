"""Tables of the report: cells of text, each perhaps in doubt and with the number of a note below the table."""

from taama.figures.figure import SIMULATED
from taama.publish.methods.pages.regions import by_period

PASSAGES = 14  # rows of flow monitoring, the newest
REVISIONS = 8  # corrected figures that are listed before the rest is only counted


def cell(text, doubt=False, note=0):
    return {"text": str(text), "doubt": doubt, "note": note}


def row(*cells, strong=False):
    return {"cells": [each if isinstance(each, dict) else cell(each) for each in cells], "strong": strong}


def table(title, columns, rows, notes=()):
    """A table of the template without its empty columns. `columns`: (label, numeric)."""
    said = [n for n in range(len(columns)) if n == 0 or any(each["cells"][n]["text"] for each in rows)]
    kept = [each | {"cells": [each["cells"][n] for n in said]} for each in rows]
    named = [{"label": columns[n][0], "numeric": columns[n][1]} for n in said]
    return {"title": title, "columns": named, "rows": kept, "notes": list(notes)}


def regions(phrases, national, regional):
    """One row for each region in the period of the national figure, the largest first, and the country at the end."""
    now = sorted(
        by_period(regional).get(national.period, []),
        key=lambda f: -1 if f.value is None else f.value,
        reverse=True,
    )
    notes = []
    every = [*now, national]
    said = () if 0 < sum(SIMULATED in f.marks for f in every) < len(every) else (SIMULATED,)  # by the whole report
    rows = [_region(phrases, figure, notes, said, strong=figure is national) for figure in every]
    columns = [
        (phrases.text("publish.region"), False), (phrases.text("publish.report_people"), True),
        (phrases.text("publish.report_column_range"), True), (phrases.text("publish.report_column_change"), True),
        (phrases.text("publish.report_column_coverage"), True), (phrases.text("publish.report_column_marks"), False),
    ]  # fmt: skip
    title = phrases.text("publish.report_regions", period=phrases.period(national.period))
    return table(title, columns, rows, notes)


def _region(phrases, figure, notes, said, strong=False):
    shown = phrases.of(figure)
    marks = [text for code, text in zip(figure.marks, shown.marks, strict=True) if code not in said]
    return row(
        shown.label, cell(shown.value, doubt=not shown.known), shown.range, _change(shown.change, notes), shown.coverage,
        ", ".join(marks), strong=strong,
    )  # fmt: skip


def _change(change, notes):
    if change is None:
        return cell("")
    if change.known:
        return cell(f"{change.short} ({change.percent})" if change.percent else change.short)
    if change.text not in notes:
        notes.append(change.text)
    return cell(change.short, doubt=True, note=notes.index(change.text) + 1)


def matrix(phrases, found):
    """Areas by dates, as the page shows them."""
    columns = [(phrases.text("publish.region"), False), *((period, True) for period in found.periods)]
    rows = [row(each.name, *(_dated(one) for one in each.cells)) for each in found.rows]
    return table(phrases.text("publish.report_matrix"), columns, rows, found.notes)


def _dated(found):
    return cell(found.shown.value, note=found.note) if found.shown else cell(found.text)


def part(phrases, breakdown):
    """One breakdown: category, people, share."""
    unit = phrases.named(f"figures.unit_{breakdown.figures[0].unit}")
    columns = [(breakdown.title, False), (unit, True), (breakdown.base or "%", True)]
    rows = [
        row(each.shown.label, cell(each.shown.value, doubt=not each.shown.known), each.share)
        for each in breakdown.parts
    ]
    return table(breakdown.title, columns, rows)


def flows(phrases, passages, notes):
    """Flow monitoring by place and period, newest first; None without any.

    passages   (Passage, number of its note or 0); notes: why an average has no change
    """
    if not passages:
        return None
    several = len({passage.place for passage, _ in passages}) > 1
    directions = [phrases.named(f"mobility.direction_{d}") for d in ("incoming", "outgoing", "internal")]
    columns = [
        (phrases.text("publish.report_column_period"), False), (phrases.text("publish.report_column_where"), False),
        (phrases.text("publish.report_column_per_day"), True), (phrases.text("publish.report_column_change"), True),
        (phrases.text("publish.report_column_all"), True), *((each, True) for each in directions),
        (phrases.text("publish.report_column_observed"), True),
    ]  # fmt: skip
    rows = [_passage(passage, number, several) for passage, number in passages[:PASSAGES]]
    used = max((number for _, number in passages[:PASSAGES]), default=0)
    return table(phrases.text("publish.report_flows"), columns, rows, notes[:used])


def _passage(passage, number, several):
    per_day = passage.per_day
    change = per_day.change if per_day else None
    told = "" if change is None else change.percent or change.short
    return row(
        passage.when, passage.name if several else "", _value(per_day), cell(told, doubt=number > 0, note=number),
        _value(passage.total), *(_value(d) for d in passage.directions),
        passage.points or (per_day.coverage if per_day else ""),
    )  # fmt: skip


def _value(shown):
    return shown.value if shown else ""


def revisions(phrases, found):
    """Sentence and table on what was corrected since a snapshot.

    found   None, or (code of the snapshot before, Revised)
    """
    if found is None:
        return phrases.text("publish.report_first"), None
    code, revised = found
    counts = {"code": code, "changed": len(revised.changed), "added": revised.added, "gone": revised.gone}
    text = phrases.text(
        "publish.report_revised" if revised.changed else "publish.report_not_revised", **counts
    )
    if not revised.changed:
        return text, None
    columns = [
        (phrases.text("publish.report_column_figure"), False), (phrases.text("publish.report_column_where"), False),
        (phrases.text("publish.report_column_period"), False), (code, True), (phrases.text("publish.report_column_now"), True),
    ]  # fmt: skip
    rows = [
        row(
            _named(phrases, now),
            phrases.place(now.place),
            phrases.period(now.period),
            phrases.value(before),
            phrases.value(now),
        )
        for before, now in revised.changed[:REVISIONS]
    ]
    return text, table("", columns, rows)


def _named(phrases, figure):
    name = phrases.named(figure.definition)
    return f"{name}, {phrases.category(figure.category)}" if figure.category else name
