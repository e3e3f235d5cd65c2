"""What a statistician builds on: the same numbers for the same answers in every file, codes that do not shift, types."""

import pyogrio
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taama.base.policy import OPERATOR
from taama.desk.methods.export_fields import numbers_of
from taama.forms.actions.publishing import publish_form
from tests.desk.household import export, members, rows, send

READ = {"sav": pyreadstat.read_sav, "dta": pyreadstat.read_dta}
FORM = """
| survey   |                                 |            |          |
|          | type                            | name       | label    |
|          | select_one status               | status     | Statut   |
|          | select_one_from_file places.csv | place      | Localité |
|          | select_multiple need or_other   | needs      | Besoins  |
|          | integer                         | people     | Combien  |
|          | geopoint                        | position   | Position |
| choices  |                                 |            |          |
|          | list_name                       | name       | label    |
{new}|          | status                          | idp        | Déplacé  |
|          | status                          | ret        | Retourné |
|          | need                            | eau        | Eau      |
| settings |                                 |            |          |
|          | form_id                         | version    |          |
|          | stat                            | {version}  |          |
"""
NEW = "|          | status                          | host       | Hôte     |\n"
SENT = (
    '<data id="stat" version="{version}"><status>{status}</status><place>{place}</place><needs>eau other</needs>'
    "<needs_other>bâches</needs_other><people>190</people><position>14.512345 -4.2 260 5</position>"
    "<meta><instanceID>uuid:{place}{status}</instanceID></meta></data>"
)


def sent(version, status, place):
    return SENT.format(version=version, status=status, place=place).encode()


@pytest.fixture
def form(db):
    """Its second version offers one more answer, before the others."""
    media = {"places.csv": "name,label\np1,Gossi\np2,Ménaka\n".encode()}
    for version, new in ((1, ""), (2, NEW)):
        source = FORM.format(version=version, new=new).encode()
        form = publish_form(by=OPERATOR, source=source, filename="stat.md", media=media, personal="no").form
        send(sent(version, "ret", f"p{version}"))
    send(sent(2, "host", "p2"))
    return form


def read(form, format, tmp_path, **more):
    path = tmp_path / f"main.{format}"
    path.write_bytes(members(export(form, format, **more)[1])[f"formulaire.{format}"])
    return READ[format](path, output_format="polars")


@pytest.mark.parametrize("format", ["sav", "dta"])
def test_an_answer_has_the_same_number_in_every_file_of_a_form(form, tmp_path, format):
    labels = [
        read(form, format, tmp_path, filters=chosen)[1].variable_value_labels["status"]
        for chosen in ({}, {"versions": ["1"]}, {"versions": ["2"]})
    ]
    everywhere = {1: "Déplacé", 2: "Retourné"}
    assert labels == [everywhere | {3: "Hôte"}, everywhere, everywhere | {3: "Hôte"}]


@pytest.mark.parametrize("format", ["sav", "dta"])
def test_a_place_of_a_list_keeps_its_code_beside_its_name(form, tmp_path, format):
    """A number for it would shift with the next list, and with the area of whom the file is for."""
    frame, _ = read(form, format, tmp_path, filters={"versions": ["2"]})
    assert set(frame["place"]) == {"p2"} and set(frame["place_label"]) == {"Ménaka"}


@pytest.mark.parametrize("format", ["sav", "dta"])
def test_a_question_keeps_its_name_and_what_is_made_of_another_gives_way(form, tmp_path, format):
    frame, meta = read(form, format, tmp_path)
    assert set(frame["needs_other"]) == {"bâches"} and set(frame["needs_other_2"]) == {1}
    assert meta.variable_value_labels["simulated"] == {0: "non", 1: "oui"}


def test_spss_shows_whole_numbers_whole_and_knows_what_has_a_mean(form, tmp_path):
    _, meta = read(form, "sav", tmp_path)
    shown = meta.original_variable_types
    assert (shown["people"], shown["position_latitude"]) == ("F12.0", "F11.6")
    measured = meta.variable_measure
    assert (measured["people"], measured["status"], measured["place"]) == ("scale", "nominal", "nominal")


def test_the_codebook_tells_our_own_columns_in_both_languages(form):
    files = members(export(form)[1])
    questions = {row["column"]: row for row in rows(files["dictionnaire_questions.csv"])}
    assert (questions["_received_at"]["label_fr"], questions["_received_at"]["label_en"]) == (
        "Reçu le",
        "Received at",
    )
    review = {
        row["code"]: row for row in rows(files["dictionnaire_reponses.csv"]) if row["column"] == "_review"
    }
    assert (review["approved"]["label_fr"], review["approved"]["label_en"]) == ("Approuvé", "Approved")


def test_a_layer_of_points_says_so(form):
    path = export(form, "gpkg")[1]
    assert pyogrio.read_info(path, layer="formulaire")["geometry_type"] == "Point Z"


@given(
    codes=st.lists(st.from_regex(r"-?[0-9]{1,3}|[a-c]{1,2}", fullmatch=True), max_size=12),
    new=st.text("ab1", min_size=1),
)
def test_what_is_added_to_a_list_changes_no_number(codes, new):
    before, after = numbers_of(codes), numbers_of([*codes, new])
    assert len(set(after.values())) == len(after)
    assert {code: after[code] for code in before} == before
