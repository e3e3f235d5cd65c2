"""The columns of the datasets: what each holds, in both languages. One row is one figure."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from taama.opendata.methods.labels import category_code, category_label, label, reason_label


@dataclass(frozen=True)
class Column:
    """A column of the datasets.

    type    string, integer, number, boolean, date: as a Table Schema names them
    hxl     tag of the optional HXL row
    cell    (figure, sheet) → value; the figure as `opendata.public_figures` gives it
    """

    name: str
    type: str
    fr: str
    en: str
    hxl: str
    cell: Callable
    about_fr: str = ""
    about_en: str = ""


@dataclass(frozen=True)
class Sheet:
    """Everything that the rows of one snapshot are made of."""

    snapshot: object
    figures: list
    places: dict

    def rows(self, figures=None):
        """One list of values per figure, in the order of COLUMNS."""
        return [[column.cell(figure, self) for column in COLUMNS] for figure in (figures or self.figures)]


def plain(value):
    """A number without the decimals that say nothing."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _field(name):
    return lambda figure, sheet: plain(figure[name])


def _place(name):
    return lambda figure, sheet: sheet.places.get(figure["place"], {}).get(name)


def _inside(name, key):
    return lambda figure, sheet: plain((figure[name] or {}).get(key))


def _grade(grade):
    return lambda figure, sheet: figure["grades"].get(grade)


def _definition(language):
    return lambda figure, sheet: label(figure["definition"], language)


def _category(language):
    return lambda figure, sheet: category_label(figure["category"], language, sheet.places)


def _withheld(language):
    return lambda figure, sheet: reason_label(figure["change"], language, sheet.places) or None


def _breaks(figure, sheet):
    found = (figure["extra"] or {}).get("breaks")
    return json.dumps(found, ensure_ascii=False) if found else None


ROUNDED = ("part de la valeur, de 0 à 1, arrondie à 0,05", "share of the value, 0 to 1, rounded to 0.05")

