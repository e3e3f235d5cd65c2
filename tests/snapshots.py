"""A small published snapshot: figures as they were published for Mali, and a simulated round."""

from datetime import date
from pathlib import Path

import pytest

import taama
from taama.base.policy import OPERATOR
from taama.figures.actions import Basis, publish_snapshot
from taama.figures.figure import Coverage, Figure

MALI = Path(taama.__file__).parent / "places" / "data" / "mali"
COUNTRY = "MLI@2021-12-20"
MOPTI, BANDIAGARA, GAO, MENAKA, KIDAL = (f"ML{code}@2021-12-20" for code in ("05", "0501", "07", "10", "08"))
MOPTI_CERCLE, GAO_CERCLE = "ML0506@2021-12-20", "ML0703@2021-12-20"
ORIGIN = "ML05@2021-12-20"
SERIES_POINTS = (
    ("2018-12-31", 120298, 19748), ("2019-12-31", 207751, None), ("2020-12-31", 332957, None),
    ("2021-09-30", 401736, 69696), ("2021-12-31", 350110, None), ("2023-04-30", 375539, 78439),
    ("2024-09-30", 378363, 105185),
)  # fmt: skip
SEX_AGE = {
    "female_0_4": 5210, "female_5_17": 9120, "female_18_59": 11410, "female_60_plus": 1480,
    "male_0_4": 5305, "male_5_17": 8830, "male_18_59": 7015, "male_60_plus": 1310,
}  # fmt: skip


def figure(definition, place, period, value, *, series="dtm_mali", as_of=None, unit="people", **more):
    """(Figure, change, extra) as an action takes it."""
    change, extra = more.pop("change", None), more.pop("extra", {})
    day = as_of or date.fromisoformat(period)
    made = Figure(
        definition=f"mobility.{definition}", place=place, version=place.partition("@")[2], period=period, as_of=day,
        unit=unit, value=value, series=series, **more,
    )  # fmt: skip
    return made, change, extra


def published_series():
    """The country as published, oldest first, with a break that withholds one change, and one snapshot of regions."""
    found, before = [], None
    for day, people, households in SERIES_POINTS:
        change, extra = None, {}
        if before:
            change = {"from": before[0], "from_value": before[1], "value": people - before[1],
                      "percent": 100 * (people - before[1]) / before[1]}  # fmt: skip
        if day == "2021-12-31":
            change = {"from": before[0], "reason": "mobility.series_break", "values": {}}
            extra = {"breaks": [{"on": "2021-10-01", "code": "verification", "fr": "Vérification porte à porte depuis octobre 2021.",
                                 "en": "Door-to-door verification since October 2021.", "source": "mali.iom.int, avril 2022"}]}  # fmt: skip
        source = ("journaltahalil.com",) if day < "2024" else ("reliefweb.int, septembre 2024",)
        found.append(figure("idp_present", COUNTRY, day, people, sources=source, change=change, extra=extra))
        if households:
            found.append(
                figure("idp_households", COUNTRY, day, households, unit="households", sources=source)
            )
        before = day, people
    regions = {
        "mopti": 73242,
        "bandiagara": 82005,
        "tombouctou": 49953,
        "gao": 40347,
        "menaka": 38804,
        "segou": 34376,
    }
    found += [
        figure("idp_present", f"{name}@2023", "2023-04-30", value, sources=("journaltahalil.com",))
        for name, value in regions.items()
    ]
    return found


def simulated_round():
    """A round with range, coverage and grades; parts; one region carried forward, one cercle too small to publish."""
    common = {
        "series": "simulated",
        "as_of": date(2026, 3, 31),
        "marks": frozenset({"simulated"}),
        "method": "stock_total",
    }

    def of(place, value, low, high, coverage, **more):
        more = common | more
        return figure(
            "idp_present", place, "2026-1", value, low=low, high=high, coverage=Coverage(*coverage, "localities"),
            grades={"A": 0.62, "B": 0.27, "C": 0.11}, sources=("01923ac0-1111-7000-8000-000000000001",), **more,
        )  # fmt: skip

    stale, hidden = frozenset({"simulated", "stale"}), frozenset({"simulated", "suppressed"})
    found = [
        of(COUNTRY, 49680, 46200, 53900, (251, 290)),
        of(MOPTI, 24310, 22900, 26100, (118, 131), change={"from": "2025-2", "from_value": 23100, "value": 1210, "percent": 5.2381}),
        of(GAO, 14870, 13700, 16400, (86, 94)),
        of(MENAKA, 10494, 9600, 11400, (47, 65), marks=stale, age_days=171,
           change={"from": "2025-2", "reason": "mobility.coverage_too_low", "values": {}}),
        of(BANDIAGARA, None, None, None, (3, 4), marks=hidden),
        of(MOPTI_CERCLE, 24301, 22891, 26090, (115, 127)),
        of(GAO_CERCLE, 14870, 13700, 16400, (86, 94)),
    ]  # fmt: skip
    found += [
        figure(
            "localities_assessed", place, "2026-1", done, unit="localities",
            coverage=Coverage(done, planned, "localities"), **common,
        )
        for place, done, planned in ((COUNTRY, 251, 290), (MOPTI, 118, 131), (GAO, 86, 94), (MENAKA, 47, 65))
    ]  # fmt: skip
    parts = {
        "sex_age": SEX_AGE,
        "origin": {ORIGIN: 31200, GAO: 18480},
        "reason": {"conflict": 39680, "insecurity": 10000},
    }
    for dimension, values in parts.items():
        found += [
            figure("idp_present", COUNTRY, "2026-1", value, category={dimension: name}, base=49680, **common)
            for name, value in values.items()
        ]
    found.append(figure("idp_present", MENAKA, "2026-1", None, category={"sex_age": "male_60_plus"},
                        **common | {"marks": hidden}))  # fmt: skip
    days = Coverage(82, 90, "days")
    found += [
        figure(
            "flow_daily_average", COUNTRY, "2026-03", 187.5, unit="people_per_day", coverage=days, **common
        ),
        figure("flow_people", COUNTRY, "2026-03", 15375, coverage=days, **common),
        figure(
            "flow_people", COUNTRY, "2026-03", 8211, category={"direction": "incoming"}, base=15375, **common
        ),
        figure(
            "flow_people", COUNTRY, "2026-03", 7164, category={"direction": "outgoing"}, base=15375, **common
        ),
    ]
    return found


@pytest.fixture
def mali(db):
    """The areas of Mali in all their versions."""
    from taama.places.actions.country import load_country

    load_country(by=OPERATOR, folder=MALI)


@pytest.fixture
def publish(mali):
    """Freezes figures: publish(figures, title="…") → Snapshot."""

    def freeze(figures, title="Instantané d'essai"):
        basis = Basis(position=1, tools={"location_assessment": "1"}, methods={"stock_total": "1"})
        return publish_snapshot(by=OPERATOR, title=title, figures=figures, basis=basis)

    return freeze


@pytest.fixture
def real(publish):
    """A snapshot of published figures alone."""
    return publish(published_series())


@pytest.fixture
def snapshot(publish):
    """A snapshot of published figures and of a simulated round."""
    return publish([*published_series(), *simulated_round()])
