"""Our own interface, described once: what is asked, what is answered. Validation and documentation come from here."""

from dataclasses import dataclass

VERSION = "1"
ROOT = "/api/v1"


@dataclass(frozen=True)
class Parameter:
    """Something that a request may say; `kind` names a reader in `api.parameters`."""

    name: str
    kind: str
    fr: str
    en: str
    default: object = None
    low: int | None = None
    high: int | None = None
    in_path: bool = False

    @property
    def schema(self):
        schema = dict(SCHEMA_OF_KIND[self.kind])
        limits = {"minimum": self.low, "maximum": self.high, "default": self.default}
        return schema | {name: value for name, value in limits.items() if value is not None}


@dataclass(frozen=True)
class Field:
    """A field of an answer and its JSON schema."""

    schema: dict
    fr: str
    en: str


@dataclass(frozen=True)
class Endpoint:
    """An address: its parameters, and the name of the schema of its answer."""

    name: str
    path: str
    answer: str
    parameters: tuple
    fr: str
    en: str


SCHEMA_OF_KIND = {
    "text": {"type": "string", "maxLength": 300},
    "count": {"type": "integer"},
    "identifier": {"type": "string", "format": "uuid"},
    "category": {"type": "string", "pattern": "^(none|[a-z_]+=[^;=]+(;[a-z_]+=[^;=]+)*)$"},
}

TEXT = {"type": "string"}
NUMBER = {"type": "number"}
WHOLE = {"type": "integer"}
FLAG = {"type": "boolean"}
DAY = {"type": "string", "format": "date"}
TIME = {"type": "string", "format": "date-time"}
OBJECT = {"type": "object"}


def or_null(schema):
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return schema | {"type": [schema["type"], "null"]}


def list_of(schema):
    return {"type": "array", "items": schema}


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def _page(item):
    return {
        "count": Field(
            WHOLE, "nombre d'éléments qui répondent aux critères", "how many items meet the conditions"
        ),
        "next": Field(
            or_null(TEXT), "adresse de la suite, nulle à la fin", "address of what follows, null at the end"
        ),
        "results": Field(list_of(ref(item)), "éléments de cette page", "items of this page"),
    }


SNAPSHOT = {
    "number": Field(WHOLE, "numéro", "number"),
    "code": Field(TEXT, "comment le citer", "how to cite it"),
    "title": Field(TEXT, "titre", "title"),
    "made_at": Field(TIME, "moment de la publication", "time of publication"),
    "simulated": Field(FLAG, "contient des données simulées", "holds simulated data"),
    "tools": Field(OBJECT, "version de chaque outil", "version of each tool"),
    "methods": Field(OBJECT, "version de chaque méthode", "version of each method"),
    "parameters": Field(OBJECT, "empreinte de chaque barème", "digest of each file of parameters"),
    "files": Field(OBJECT, "adresses des fichiers ; aucune quand il est retiré", "addresses of the files; none when it is withdrawn"),
    "withdrawn_at": Field(or_null(TIME), "moment du retrait ; tout le reste répond alors 410", "time of withdrawal; all else then answers 410"),
    "withdrawn_reason": Field(TEXT, "motif du retrait", "reason of the withdrawal"),
    "replaced_by": Field(or_null(WHOLE), "numéro de l'instantané qui le remplace", "number of the snapshot that replaces it"),
}
AREA = {
    "key": Field(TEXT, "code ou nom, et version du découpage", "code or name, and version of the division"),
    "name": Field(TEXT, "nom", "name"),
    "code": Field(or_null(TEXT), "p-code, nul s'il n'y en a pas", "p-code, null where there is none"),
    "level": Field(
        or_null(WHOLE),
        "0 le pays, 1 la région, 2 le cercle ; nul pour un point",
        "0 the country, 1 the region, 2 the cercle; null for a point",
    ),
    "geography": Field(TEXT, "version du découpage", "version of the division"),
    "parent": Field(or_null(TEXT), "clé de l'unité qui la contient", "key of the area that contains it"),
    "lat": Field(or_null(NUMBER), "latitude du chef-lieu", "latitude of the seat"),
    "lon": Field(or_null(NUMBER), "longitude du chef-lieu", "longitude of the seat"),
}
COVERAGE = {
    "done": Field(WHOLE, "observés", "observed"),
    "planned": Field(or_null(WHOLE), "prévus, nul quand personne ne sait combien", "planned, null where nobody knows how many"),
    "what": Field(TEXT, "quoi : localités, jours, points, unités", "what: localities, days, points, areas"),
}
FIGURE = {
    "id": Field(SCHEMA_OF_KIND["identifier"], "identifiant dans cet instantané", "identifier within this snapshot"),
    "key": Field(TEXT, "nomme le même chiffre dans tous les instantanés", "names the same figure in every snapshot"),
    "definition": Field(TEXT, "code de la définition", "code of the definition"),
    "definition_fr": Field(TEXT, "définition en français", "definition in French"),
    "definition_en": Field(TEXT, "définition en anglais", "definition in English"),
    "place": Field(ref("Place"), "lieu", "place"),
    "version": Field(TEXT, "découpage dans lequel on a compté", "division in which it was counted"),
    "period": Field(TEXT, "jour, mois ou cycle", "day, month or round"),
    "as_of": Field(DAY, "jour que le chiffre décrit", "day that the figure describes"),
    "unit": Field(TEXT, "unité", "unit"),
    "series": Field(TEXT, "série statistique ; deux séries ne forment jamais une évolution", "statistical series; two series are never one trend"),
    "simulated": Field(FLAG, "ces personnes n'existent pas", "these people do not exist"),
    "category": Field(OBJECT, "partie du total ; vide pour le total", "part of the total; empty for the total"),
    "value": Field(or_null(NUMBER), "valeur ; nulle sans donnée ou non publiée", "value; null without data or not published"),
    "low": Field(or_null(NUMBER), "borne basse", "low end of the range"),
    "high": Field(or_null(NUMBER), "borne haute", "high end of the range"),
    "base": Field(or_null(NUMBER), "dénominateur d'une part", "denominator of a share"),
    "coverage": Field(or_null(ref("Coverage")), "couverture", "coverage"),
    "age_days": Field(or_null(WHOLE), "âge du chiffre en jours", "age of the figure in days"),
    "grades": Field(OBJECT, "part de la valeur par cote de fiabilité", "share of the value by credibility grade"),
    "method": Field(TEXT, "méthode", "method"),
    "marks": Field(list_of(TEXT), "simulated, stale, suppressed, no_data, source_withdrawn", "simulated, stale, suppressed, no_data, source_withdrawn"),
    "change": Field(or_null(OBJECT), "variation, ou la raison pour laquelle il n'y en a pas", "change, or the reason why there is none"),
    "extra": Field(OBJECT, "ruptures de série et autres remarques", "series breaks and other remarks"),
    "citations": Field(list_of(TEXT), "publications citées", "publications cited"),
}  # fmt: skip
REVISION = {
    "snapshot": Field(TEXT, "instantané", "snapshot"),
    "id": FIGURE["id"],
    "value": FIGURE["value"],
    "low": FIGURE["low"],
    "high": FIGURE["high"],
}
ERROR = {
    "code": Field(TEXT, "code de l'erreur", "code of the error"),
    "cause": Field(TEXT, "ce qui ne va pas", "what is wrong"),
    "remedy": Field(TEXT, "ce qu'il faut faire", "what to do"),
    "where": Field(OBJECT, "où", "where"),
}
SCHEMAS = {
    "Snapshot": SNAPSHOT,
    "Snapshots": _page("Snapshot"),
    "Area": AREA,
    "Areas": _page("Area"),
    "Place": {name: AREA[name] for name in ("key", "name", "code", "level", "geography")},
    "Coverage": COVERAGE,
    "Figure": FIGURE,
    "Figures": {"snapshot": Field(TEXT, "instantané", "snapshot")} | _page("Figure"),
    "Revision": REVISION,
    "FigureWithRevisions": FIGURE | {
        "snapshot": Field(TEXT, "instantané", "snapshot"),
        "revisions": Field(list_of(ref("Revision")), "le même chiffre dans chaque instantané", "the same figure in every snapshot"),
    },
    "Fault": ERROR,
    "Error": {"error": Field(ref("Fault"), "l'erreur", "the error")},
}  # fmt: skip

