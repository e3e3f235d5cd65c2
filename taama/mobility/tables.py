"""What a row of each fact of mobility means. A place is written by its key: `ML0506@2021-12-20` for an area.

No fact holds a person's name, telephone or position: who was asked, and where exactly, stays in the submission.
"""

from taama.base.sensitivity import S0, S1, S2
from taama.facts.tables import Column, Table

GROUPS = (
    "idp", "returned_idp", "repatriate", "returnee", "relocated", "migrant", "host", "refugee_abroad",
)  # fmt: skip
"""`returnee`: returned displaced people and repatriates together, where the source does not divide them."""

PLACE_KINDS = ("country", "area", "locality", "site")
SEX_AGE = tuple(f"{sex}_{age}" for sex in ("female", "male") for age in ("0_4", "5_17", "18_59", "60_plus"))
REASONS = ("conflict", "insecurity", "natural_disaster", "other", "unknown")
SHELTERS = (
    "host_family",
    "rented",
    "own_house",
    "makeshift",
    "collective_centre",
    "open_air",
    "other",
    "unknown",
)
DIMENSIONS = ("sex_age", "reason", "origin", "shelter", "period")
NOT_REACHED = ("access", "insecurity", "season", "refusal", "other")
AGREEMENT = ("everything", "most", "some", "no")
DIRECTIONS = ("incoming", "outgoing", "internal")
POINT_STATUS = ("observed", "closed", "suspended", "not_observed")
TRANSPORTS = (
    "bus",
    "minibus",
    "car",
    "truck",
    "motorcycle",
    "boat",
    "train",
    "animal",
    "foot",
    "other",
    "unknown",
)
MOTIVES = (
    "conflict", "natural_disaster", "economic_long", "economic_short", "seasonal", "family", "return", "other",
    "unknown",
)  # fmt: skip
"""`economic_long`: more than six months, as in the registry's own division."""

GRADES = ("A", "B", "C")

AREA = Column(
    "string", S0, "clé de la plus petite unité administrative qui contient le lieu",
    "key of the smallest administrative area that contains the place",
)  # fmt: skip
GEOGRAPHY = Column(
    "string", S0, "version du découpage administratif dans laquelle l'unité est nommée",
    "version of the administrative division in which the area is named", required=True,
)  # fmt: skip
ROUND = Column(
    "string", S0, "cycle de collecte, vide s'il n'y en a pas", "round of collection, empty if there is none",
    required=True,
)  # fmt: skip
SERIES = Column(
    "string", S0, "série statistique à laquelle le chiffre appartient",
    "statistical series to which the figure belongs", required=True,
)  # fmt: skip
GRADE = Column(
    "string", S0, "cote de fiabilité, de A (la meilleure) à C", "credibility grade, from A (the best) to C",
    choices=GRADES,
)  # fmt: skip
GROUP = Column(
    "string", S0, "groupe de population", "population group", choices=GROUPS, required=True,
)  # fmt: skip

LINE = Column(
    "integer", S0, "ligne du fichier importé, la première s'il y en a plusieurs",
    "line of the imported file, the first where there are several", low=1,
)  # fmt: skip


def _people(fr, en, sensitivity=S1):
    return Column("integer", sensitivity, fr, en, unit="people", low=0)


def _households(fr, en):
    return Column("integer", S1, fr, en, unit="households", low=0)


