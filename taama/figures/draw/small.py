"""Small pictures for tables and cards: the line of a word's size, and the strip of grades."""

from datetime import timedelta

from taama.base.errors import MethodError
from taama.base.messages import day as day_text
from taama.figures.draw.marks import hatching
from taama.figures.draw.picture import Column, Picture, Wording, identity, is_simulated
from taama.figures.draw.series import GAP_DAYS, described, steps_of
from taama.figures.draw.series_parts import runs
from taama.figures.draw.style import BLUE, COLUMN, INK, NARROW, NAVY, PAPER, SMALL, STEPS, WARM
from taama.figures.draw.svg import element, frame, group, joined, polyline, text
from taama.figures.draw.words import shortened, width

SPARK_WIDTH, SPARK_HEIGHT = 110, 26
GRADES = ("A", "B", "C", "carried")
SHADES = {"A": NAVY, "B": STEPS[2], "C": STEPS[0]}
LIGHT_ON = {"A": PAPER, "B": INK, "C": INK, "carried": INK}


def sparkline(moments, *, title, unit, language, gap_days=GAP_DAYS, decimals=None):
    """A line of the size of a word, from zero; interrupted where the series breaks, the last value as a dot.

    moments   sequence of Moment
    Returns   Picture; its table holds date and value
    """
    wording = Wording(unit, language, decimals)
    steps, notes, _ = steps_of(moments, gap_days, wording)
    ids = identity("spark", title, moments)
    known = [step for step in steps if step.values]
    body = _spark(steps, known) if known else ""
    svg = frame(ids, SPARK_WIDTH, SPARK_HEIGHT, body, title=title, description=described(steps, wording))
    rows = tuple(
        (day_text(step.when, language), wording.value(moment)) for step in steps for moment in step.moments
    )
    columns = (Column(wording.word("date")), Column(wording.heading, numeric=True))
    return Picture(svg, title, columns, rows, notes, (), is_simulated(moments), column=True)


def _spark(steps, known):
    first, span = known[0].when, max((known[-1].when - known[0].when), timedelta(days=1))
    highest = max(moment.value for step in known for moment in step.values) or 1

    def point(step, value):
        across = 4 + (SPARK_WIDTH - 8) * ((step.when - first) / span)
        return across, SPARK_HEIGHT - 3 - (SPARK_HEIGHT - 7) * value / highest

    joined_runs = [[point(step, step.values[0].value) for step in run] for run in runs(steps)]
    lines = "".join(polyline(run) for run in joined_runs if len(run) > 1)
    alone = [run[0] for run in joined_runs if len(run) == 1]
    broken = [point(step, moment.value) for step in known if step.is_break for moment in step.values]
    x, y = point(known[-1], known[-1].values[-1].value)
    return joined(
        [
            element("path", d=lines, fill="none", stroke=BLUE, stroke_width=1.6) if lines else "",
            *(element("circle", cx=a, cy=b, r=1.4, fill=BLUE) for a, b in alone),
            *(
                element("circle", cx=a, cy=b, r=2.4, fill=PAPER, stroke=WARM, stroke_width=1.4)
                for a, b in broken
            ),
            element("circle", cx=x, cy=y, r=2.6, fill=BLUE),
        ]
    )


def grade_strip(rows, *, title, language, heading="", narrow=False):
    """Strips of 100 per cent: the share of a number by credibility grade, and what was carried forward.

    rows      sequence of (label, {"A": 0.6, "B": 0.3, "carried": 0.1}), shares of one, in the order A, B, C
    Returns   Picture, drawn for a column
    Raises    MethodError for shares below 0 or adding to more than 1
    """
    wording = Wording("percent", language)
    for label, grades in rows:
        if min(grades.values(), default=0) < 0 or sum(grades.values()) > 1.005 or set(grades) - set(GRADES):
            raise MethodError("figures.drawing_grades_exceed", values={"label": label})
    ids = identity("grades", title, rows, narrow)
    width_ = NARROW if narrow else COLUMN
    left = min(max((width(label) for label, _ in rows), default=0) + 10, 0.4 * width_) if len(rows) > 1 else 0
    strips = [
        _strip(ids, label, grades, left, 24 + 26 * position, width_, wording)
        for position, (label, grades) in enumerate(rows)
    ]
    shares = [
        (label, *(wording.amount(100 * grades.get(grade, 0)) for grade in GRADES)) for label, grades in rows
    ]
    words = [wording.word(f"grade_{grade.lower()}") for grade in GRADES]
    said = [
        f"{label} ({', '.join(f'{w} {s}' for w, s in zip(words, row, strict=True))})"
        for label, *row in shares
    ]
    body = [hatching(ids, INK), _grade_legend(ids, words), *strips]
    svg = frame(
        ids,
        width_,
        26 + 26 * len(rows),
        *body,
        title=title,
        description=wording.word("grades_described", shares="; ".join(said)),
    )
    columns = (Column(heading or wording.word("place")), *(Column(w, numeric=True) for w in words))
    remarks = (wording.word("grades_rounded"),)
    return Picture(svg, title, columns, tuple(shares), remarks=remarks, column=True)


def _strip(ids, label, grades, left, top, width_, wording):
    room, x, drawn = width_ - left - 1, left, []
    if left:
        drawn.append(text(0, top + 14, shortened(label, left - 8)))
    for grade in GRADES:
        share = grades.get(grade, 0)
        long, written = room * share, wording.amount(100 * share)
        if not share:
            continue
        fill = SHADES.get(grade, f"url(#{ids}-stale)")
        drawn.append(
            element("rect", x=x, y=top, width=long, height=20, fill=fill, stroke=PAPER, stroke_width=1)
        )
        if width(written, SMALL) + 6 < long:
            drawn.append(_share_word(x + long / 2, top + 14, written, grade))
        x += long
    drawn.append(
        element("rect", x=left, y=top, width=room, height=20, fill="none", stroke=INK, stroke_width=0.6)
    )
    return group(*drawn)


def _share_word(x, y, written, grade):
    halo = {} if grade == "A" else {"stroke": PAPER if grade == "carried" else SHADES[grade]}
    return text(
        x, y, written, text_anchor="middle", font_size=SMALL, fill=LIGHT_ON[grade], stroke_width=4,
        paint_order="stroke", **halo,
    )  # fmt: skip


def _grade_legend(ids, words):
    drawn, x = [], 0
    for grade, label in zip(GRADES, words, strict=True):
        fill = SHADES.get(grade, f"url(#{ids}-stale)")
        drawn.append(
            element("rect", x=x + 0.5, y=2, width=11, height=11, fill=fill, stroke=INK, stroke_width=0.6)
        )
        drawn.append(text(x + 17, 12, label))
        x += 17 + width(label, SMALL) + 14
    return group(*drawn, font_size=SMALL)
