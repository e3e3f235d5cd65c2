"""What a row of each fact of series means. Published stocks are rows of `mobility.stock` with status `published`."""

from taama.base.sensitivity import S0
from taama.facts.tables import Column, Table
from taama.mobility.tables import LINE, SERIES


def _people(fr, en):
    return Column("integer", S0, fr, en, unit="people", low=0)


PUBLISHED_FLOW = Table(
    name="series.published_flow",
    grain=("month", "source"),
    fr="flux publiés par mois ou par période de plusieurs mois",
    en="flows as published for a month or a span of months",
    own_columns={
        "month": Column("date", S0, "premier jour du premier mois", "first day of the first month", required=True),
        "months_covered": Column("integer", S0, "mois couverts", "months covered", unit="months", low=1, required=True),
        "series": SERIES,
        "active_points": Column("integer", S0, "points en activité", "points in activity", unit="points", low=0),
        "incoming": _people("personnes entrantes", "people coming in"),
        "outgoing": _people("personnes sortantes", "people going out"),
        "people": _people("personnes observées en tout", "people seen altogether"),
        "people_per_day": Column("number", S0, "moyenne journalière", "average per day", unit="people_per_day", low=0),
        "change_percent_claimed": Column(
            "number", S0, "variation annoncée par la publication", "change claimed by the publication", unit="percent",
        ),
        "source": Column("string", S0, "référence de la publication", "citation of the publication", required=True),
        "line": LINE,
    },
)  # fmt: skip