STOCK = Table(
    name="mobility.stock",
    grain=("place", "date", "group"),
    fr="effectifs présents dans un lieu à une date, par groupe de population",
    en="people present at a place on a day, by population group",
    own_columns={
        "place": Column("string", S1, "clé du lieu", "key of the place", required=True),
        "place_kind": Column(
            "string", S0, "genre de lieu", "kind of place", choices=PLACE_KINDS, required=True,
        ),
        "area": AREA,
        "geography": GEOGRAPHY,
        "date": Column("date", S0, "jour décrit", "day described", required=True),
        "precision": Column(
            "string", S0, "précision de la date : le jour, ou le mois dont elle est alors le dernier jour",
            "precision of the date: the day, or the month whose last day it then is", choices=("day", "month"),
        ),
        "round": ROUND,
        "series": SERIES,
        "group": GROUP,
        "households": _households("ménages présents", "households present"),
        "people": _people("personnes présentes", "people present"),
        "low": _people("plus petit effectif donné par une source du lieu", "lowest figure given by a source of the place"),
        "high": _people("plus grand effectif donné par une source du lieu", "highest figure given by a source of the place"),
        "grade": GRADE,
        "informants": Column(
            "integer", S1, "informateurs clés interrogés", "key informants asked", unit="informants", low=0,
        ),
        "status": Column(
            "string", S0, "origine du chiffre : évalué, repris d'un cycle antérieur, publié ailleurs",
            "where the figure comes from: assessed, carried forward from an earlier round, published elsewhere",
            choices=("assessed", "carried", "published"), required=True,
        ),
        "assessed_on": Column(
            "date", S0, "jour de l'évaluation réelle, plus ancien que le jour décrit si le chiffre est repris",
            "day of the real assessment, older than the day described if the figure is carried forward",
        ),
        "source": Column(
            "string", S0, "référence de la publication", "citation of the publication",
        ),
        "line": LINE,
        "lines": Column(
            "integer", S0, "lignes du fichier importé additionnées", "lines of the imported file added up", low=1,
        ),
    },
)  # fmt: skip

STOCK_PART = Table(
    name="mobility.stock_part",
    grain=("place", "date", "group", "dimension", "category"),
    fr="parties d'un effectif présent, selon une dimension",
    en="parts of the people present, along one dimension",
    own_columns={
        "place": Column("string", S1, "clé du lieu", "key of the place", required=True),
        "area": AREA,
        "geography": GEOGRAPHY,
        "date": Column("date", S0, "jour décrit", "day described", required=True),
        "round": ROUND,
        "series": SERIES,
        "group": GROUP,
        "dimension": Column(
            "string", S0, "dimension de la répartition", "dimension of the breakdown", choices=DIMENSIONS,
            required=True,
        ),
        "category": Column(
            "string", S0,
            "catégorie : code de la liste, clé d'unité d'origine, année ou période d'arrivée",
            "category: code of the list, key of the area of origin, year or period of arrival", required=True,
        ),
        "households": _households("ménages de la catégorie", "households in the category"),
        "people": _people("personnes de la catégorie", "people in the category"),
    },
)  # fmt: skip

_AGREEMENT = {
    "agrees_observation": ("accord avec l'observation directe", "agreement with direct observation"),
    "agrees_lists": ("accord avec les listes existantes", "agreement with existing lists"),
    "agrees_sources": ("accord entre les informateurs", "agreement between the informants"),
}

ASSESSMENT = Table(
    name="mobility.assessment",
    grain=("place", "round"),
    fr="évaluation d'un lieu pendant un cycle, atteint ou non",
    en="assessment of a place in a round, whether it was reached or not",
    own_columns={
        "place": Column("string", S1, "clé du lieu", "key of the place", required=True),
        "area": AREA,
        "geography": GEOGRAPHY,
        "date": Column("date", S0, "jour de la visite ou de l'appel", "day of the visit or call", required=True),
        "round": ROUND,
        "series": SERIES,
        "status": Column(
            "string", S0, "évalué ou non", "assessed or not", choices=("assessed", "not_assessed"), required=True,
        ),
        "reason_not_assessed": Column(
            "string", S1, "raison pour laquelle le lieu n'a pas été évalué", "why the place was not assessed",
            choices=NOT_REACHED,
        ),
        "mode": Column(
            "string", S0, "mode d'entretien", "mode of interview", choices=("in_person", "phone"),
        ),
        "informants": Column(
            "integer", S1, "informateurs clés interrogés", "key informants asked", unit="informants", low=0,
        ),
        "women_informants": Column(
            "integer", S1, "informatrices clés interrogées", "women among the key informants", unit="informants",
            low=0,
        ),
        **{name: Column("string", S1, fr, en, choices=AGREEMENT) for name, (fr, en) in _AGREEMENT.items()},
        "grade": GRADE,
    },
)  # fmt: skip

