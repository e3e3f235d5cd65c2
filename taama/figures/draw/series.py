"""A series in time: what was published, when; its range, its breaks, its gaps and its contradictions."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from taama.base.errors import MethodError
from taama.base.messages import day as day_text
from taama.figures.draw.picture import Column, Picture, Wording, identity, is_simulated
from taama.figures.draw.series_parts import Plot, drawing, legend
from taama.figures.draw.style import NARROW, WIDE
from taama.figures.draw.svg import frame

GAP_DAYS = 184


@dataclass(frozen=True)
class Step:
    """One date of the series: its moments, whether the line arrives here, and the number of its note.

    A step with several values is a contradiction; a line neither arrives at it nor leaves it.
    """

    when: date
    moments: tuple
    joined: bool
    note: str = ""
    number: int = 0

    @property
    def values(self):
        return [moment for moment in self.moments if moment.value is not None]

    @property
    def contradicting(self):
        return len({moment.value for moment in self.values}) > 1

    @property
    def is_break(self):
        return any(moment.break_note for moment in self.moments)


def time_series(
    moments, *, title, unit, language, measure="", gap_days=GAP_DAYS, decimals=None, narrow=False
):
    """Published values on a true time axis from zero.

    moments   sequence of Moment, in any order; several of one date with different values contradict each other
    measure   what the values are called: "PDI présentes"; without it the unit
    gap_days  values further apart are not joined by a line
    Returns   Picture; breaks and contradictions are numbered notes
    Raises    MethodError for a moment without a date
    """
    wording = Wording(unit, language, decimals, measure)
    steps, notes, has_gap = steps_of(moments, gap_days, wording)
    ids = identity("series", title, moments, narrow)
    plot = Plot(steps, NARROW if narrow else WIDE, 230 if narrow else 300, wording)
    body, below = legend(ids, steps, plot, wording)
    simulated = is_simulated(moments)
    columns, rows = _table(steps, notes, wording)
    return Picture(
        svg=frame(
            ids,
            plot.width,
            plot.height + below,
            drawing(ids, steps, plot, body, simulated, wording),
            title=title,
            description=described(steps, wording),
        ),
        title=title,
        columns=columns,
        rows=rows,
        notes=notes,
        remarks=(wording.word("gap", days=gap_days),) if has_gap else (),
        simulated=simulated,
    )


def steps_of(moments, gap_days, wording):
    """The dates in their order with what joins them. Returns (steps, notes, whether a gap was left)."""
    for moment in moments:
        if moment.as_of is None:
            raise MethodError("figures.drawing_undated", values={"label": moment.label})
    ordered = sorted(moments, key=lambda m: m.as_of)
    steps, notes, has_gap = [], [], False
    for when, group in groupby(ordered, key=lambda m: m.as_of):
        step = Step(when, tuple(group), joined=False)
        note = _note(step, wording)
        if note and note not in notes:
            notes.append(note)
        near = bool(steps) and when - steps[-1].when <= timedelta(days=gap_days)
        continues = bool(steps) and _is_single(steps[-1]) and _is_single(step) and not step.is_break
        has_gap = has_gap or (continues and not near)
        number = notes.index(note) + 1 if note else 0
        steps.append(Step(when, step.moments, continues and near, note, number))
    return steps, tuple(notes), has_gap


def _is_single(step):
    return bool(step.values) and not step.contradicting


def _note(step, wording):
    """The sentence that the reader needs at this date: why the series breaks, what contradicts what."""
    parts = [moment.break_note for moment in step.moments if moment.break_note]
    parts += [moment.note for moment in step.moments if moment.note]
    if step.contradicting:
        values = _all_of([wording.amount(value) for value in sorted({m.value for m in step.values})], wording)
        parts.append(wording.word("contradiction", day=day_text(step.when, wording.language), values=values))
    return " ".join(dict.fromkeys(parts))


def _all_of(words, wording):
    return f"{', '.join(words[:-1])} {'et' if wording.language == 'fr' else 'and'} {words[-1]}"


def described(steps, wording):
    known = [step for step in steps if step.values]
    if not known:
        return wording.word("series_empty")
    return wording.word(
        "series_described",
        first=known[0].when,
        last=known[-1].when,
        count=sum(len(step.values) for step in known),
        breaks=sum(step.is_break for step in steps),
        value=", ".join(wording.amount(moment.value) for moment in known[-1].values),
    )


def _table(steps, notes, wording):
    """One row for each published value: its date, the value, range, source and what must be known."""
    columns = [Column(wording.word("date")), Column(wording.heading, numeric=True)]
    moments = [(step, moment) for step in steps for moment in step.moments]
    cells = [[day_text(step.when, wording.language), wording.value(moment)] for step, moment in moments]
    numbers = {note: position for position, note in enumerate(notes, 1)}
    optional = (
        ("range", True, lambda step, moment: wording.interval(moment)),
        ("coverage", True, lambda step, moment: wording.coverage(moment.coverage)),
        ("source", False, lambda step, moment: moment.label),
        ("remark", False, lambda step, moment: _remark(step, moment, numbers, wording)),
    )
    for code, numeric, cell in optional:
        written = [cell(step, moment) for step, moment in moments]
        if any(written):
            columns.append(Column(wording.word(code), numeric))
            for row, content in zip(cells, written, strict=True):
                row.append(content)
    return tuple(columns), tuple(map(tuple, cells))


def _remark(step, moment, numbers, wording):
    parts = [wording.remark(moment, {})]
    if step.note:
        code = "break_remark" if step.is_break else "see_note"
        parts.append(wording.word(code, position=str(numbers[step.note])))
    return "; ".join(part for part in parts if part)