LIMIT = Parameter("limit", "count", "éléments par page", "items per page", default=200, low=1, high=1000)
SNAPSHOT_NUMBER = Parameter(
    "snapshot", "count", "numéro de l'instantané ; par défaut : le dernier",
    "number of the snapshot; the newest if nothing is said", low=1,
)  # fmt: skip
SNAPSHOTS = Endpoint(
    "snapshots", f"{ROOT}/snapshots", "Snapshots",
    (Parameter("after", "count", "numéro du dernier instantané lu", "number of the last snapshot read", low=1), LIMIT),
    "Instantanés publiés, du plus récent au plus ancien", "Published snapshots, newest first",
)  # fmt: skip
FIGURES = Endpoint(
    "figures", f"{ROOT}/figures", "Figures",
    (
        SNAPSHOT_NUMBER,
        Parameter("definition", "text", "code de la définition, p. ex. mobility.idp_present", "code of the definition, e.g. mobility.idp_present"),
        Parameter("place", "text", "clé du lieu, p. ex. MLI@2021-12-20", "key of the place, e.g. MLI@2021-12-20"),
        Parameter("period", "text", "période, p. ex. 2023-04-30 ou 2026-1", "period, e.g. 2023-04-30 or 2026-1"),
        Parameter("series", "text", "série, p. ex. dtm_mali", "series, e.g. dtm_mali"),
        Parameter("category", "category", "« none » : les totaux seuls ; ou une catégorie, p. ex. sex_age=female_18_59", "“none”: totals only; or a category, e.g. sex_age=female_18_59"),
        Parameter("after", "identifier", "identifiant du dernier chiffre lu", "identifier of the last figure read"),
        LIMIT,
    ),
    "Chiffres d'un instantané", "Figures of a snapshot",
)  # fmt: skip
ONE_FIGURE = Endpoint(
    "figure", f"{ROOT}/figures/{{id}}", "FigureWithRevisions",
    (Parameter("id", "identifier", "identifiant du chiffre", "identifier of the figure", in_path=True),),
    "Un chiffre, et ce qu'il valait dans chaque instantané", "One figure, and what it was in every snapshot",
)  # fmt: skip
AREAS = Endpoint(
    "areas", f"{ROOT}/areas", "Areas",
    (
        Parameter("geography", "text", "version du découpage, p. ex. 2021-12-20", "version of the division, e.g. 2021-12-20"),
        Parameter("level", "count", "niveau administratif", "administrative level", low=0, high=4),
        Parameter("parent", "text", "clé de l'unité qui contient", "key of the containing area"),
        Parameter("after", "text", "clé de la dernière unité lue", "key of the last area read"),
        LIMIT,
    ),
    "Unités administratives, dans toutes leurs versions", "Administrative areas, in all their versions",
)  # fmt: skip
ENDPOINTS = (SNAPSHOTS, FIGURES, ONE_FIGURE, AREAS)