_MEMBERS = {
    "men": ("hommes", "men"),
    "women": ("femmes", "women"),
    "boys": ("garçons", "boys"),
    "girls": ("filles", "girls"),
    "under_5": ("enfants de moins de cinq ans", "children under five"),
    "elderly": ("personnes âgées", "elderly people"),
    "pregnant": ("femmes enceintes", "pregnant women"),
    "disabled": ("personnes handicapées", "people with a disability"),
    "unaccompanied": ("enfants voyageant seuls", "children travelling alone"),
}

PASSAGE = Table(
    name="mobility.passage",
    grain=("point", "date", "line"),
    fr="groupe de voyageurs observé à un point de suivi des flux",
    en="group of travellers seen at a flow monitoring point",
    own_columns={
        "point": Column("string", S1, "clé du point", "key of the point", required=True),
        "date": Column("date", S0, "jour d'observation", "day of observation", required=True),
        "line": Column("integer", S1, "numéro du groupe ce jour-là", "number of the group on that day", low=1, required=True),
        "direction": Column(
            "string", S0, "sens du passage par rapport au pays", "direction relative to the country",
            choices=DIRECTIONS, required=True,
        ),
        "people": Column("integer", S1, "personnes du groupe", "people in the group", unit="people", low=0, required=True),
        **{name: _people(fr, en, S2) for name, (fr, en) in _MEMBERS.items()},
        "nationality": Column("string", S2, "nationalité (code ISO de trois lettres, ou « other »)", "nationality (three-letter ISO code, or “other”)"),
        "came_from": Column("string", S1, "provenance : clé de lieu ou nom", "where they came from: key of a place, or name"),
        "next_place": Column("string", S1, "prochaine étape : clé de lieu ou nom", "next stop: key of a place, or name"),
        "destination_country": Column(
            "string", S1, "pays de destination finale (code ISO de trois lettres, ou « other »)",
            "country of final destination (three-letter ISO code, or “other”)",
        ),
        "transport": Column("string", S1, "moyen de transport", "means of transport", choices=TRANSPORTS),
        "motive": Column("string", S2, "motif du déplacement", "motive of the journey", choices=MOTIVES),
        "seen_by": Column(
            "string", S1, "source du renseignement", "how it is known",
            choices=("observation", "informant", "interview"),
        ),
    },
)  # fmt: skip

POINT_DAY = Table(
    name="mobility.point_day",
    grain=("point", "date"),
    fr="journée d'un point de suivi des flux, observée ou non",
    en="day of a flow monitoring point, whether it was observed or not",
    own_columns={
        "point": Column("string", S1, "clé du point", "key of the point", required=True),
        "area": AREA,
        "geography": GEOGRAPHY,
        "date": Column("date", S0, "jour", "day", required=True),
        "series": SERIES,
        "status": Column(
            "string", S1, "observé ou non, et pourquoi", "observed or not, and why", choices=POINT_STATUS,
            required=True,
        ),
        "hours_observed": Column("number", S1, "heures d'observation", "hours of observation", unit="hours", low=0),
        "staff": Column("integer", S2, "agents présents", "staff present", unit="staff", low=0),
        "incoming": _people("personnes entrantes", "people coming in"),
        "outgoing": _people("personnes sortantes", "people going out"),
        "internal": _people("personnes circulant à l'intérieur du pays", "people moving inside the country"),
        "people": _people("personnes observées en tout", "people seen altogether"),
    },
)  # fmt: skip
