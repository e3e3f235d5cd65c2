"""Pictures with figures as published, and others that say that they are simulated; used by the tests of drawing."""

import json
from datetime import date, timedelta
from pathlib import Path

import taama
from taama.figures import draw
from taama.figures.figure import NO_DATA, SIMULATED, STALE, SUPPRESSED, Coverage

FOLDER = Path(taama.__file__).parent / "places" / "data" / "mali"
SPLIT = {
    "fr": "Région de 2023, issue de {} ; son contour n'est pas disponible, le cercle est au chef-lieu.",
    "en": "Region of 2023, split from {}; its outline is not available, the circle stands at the seat.",
}
NAMES = {
    "ML01": "Kayes", "ML02": "Koulikoro", "ML03": "Sikasso", "ML04": "Ségou", "ML05": "Mopti", "ML06": "Tombouctou",
    "ML07": "Gao", "ML08": "Kidal", "ML09": "Bamako",
}  # fmt: skip
# iom.int, DTM Mali, September 2023, as published by apadiaspora.net; Kayes, Sikasso and Koulikoro were not named.
REGIONS = (
    ("Mopti", 91274, 14.49, -4.19, ""),
    ("Tombouctou", 61827, 16.77, -3.01, ""),
    ("Bandiagara", 53218, 14.35, -3.61, "Mopti"),
    ("Ménaka", 45121, 15.92, 2.40, "Gao"),
    ("Gao", 35613, 16.27, -0.04, ""),
    ("Ségou", 35024, 13.43, -6.26, ""),
    ("Kidal", 32394, 18.44, 1.41, ""),
)
# HDX, metadata of the Mali baseline assessments by IOM DTM, rounds 42 to 72; mali.iom.int April 2022 for the last two.
SERIES = (
    ("2018-05-31", 61404), ("2018-07-31", 75351), ("2018-10-31", 80302), ("2018-12-31", 120298),
    ("2019-02-28", 84285), ("2019-05-31", 120067), ("2019-09-30", 187139), ("2019-12-31", 207751),
    ("2020-03-31", 239484), ("2020-06-30", 266831), ("2020-10-31", 311193), ("2021-05-31", 386454),
    ("2021-09-30", 401736), ("2021-12-31", 350110), ("2022-04-30", 370548),
)  # fmt: skip


