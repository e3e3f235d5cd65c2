"""Small rounds of assessments, made by hand, as facts of mobility."""

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from taama.facts import engines
from taama.mobility.methods.building.rounds import Facts, round_figures
from taama.mobility.tables import ASSESSMENT, STOCK, STOCK_PART

V = "2021-12-20"
COUNTRY = f"MLI@{V}"
CHAIN = {
    key: {"country": COUNTRY, "region": region, "cercle": key}
    for key, region in {f"ML0{r}0{c}@{V}": f"ML0{r}@{V}" for r in (5, 7) for c in (1, 2, 3)}.items()
}
CHAIN |= {f"ML0{r}@{V}": {"country": COUNTRY, "region": f"ML0{r}@{V}", "cercle": None} for r in (5, 7)}
CERCLES = [key for key, above in CHAIN.items() if above["cercle"]]
PARENTS = {key: above["region"] for key, above in CHAIN.items() if above["cercle"]}
PARENTS |= {above["region"]: COUNTRY for above in CHAIN.values()}
DAYS = {"1": date(2026, 3, 31), "2": date(2026, 6, 30), "3": date(2027, 1, 31)}


@dataclass
class Rounds:
    """Visits one after the other; `figures()` builds what would be published of them, before protection."""

    stock: list = field(default_factory=list)
    parts: list = field(default_factory=list)
    visits: list = field(default_factory=list)
    planned: dict = field(default_factory=dict)

    def visit(self, place, people, round_="1", *, area=CERCLES[0], group="idp", parts=None, day=None, **more):
        """A place assessed: its stock, and its parts as {dimension: {category: people}}."""
        key, day = f"s{len(self.visits):04}", day or DAYS[round_]
        common = {"submission": key, "place": place, "area": area, "geography": V, "date": day, "round": round_,
                  "series": "dtm_mali", "tool": "t", "tool_version": "1", "simulated": False}  # fmt: skip
        self.planned.setdefault(place, area)
        self.visits.append(common | {"status": "assessed"})
        given = {"low": None, "high": None, "households": None, "grade": "A"} | more
        self.stock.append(common | given | {"place_kind": "locality", "precision": "day", "group": group,
                                            "people": people, "status": "assessed", "assessed_on": day})  # fmt: skip
        for dimension, categories in (parts or {}).items():
            unit = "households" if dimension == "shelter" else "people"
            self.parts += [common | {"group": group, "dimension": dimension, "category": name, unit: number}
                           for name, number in categories.items()]  # fmt: skip
        return key

    def miss(self, place, round_="1", *, area=CERCLES[0]):
        """A place tried and not reached."""
        self.planned.setdefault(place, area)
        self.visits.append({"submission": f"s{len(self.visits):04}", "place": place, "area": area, "geography": V,
                            "date": DAYS[round_], "round": round_, "series": "dtm_mali", "tool": "t", "tool_version": "1",
                            "simulated": False, "status": "not_assessed"})  # fmt: skip

    def frames(self):
        pairs = ((STOCK, self.stock), (STOCK_PART, self.parts), (ASSESSMENT, self.visits))
        found = [table.conform(pl.from_dicts(rows, infer_schema_length=None)) if rows else table.empty()
                 for table, rows in pairs]  # fmt: skip
        planned = [{"place": p, "series": "dtm_mali", "area": a} for p, a in self.planned.items()]
        return [*found, pl.DataFrame(planned, schema={"place": pl.String, "series": pl.String, "area": pl.String})]

    def figures(self, engine="polars", *, panel_floor=0.6, carry_days=200, plan_floor=0):
        stock, parts, visits, planned = [engines.from_frame(frame, engine) for frame in self.frames()]
        facts = Facts(stock, parts, visits, planned, CHAIN)
        return round_figures(
            facts, panel_floor=panel_floor, carry_days=carry_days, plan_floor=plan_floor, hold=engines.hold
        )


def one(made, definition, place=COUNTRY, period="1", **category):
    """The figure of this definition, place, round and category."""
    found = [m for m in made if m.figure.definition == f"mobility.{definition}" and m.figure.place == place
             and m.figure.period == period and m.figure.category == category]  # fmt: skip
    assert len(found) == 1, [m.figure.key for m in made]
    return found[0]