COLUMNS = (
    Column("snapshot", "string", "Instantané", "Snapshot", "#meta+snapshot", lambda figure, sheet: sheet.snapshot.code),
    Column(
        "simulated", "boolean", "Simulé", "Simulated", "#meta+simulated", lambda figure, sheet: figure["simulated"],
        "vrai : ces personnes n'existent pas, le chiffre sert de démonstration",
        "true: these people do not exist, the figure is a demonstration",
    ),
    Column(
        "series", "string", "Série", "Series", "#meta+series", _field("series"),
        "les chiffres de deux séries ne forment jamais une même évolution",
        "figures of two series are never one trend",
    ),
    Column("definition", "string", "Code de la définition", "Code of the definition", "#indicator+code", _field("definition")),
    Column("definition_fr", "string", "Définition", "Definition (French)", "#indicator+name+fr", _definition("fr")),
    Column("definition_en", "string", "Définition (anglais)", "Definition", "#indicator+name+en", _definition("en")),
    Column(
        "place", "string", "Clé du lieu", "Key of the place", "#adm+key", _field("place"),
        "code ou nom, et version du découpage : un p-code sans version n'est pas sûr",
        "code or name, and version of the division: a p-code without its version is not safe",
    ),
    Column("place_name", "string", "Lieu", "Place", "#adm+name", _place("name")),
    Column("place_code", "string", "P-code", "P-code", "#adm+code", _place("code")),
    Column("admin_level", "integer", "Niveau administratif", "Administrative level", "#adm+level", _place("level")),
    Column(
        "geography", "string", "Version du découpage", "Version of the division", "#meta+geography", _field("version"),
    ),
    Column("period", "string", "Période", "Period", "#period+code", _field("period")),
    Column("as_of", "date", "Jour décrit", "Day described", "#date+reported", _field("as_of")),
    Column(
        "category", "string", "Code de la catégorie", "Code of the category", "#indicator+category",
        lambda figure, sheet: category_code(figure["category"]),
        "vide : le total ; sinon une partie du total, à ne pas additionner avec lui",
        "empty: the total; else a part of the total, not to be added to it",
    ),
    Column("category_fr", "string", "Catégorie", "Category (French)", "#indicator+category+fr", _category("fr")),
    Column("category_en", "string", "Catégorie (anglais)", "Category", "#indicator+category+en", _category("en")),
    Column(
        "value", "number", "Valeur", "Value", "#indicator+value+num", _field("value"),
        "vide quand il n'y a pas de donnée ou qu'elle ne peut pas être publiée : voir les marques",
        "empty when there is no data or it may not be published: see the marks",
    ),
    Column("low", "number", "Borne basse", "Low", "#indicator+value+num+min", _field("low")),
    Column("high", "number", "Borne haute", "High", "#indicator+value+num+max", _field("high")),
    Column("unit", "string", "Unité", "Unit", "#indicator+unit", _field("unit")),
    Column(
        "base", "number", "Effectif de base", "Out of", "#indicator+base+num", _field("base"),
        "dénominateur d'une part, en personnes", "denominator of a share, in people",
    ),
    Column("coverage_done", "integer", "Couverture : faits", "Coverage: done", "#meta+coverage+done", _inside("coverage", "done")),
    Column("coverage_planned", "integer", "Couverture : prévus", "Coverage: planned", "#meta+coverage+planned", _inside("coverage", "planned"),
           "vide : nul ne sait combien il en fallait", "empty: nobody knows how many there should have been"),
    Column("coverage_of", "string", "Couverture : quoi", "Coverage: of what", "#meta+coverage+what", _inside("coverage", "what")),
    Column("age_days", "integer", "Âge en jours", "Age in days", "#meta+age+days", _field("age_days")),
    Column(
        "grade_a", "number", "Part cotée A", "Share graded A", "#meta+grade+a", _grade("A"), *ROUNDED,
    ),
    Column(
        "grade_b", "number", "Part cotée B", "Share graded B", "#meta+grade+b", _grade("B"), *ROUNDED,
    ),
    Column(
        "grade_c", "number", "Part cotée C", "Share graded C", "#meta+grade+c", _grade("C"), *ROUNDED,
    ),
    Column(
        "marks", "string", "Marques", "Marks", "#meta+marks", lambda figure, sheet: ";".join(figure["marks"]),
        "simulated, stale, suppressed, no_data, source_withdrawn",
        "simulated, stale, suppressed, no_data, source_withdrawn",
    ),
    Column("change_from", "string", "Variation depuis", "Change since", "#meta+change+from", _inside("change", "from")),
    Column("change_value", "number", "Variation", "Change", "#indicator+change+num", _inside("change", "value")),
    Column("change_percent", "number", "Variation en %", "Change in %", "#indicator+change+percent", _inside("change", "percent")),
    Column(
        "change_withheld", "string", "Code du motif sans variation", "Code of why there is no change", "#meta+change+withheld",
        _inside("change", "reason"), "code du motif pour lequel les deux chiffres ne sont pas comparables",
        "code of the reason why the two figures are not comparable",
    ),
    Column(
        "change_withheld_fr", "string", "Pourquoi pas de variation", "Why there is no change (French)",
        "#meta+change+withheld+fr", _withheld("fr"),
    ),
    Column(
        "change_withheld_en", "string", "Pourquoi pas de variation (anglais)", "Why there is no change",
        "#meta+change+withheld+en", _withheld("en"),
    ),
    Column("breaks", "string", "Ruptures de série", "Series breaks", "#meta+breaks", _breaks),
    Column("method", "string", "Méthode", "Method", "#meta+method", _field("method")),
    Column(
        "sources", "string", "Sources", "Sources", "#meta+source", lambda figure, sheet: " | ".join(figure["citations"]),
        "publications citées", "publications cited",
    ),
    Column("figure", "string", "Identifiant du chiffre", "Identifier of the figure", "#meta+id", lambda figure, sheet: str(figure["id"])),
)  # fmt: skip