def outlines():
    """Outlines of the nine old regions from Natural Earth; made-up squares where that file is not there."""
    path = FOLDER / "outlines.geojson"
    if not path.exists():
        return [square(f"ML{n:02}", -12 + 5 * (n % 3), 11 + 4 * (n // 3)) for n in range(9)]
    found = draw.outlines_of(json.loads(path.read_text("utf-8")))
    return [outline for outline in found if outline.key != "MLI"]


def square(key, west, south, size=4.0):
    corners = [
        (west, south),
        (west + size, south),
        (west + size, south + size),
        (west, south + size),
        (west, south),
    ]
    return draw.Outline(key, key, (tuple(corners),))


def regions(language="fr"):
    spots = [
        draw.Spot(
            label=name, value=value, lat=lat, lon=lon, note=SPLIT[language].format(parent) if parent else ""
        )
        for name, value, lat, lon, parent in REGIONS
    ]
    stale = draw.Spot(
        label="Koulikoro", value=7290, lat=12.86, lon=-7.56, marks={STALE}, as_of=date(2021, 9, 30)
    )
    hidden = draw.Spot(label="Kayes", value=7, lat=14.45, lon=-11.44, marks={SUPPRESSED})
    return [*spots, stale, hidden, draw.Spot(label="Sikasso", lat=11.32, lon=-5.67, marks={NO_DATA})]


def symbol_map(language="fr", narrow=False, spots=None):
    return draw.symbol_map(
        regions(language) if spots is None else spots,
        outlines(),
        title="Où sont les personnes déplacées, septembre 2023"
        if language == "fr"
        else "Where displaced people are",
        unit="people",
        language=language,
        measure="PDI présentes" if language == "fr" else "IDPs present",
        heading="Région" if language == "fr" else "Region",
        narrow=narrow,
    )


def coverage_map(language="fr", narrow=False):
    spots, shares = [], (97, 42, 61, 88, 95, 99, 71, 54, 100)
    for position, outline in enumerate(outlines()):
        marks = {SIMULATED, *([STALE] if position in (2, 3) else [SUPPRESSED] if position == 5 else [])}
        spots.append(
            draw.Spot(
                label=NAMES.get(outline.key, outline.key),
                place=outline.key,
                value=None if position == 6 else shares[position % 9],
                marks=marks,
            )
        )
    return draw.rate_map(
        spots,
        outlines(),
        title="Localités actualisées",
        unit="percent",
        language=language,
        measure="Localités actualisées",
        breaks=(0, 20, 40, 60, 80, 100),
        narrow=narrow,
    )


def moments():
    notes = {
        "2019-02-28": "Listes vérifiées dans la région de Mopti : le recul n'est pas un retour.",
        "2021-12-31": "Depuis octobre 2021, présence vérifiée de porte en porte : méthode nouvelle.",
    }
    found = [
        draw.Moment(
            label="HDX, métadonnées de l'évaluation DTM" if day < "2021-10" else "mali.iom.int, avril 2022",
            as_of=date.fromisoformat(day),
            value=value,
            low=0.93 * value if day > "2020" else None,
            high=1.06 * value if day > "2020" else None,
            break_note=notes.get(day, ""),
        )
        for day, value in SERIES
    ]
    other = draw.Moment(label="Autre publication", as_of=date(2020, 6, 30), value=244000)
    hidden = draw.Moment(label="", as_of=date(2022, 6, 30), value=8, marks={SUPPRESSED})
    stale = draw.Moment(label="", as_of=date(2022, 8, 31), value=370548, marks={STALE})
    last = draw.Moment(label="apadiaspora.net", as_of=date(2023, 9, 30), value=391961)
    return [*found, other, hidden, stale, last]


def series(language="fr", narrow=False):
    return draw.time_series(
        moments(),
        title="Personnes déplacées internes au Mali, 2018–2023",
        unit="people",
        language=language,
        measure="PDI présentes" if language == "fr" else "IDPs present",
        narrow=narrow,
    )


def days(language="fr", narrow=False):
    points = []
    for seed, (label, mean) in enumerate((("Gogui", 120), ("Gare de Gao", 340), ("Place Kidal", 25))):
        seen = {}
        for n in range(31):
            draw_ = (n * 37 + seed * 53) % 29
            if draw_ not in (3, 4, 11) and not (seed == 2 and 10 < n < 16):
                seen[date(2022, 3, 1) + timedelta(days=n)] = 0 if draw_ == 7 else mean * (20 + draw_) // 30
        points.append(draw.PointDays(label, seen, float(mean)))
    points[2].days[date(2022, 3, 28)] = SUPPRESSED
    points[2] = draw.PointDays(points[2].label, points[2].days, 25.0)
    return draw.flow_days(
        points,
        title="Personnes comptées par jour",
        language=language,
        first=date(2022, 3, 1),
        last=date(2022, 3, 31),
        simulated=True,
        narrow=narrow,
    )


def bars(language="fr", narrow=False):
    data = [
        draw.Datum(
            label=name,
            value=value,
            low=0.9 * value,
            high=1.1 * value,
            coverage=Coverage(41, 52, "localities"),
        )
        for name, value, *_ in REGIONS[:5]
    ]
    data[2] = draw.Datum(
        label="Bandiagara", value=53218, marks={STALE}, as_of=date(2023, 4, 30), note="Région de 2023."
    )
    data.append(draw.Datum(label="Kayes", value=7, marks={SUPPRESSED}))
    data.append(draw.Datum(label="Sikasso", marks={NO_DATA}))
    return draw.bars(
        data, title="PDI par région", unit="people", language=language, heading="Région", narrow=narrow
    )


def shares(language="fr", narrow=False):
    data = [
        draw.Datum(label="Conflit ou insécurité dans la localité", value=81, low=77, high=85, base=1044),
        draw.Datum(label="Violences entre communautés", value=42, base=1044),
        draw.Datum(label="Inondations", value=12, base=25),
        draw.Datum(label="Autre cause", value=1, base=1044, marks={SUPPRESSED}),
    ]
    return draw.share_bars(data, title="Causes du déplacement", language=language, narrow=narrow)


def pyramid(language="fr", narrow=False):
    rows = (("60 et plus", 4200, 3900), ("18–59", 42100, 31800), ("5–17", 38000, 39500), ("0–4", 18200, 6))
    groups = [
        draw.AgeGroup(
            label,
            draw.Datum(label="", value=women, marks={SIMULATED}),
            draw.Datum(label="", value=men, marks={SIMULATED, *([SUPPRESSED] if men < 10 else [])}),
        )
        for label, women, men in rows
    ]
    return draw.sex_age(groups, title="Sexe et âge", unit="people", language=language, narrow=narrow)


def grades(language="fr", narrow=False):
    rows = [
        ("Mopti", {"A": 0.6, "B": 0.25, "C": 0.1, "carried": 0.05}),
        ("Ménaka", {"A": 0.2, "B": 0.3, "C": 0.1, "carried": 0.4}),
    ]
    return draw.grade_strip(rows, title="Cote de fiabilité", language=language, narrow=narrow)


def spark(language="fr", narrow=False):
    return draw.sparkline(moments(), title="Évolution", unit="people", language=language)


PICTURES = {
    "symbol_map": symbol_map, "rate_map": coverage_map, "series": series, "days": days, "bars": bars,
    "shares": shares, "pyramid": pyramid, "grades": grades, "spark": spark,
}  # fmt: skip
