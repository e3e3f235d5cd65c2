"""No published number is small, and none that was kept back can be worked out from all that is published."""

from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from taama.figures.figure import SUPPRESSED, Figure
from taama.figures.made import Made, difference, withheld
from taama.mobility.methods.building import protected
from tests.mobility.rounds import CERCLES, COUNTRY, PARENTS

SMALLEST = 10
HOUSEHOLD_TOTAL = "v|s|mobility.idp_households"  # a few households of a whole area are more than a few people
REGIONS = sorted(set(PARENTS.values()) - {COUNTRY})
BELOW = {above: [key for key in PARENTS if PARENTS[key] == above] for above in [COUNTRY, *REGIONS]}
COUNTS = st.integers(0, 40) | st.sampled_from([0, 0, 3, 9, 10, 200])
PERIODS = {"1": date(2026, 3, 31), "2": date(2026, 6, 30)}


def figure(place, period, value, unit="people", definition="mobility.idp_present", base=None, **category):
    return Figure(definition, place, "2021-12-20", period, PERIODS[period], unit, value, series="s",
                  category=category, base=base)  # fmt: skip


def upward(cells):
    """Numbers of cercles added up to regions and the country."""
    found = dict(cells)
    for region in REGIONS:
        found[region] = sum(found[key] for key in BELOW[region])
    found[COUNTRY] = sum(found[region] for region in REGIONS)
    return found


