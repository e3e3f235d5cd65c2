"""Headers are read by their meaning: in French and English, with HXL tags or without, wherever they stand."""

import pytest

from taama.base.errors import TaamaError
from taama.base.messages import message
from taama.facts.grid import Sheet
from taama.series.tools.published_baseline.headers import find_columns
from taama.series.tools.published_baseline.meaning import hxl_meaning, meaning

ISSUE = (
    "Snapshot Date|Admin 0|Admin 0 pcode|Admin 1|Admin 1 pcode|Admin 2|Admin 2 pcode|Admin 3|Admin 3 pcode|"
    "Total No# of IDPs HH|Total No# of IDPs Ind#|Num_RET_from_Abroad_IND|Num_RET_from_Abroad_HH|Num_Ret_IDP_HH|"
    "Num_Ret_IDP_IND|Total No# of Returnees HH#|Total No# of Returnees Ind#|Country of Origin of IDP|"
    "Admin 1 Area of Origin of IDP|Type of Displacement|Main displacement start date|UpdatedDate|"
    "admin_1_pcode_origin_majority_present_idp|admin_0_pcode_origin_majority_ret_from_abroad"
)
ISSUE_FIELDS = (
    "as_of admin0 admin0_code admin1 admin1_code admin2 admin2_code admin3 admin3_code idp_households idp_people "
    "repatriate_people repatriate_households returned_idp_households returned_idp_people returnee_households "
    "returnee_people origin0 origin1 reason displacement_start updated_on origin1_code returnee_origin0_code"
)
# One header line of a file, and the field of each of its columns; `-` is kept under its own name.
HEADERS = [
    (ISSUE, ISSUE_FIELDS),
    ("Admin 1|Admin 2|Total No. of IDPs HH|Total No. of IDPs Ind.", "admin1 admin2 idp_households idp_people"),
    ("Admin 1|No. of IDPs Households|No. of IDPs Individuals", "admin1 idp_households idp_people"),
    ("Admin1Name|Admin1Pcode|IDPsHH|IDPsInd", "admin1 admin1_code idp_households idp_people"),
    ("ADM1_FR|ADM1_PCODE|ADM2_FR|ADM2_PCODE|IDP HH|IDP IND", "admin1 admin1_code admin2 admin2_code idp_households idp_people"),
    ("admin1|admin2|idp_hh|idp_ind", "admin1 admin2 idp_households idp_people"),
    ("Région|Cercle|Commune|PDI ménages|PDI individus", "admin1 admin2 admin3 idp_households idp_people"),
    ("REGION|CERCLE|COMMUNE|MENAGES PDI|INDIVIDUS PDI", "admin1 admin2 admin3 idp_households idp_people"),
    ("Région|Nombre de ménages déplacés|Nombre de personnes déplacées (individus)", "admin1 idp_households idp_people"),
    ("Région|Nbre ménages PDI|Nbre ind. PDI", "admin1 idp_households idp_people"),
    ("Cercles|Total PDI (Ménages)|Total PDI (Individus)", "admin2 idp_households idp_people"),
    ("Région d'accueil|Cercle d'accueil|Ménages PDI|PDI", "admin1 admin2 idp_households idp_people"),
    ("Région de déplacement|Région d'origine|PDI Mgs|PDI Inds", "admin1 origin1 idp_households idp_people"),
    ("Code région|Région|Code cercle|Cercle|Effectif PDI individus", "admin1_code admin1 admin2_code admin2 idp_people"),
    ("Région|P-code|Cercle|P-code|PDI individus", "admin1 admin1_code admin2 admin2_code idp_people"),
    ("Commune|Ménages retournés|Individus retournés", "admin3 returnee_households returnee_people"),
    ("Commune|Retournés (ménages)|Retourné(e)s individus", "admin3 returnee_households returnee_people"),
    ("Commune|PDI retournées ménages|PDI retournées individus", "admin3 returned_idp_households returned_idp_people"),
    ("Commune|Rapatriés ménages|Rapatriés individus", "admin3 repatriate_households repatriate_people"),
    ("Commune|Retournés de l'étranger (individus)|Retournés internes (individus)", "admin3 repatriate_people returned_idp_people"),
    ("Commune|Returnees from abroad HH|Internal returnees HH", "admin3 repatriate_households returned_idp_households"),
    ("Admin 1|Total No. Migrant households|Total No. Migrant individuals", "admin1 migrant_households migrant_people"),
    ("Date de collecte|Région|PDI individus", "as_of admin1 idp_people"),
    ("Survey Date|Snapshot Date|Admin 1|IDPs Ind", "surveyed_on as_of admin1 idp_people"),
    ("Mise à jour|Mois|Région|PDI individus", "updated_on as_of admin1 idp_people"),
    ("Date de début du déplacement|Région|PDI individus", "displacement_start admin1 idp_people"),
    ("RoundNo|Admin 1|IDPs Ind", "round admin1 idp_people"),
    ("Cycle|Round number|Région|PDI individus", "round - admin1 idp_people"),
    ("Raison du déplacement|Région|PDI individus", "reason admin1 idp_people"),
    ("Admin 1|Total IDPs Ind|IDPs Ind male|IDPs Ind female", "admin1 idp_people - -"),
    ("Admin 1|No. of IDPs Ind. in collective settings|Total No. of IDPs Ind.", "admin1 - idp_people"),
    ("Admin 1|IDPs Ind|Returns|Migration flows|UpdatedBy", "admin1 idp_people - - -"),
    ("Admin 1 |\tTotal No#  of IDPs\nHH |IDPs Ind#  ", "admin1 idp_households idp_people"),
    ("Pays|ISO3|Région|Village|Population déplacée|2nd Main displacement start date", "admin0 admin0_code admin1 admin4 idp_people -"),
]  # fmt: skip