@st.composite
def published(draw):
    """Two rounds with totals, households, parts in people and in households, and changes over a panel."""
    totals, panels, made = {}, {}, []
    for period in PERIODS:
        totals[period] = upward({key: draw(COUNTS) for key in CERCLES})
        # often the whole of an area was seen in both rounds, sometimes all but a few
        panels[period] = upward({
            key: totals[period][key] if draw(st.booleans()) else draw(st.integers(0, totals[period][key]))
            for key in CERCLES
        })  # fmt: skip
    told = {place for place in totals["1"] if draw(st.integers(0, 5))}  # elsewhere the panel was too thin for a change
    for period in PERIODS:
        households = upward({key: -(-totals[period][key] // 5) for key in CERCLES})
        for place, value in totals[period].items():
            change = None
            if period == "2":
                ends = panels["1"][place], panels["2"][place]
                change = difference("1", *ends, to_value=ends[1], panel=9) if place in told else withheld("1", "thin")
            made.append(Made(figure(place, period, value), change, {"people_carried": value // 3}))
            made.append(Made(figure(place, period, households[place], "households", "mobility.idp_households")))
        made += parts_of(draw, period, "sex_age", "people")
        made += parts_of(draw, period, "shelter", "households")
    return made, totals, panels


def parts_of(draw, period, dimension, unit):
    """Parts of the regions and the country, which need not be parts of everybody."""
    found = []
    columns = {name: {region: draw(COUNTS) for region in REGIONS} for name in "abc"}
    for cells in columns.values():
        cells[COUNTRY] = sum(cells.values())
    for place in [*REGIONS, COUNTRY]:
        base = sum(columns[name][place] for name in "abc")
        found += [Made(figure(place, period, columns[name][place], unit, base=base, **{dimension: name})) for name in "abc"]
    return found


class Reader:
    """Somebody who solves every equation that the published numbers give."""

    def __init__(self):
        self.names, self.rows = {}, []

    def equation(self, number, **terms):
        """Σ factor × unknown = number; only whether it is known matters here."""
        self.rows.append({self.names.setdefault(name, len(self.names)): factor for name, factor in terms.items()})

    def knows(self, wanted):
        """Names among `wanted` (a name, or a difference of two) whose value follows."""
        matrix = np.zeros((len(self.rows), len(self.names)))
        for n, row in enumerate(self.rows):
            for at, factor in row.items():
                matrix[n, at] = factor
        _, sizes, directions = np.linalg.svd(matrix)
        free = directions[int((sizes > 1e-9).sum()) :]
        def fixed(terms):
            vector = np.zeros(len(self.names))
            for name, factor in terms.items():
                vector[self.names[name]] = factor
            return not (np.abs(free @ vector) > 1e-7).any()
        return {key for key, terms in wanted.items() if all(n in self.names for n in terms) and fixed(terms)}


def truth_of(made, totals, panels):
    """Unknown → its number: cells, panels, and who stands outside the panel."""
    numbers = {f"v|{m.figure.key}": m.figure.value for m in made}
    for period, ends in panels.items():
        for place, value in ends.items():
            numbers[f"p|{place}|{period}"] = value
    return numbers


def reader_of(safe, made, totals, panels):
    reader, shown = Reader(), {m.figure.key: m for m in safe}
    for one in safe:
        key = one.figure.key
        if one.figure.value is not None:
            reader.equation(one.figure.value, **{f"v|{key}": 1})
        if one.figure.base is not None:
            reader.equation(one.figure.base, **{base_of(one.figure): 1})
        if one.change and "from_value" in one.change:
            for period, end in (("1", "from_value"), ("2", "to_value")):
                reader.equation(one.change[end], **{f"p|{one.figure.place}|{period}": 1})
                if panels[period][one.figure.place] == totals[period][one.figure.place]:
                    key = figure(one.figure.place, period, 0).key  # as many places as the figure has: the same people
                    reader.equation(0, **{f"p|{one.figure.place}|{period}": 1, f"v|{key}": -1})
    add_sums(reader, made)
    for period in PERIODS:
        for above, parts in BELOW.items():
            reader.equation(0, **{f"p|{above}|{period}": -1} | {f"p|{part}|{period}": 1 for part in parts})
    assert len(shown) == len(made)
    return reader


def base_of(figure):
    return f"b|{figure.place}|{figure.period}|{next(iter(figure.category))}"


def add_sums(reader, made):
    """Every area is the sum of its areas, in each category; parts are together their base."""
    figures = {m.figure.key: m.figure for m in made}
    families, bases = {}, {}
    for f in figures.values():
        families.setdefault((f.definition, f.unit, f.period, str(f.category)), {})[f.place] = f.key
        if f.category:
            bases.setdefault(base_of(f), []).append(f.key)
    for cells in families.values():
        for above, parts in BELOW.items():
            if above in cells and all(part in cells for part in parts):
                reader.equation(0, **{f"v|{cells[above]}": -1} | {f"v|{cells[part]}": 1 for part in parts})
    for base, keys in bases.items():
        reader.equation(0, **{base: -1} | {f"v|{key}": 1 for key in keys})


@settings(max_examples=60, deadline=None)
@given(published())
def test_nothing_small_and_nothing_kept_back_can_be_worked_out(case):
    made, totals, panels = case
    safe = protected(made, PARENTS, smallest=SMALLEST)
    numbers = truth_of(made, totals, panels)
    reader = reader_of(safe, made, totals, panels)
    hidden = {f"v|{m.figure.key}" for m in safe if SUPPRESSED in m.figure.marks}
    wanted = {name: {name: 1} for name in numbers}
    for period in PERIODS:
        for place, value in totals[period].items():
            name = f"outside|{place}|{period}"
            numbers[name] = value - panels[period][place]
            wanted[name] = {f"v|{figure(place, period, 0).key}": 1, f"p|{place}|{period}": -1}
    known = reader.knows(wanted)
    assert not known & hidden
    small = {name: numbers[name] for name in known if 0 < numbers[name] < SMALLEST}
    assert {name for name in small if not name.startswith(HOUSEHOLD_TOTAL)} == set()


@settings(max_examples=20, deadline=None)
@given(published())
def test_what_is_large_enough_and_alone_is_published_and_nothing_changes_its_number(case):
    made, *_ = case
    safe = protected(made, PARENTS, smallest=SMALLEST)
    assert [m.figure.key for m in safe] == [m.figure.key for m in made]
    for before, after in zip(made, safe, strict=True):
        if SUPPRESSED in after.figure.marks:
            told = after.figure
            assert (told.value, told.low, told.base, told.grades, told.sources) == (None, None, None, {}, ())
            assert after.change is None and after.extra == {}
        else:
            assert after.figure.value == before.figure.value
    if all(m.figure.value == 0 or m.figure.value >= SMALLEST for m in made):
        assert not [m for m in safe if SUPPRESSED in m.figure.marks]


def test_few_people_beside_a_figure_are_not_told():
    one = Made(figure(COUNTRY, "1", 500), extra={"people_carried": 4, "people_with_range": 497, "places": 3})
    (safe,) = protected([one], {}, smallest=SMALLEST)
    assert safe.extra == {"places": 3}


def test_a_change_of_all_but_a_few_people_is_withheld():
    before = Made(figure(COUNTRY, "1", 500))
    change = difference("1", 496, 600, to_value=600, panel=9)
    safe = protected([before, Made(figure(COUNTRY, "2", 600), change)], {}, smallest=SMALLEST)
    assert safe[1].change == {"from": "1", "reason": "figures.suppressed_before", "values": {}}