def sheet(*lines):
    return Sheet("s", [(number, list(cells)) for number, cells in enumerate(lines, 1)])


def columns(*lines):
    return find_columns(sheet(*lines), "f.csv")


def fields(found, width):
    by_position = {position: name for name, position in found.fields.items()}
    return [by_position.get(position, "-") for position in range(width)]


@pytest.mark.parametrize(("header", "expected"), HEADERS, ids=[h[:40] for h, _ in HEADERS])
def test_headers_of_34_files(header, expected):
    cells = header.split("|")
    assert fields(columns(cells), len(cells)) == expected.split()


def test_there_are_34_of_them():
    assert len({header for header, _ in HEADERS}) == 34


@pytest.mark.parametrize(
    ("tag", "field"),
    [
        ("#affected+idps+hh", "idp_households"),
        ("#affected+idps+ind", "idp_people"),
        ("#affected+returnees+ind", "returnee_people"),
        ("#affected+ret+internal+ind", "returned_idp_people"),
        ("#affected+ret+abroad+hh", "repatriate_households"),
        ("# affected\t+idps +ind", "idp_people"),
        ("#AFFECTED+IDPS+Ind", "idp_people"),
        ("#afected+idps+ind", "idp_people"),
        ("#poplation+idps+ind", "idp_people"),
        ("#adm3+Code", "admin3_code"),
        ("#adm1+name", "admin1"),
        ("#adm1+name+origin", "origin1"),
        ("#country+code", "admin0_code"),
        ("#date+occurred", "as_of"),
        ("#meta+round", "round"),
        ("#affected+idps+ind+m", ""),
        ("#poplation+total", ""),
        ("#geo+lat", ""),
    ],
)
def test_hxl_tags_with_slips_of_the_pen(tag, field):
    assert hxl_meaning(tag).field == field


def test_tags_alone_are_a_header():
    found = columns(["#adm1+name", "#adm1+code", "#affected+idps+ind"], ["Mopti", "ML05", "12"])
    assert found.fields == {"admin1": 0, "admin1_code": 1, "idp_people": 2}
    assert found.first == 1


def test_tags_win_over_headers_and_dates_go_by_header():
    found = columns(
        ["Snapshot Date", "Admin 1", "IDPs HH", "Main displacement start date"],
        ["#date+occurred", "#adm1+name", "#affected+idps+ind", "#date+occurred"],
    )
    assert found.fields == {"as_of": 0, "admin1": 1, "idp_people": 2, "displacement_start": 3}
    assert found.disputed == (("IDPs HH", "#affected+idps+ind", "idp_people"),)


def test_header_below_titles_and_tags_below_header():
    found = columns(
        ["Matrice de suivi des déplacements"], [""], ["Situation des PDI par région au 30 septembre 2021"],
        ["Région", "PDI ménages", "PDI individus"], ["#adm1+name", "#affected+idps+hh", "#affected+idps+ind"],
        ["Mopti", "2", "12"],
    )  # fmt: skip
    assert found.first == 5
    assert found.header_rows == (4, 5)


def test_two_lines_of_header():
    found = columns(
        ["", "PDI", "", "Retournés", ""],
        ["Cercle", "Ménages", "Individus", "Ménages", "Individus"],
        ["Koro", "1"],
    )
    assert found.fields == {
        "admin2": 0, "idp_households": 1, "idp_people": 2, "returnee_households": 3, "returnee_people": 4,
    }  # fmt: skip


def test_columns_without_header_and_with_the_same_header_keep_a_name():
    found = columns(
        ["Région", "", "Note", "Note", "PDI individus", "kind"], ["Mopti", "x", "y", "z", "1", "k"]
    )
    assert found.others == {1: "[B]", 2: "Note", 3: "Note [D]", 5: "kind [F]"}


@pytest.mark.parametrize(
    ("header", "column"),
    [
        (["Région", "PDI"], "PDI"),
        (["Région", "Ménages"], "Ménages"),
        (["Région", "PDI (ménages/individus)"], "PDI (ménages/individus)"),
        (["Région", "PDI individus", "Retournés"], "Retournés"),
    ],
)
def test_an_ambiguous_header_is_refused_with_what_it_may_mean(header, column):
    with pytest.raises(TaamaError) as raised:
        columns(header, ["Mopti", "12"])
    error = raised.value
    assert (error.code, error.where.column) == ("series.header_ambiguous", column)
    assert error.values["candidates"]
    for language in ("fr", "en"):
        assert column in str(message(error.code, language, error.values))


def test_two_columns_of_one_count_are_refused():
    with pytest.raises(TaamaError) as raised:
        columns(["Région", "PDI individus", "Personnes déplacées individus"], ["Mopti", "1", "2"])
    assert raised.value.code == "series.header_twice"
    assert raised.value.values["columns"] == ["PDI individus", "Personnes déplacées individus"]


@pytest.mark.parametrize(
    "lines",
    [
        [["Mopti", "ML05", "12"], ["Gao", "ML07", "3"]],
        [["Région", "Cercle"], ["Mopti", "Koro"]],
        [["PDI ménages", "PDI individus"], ["1", "2"]],
    ],
)
def test_a_table_without_place_or_count_has_no_header(lines):
    assert columns(*lines) is None


@pytest.mark.parametrize(
    "header",
    [
        "PDI nouvelles individus",
        "% PDI individus",
        "Variation PDI individus",
        "PDI individus 0-4 ans",
        "Economic reasons",
        "UpdatedBy",
    ],
)
def test_what_is_not_wholly_understood_is_not_taken_for_something_else(header):
    assert not meaning(header).field
