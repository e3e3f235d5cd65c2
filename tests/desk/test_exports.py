"""Files of submissions, read again with the libraries of those who will open them, against what was sent."""

import datetime as dt

import openpyxl
import polars as pl
import pyogrio
import pyreadstat
import pytest
import shapely

from taama.base.errors import TaamaError
from taama.base.models import JournalEntry
from taama.base.policy import OPERATOR
from taama.collect.actions.quarantine import release_quarantined
from taama.collect.models import Quarantined, Submission
from taama.desk.actions.exporting import set_renamings
from taama.forms.actions.publishing import publish_form
from taama.review.models import Review
from tests.desk.household import ADAMA, FORM_2, export, members, rows, send

RENAMED = {"size": "household_size"}


def by_key(table, key="_key"):
    return {row[key]: row for row in table}


def test_csv_says_what_was_sent(households):
    asked, path = export(households)
    files = members(path)
    assert set(files) == {
        "formulaire.csv", "member.csv", "illness.csv", "autres_valeurs.csv", "dictionnaire_questions.csv",
        "dictionnaire_reponses.csv",
    }  # fmt: skip
    assert files["formulaire.csv"].startswith(b"\xef\xbb\xbf_key,")
    main = by_key(rows(files["formulaire.csv"]))
    adama, binta = main["uuid:adama"], main["uuid:binta"]
    assert adama["start"] == "2026-03-01T09:00:00.500+00:00"
    assert adama["chief"] == "'=HYPERLINK(1)"
    assert (adama["size"], adama["household_size"], binta["household_size"]) == ("7", "", "4")
    assert adama["old_note"] == "été ☀ N'Tji"
    assert (adama["income"], adama["arrival"], adama["status"], adama["needs"]) == (
        "12.5",
        "2026-02-28",
        "idp",
        "nfi wash",
    )
    assert [adama[f"place_{part}"] for part in ("latitude", "longitude", "altitude", "accuracy")] == [
        "14.5", "-4.2", "260.0", "5.0",
    ]  # fmt: skip
    assert adama["path"] == "LINESTRING ZM (-4.0 14.0 0.0 0.0, -4.1 14.1 0.0 0.0)"
    assert adama["photo"] == "1.jpg"
    assert binta["chief"] == 'Binta "B", fille\nde Oumar'
    assert (adama["_form_version"], binta["_form_version"]) == ("1", "2")
    assert "thanks" not in adama, "a note without a value has no column"
    assert asked.rows == 3
    assert main["uuid:empty"]["chief"] == ""


def test_repeats_are_tables_that_name_the_rows_they_belong_to(households):
    files = members(export(households)[1])
    people = by_key(rows(files["member.csv"]))
    assert set(people) == {f"uuid:adama/living/member[{n}]" for n in (1, 2)} | {"uuid:binta/living/member[1]"}
    assert {row["_parent_key"] for row in people.values()} == {"uuid:adama", "uuid:binta"}
    second = people["uuid:adama/living/member[2]"]
    assert (second["_position"], second["living/member/name"], second["living/member/age"]) == (
        "2",
        "Bou",
        "",
    )
    assert people["uuid:binta/living/member[1]"]["living/member/name"] == "-5", "a number is no formula"
    ill = rows(files["illness.csv"])
    assert [(row["_parent_key"], row["living/member/illness/what"]) for row in ill] == [
        ("uuid:adama/living/member[1]", "palu"),
        ("uuid:adama/living/member[1]", "+223"),
        ("uuid:binta/living/member[1]", ""),
    ]


def test_what_fits_no_column_is_told(households):
    told = {
        (r["_key"], r["_question"]): (r["_reason"], r["_value"])
        for r in rows(members(export(households)[1])["autres_valeurs.csv"])
    }
    assert told == {
        ("uuid:adama/living/member[2]", "living/member/age"): ("bad", "trois"),
        ("uuid:binta", "surprise"): ("unknown", "boo"),
        ("uuid:binta", "surprise/@kind"): ("unknown", "x"),
    }


def test_what_was_released_beside_what_it_contradicts_has_no_name_among_its_other_values(households):
    send(ADAMA.replace(b"<size>7<", b"<size>9<"))
    release_quarantined(by=OPERATOR, quarantined=Quarantined.objects.get())
    found = members(export(households)[1])
    assert len(rows(found["formulaire.csv"])) == 3, "it took the place of the one that it contradicts"
    assert [r["size"] for r in rows(found["formulaire.csv"]) if r["size"]] == ["9"]
    assert not any("instanceID" in row["_question"] for row in rows(found["autres_valeurs.csv"]))


def test_a_renamed_question_is_one_column(households):
    set_renamings(by=OPERATOR, form=households, pairs=RENAMED)
    main = by_key(rows(members(export(households)[1])["formulaire.csv"]))
    assert "size" not in main["uuid:adama"]
    assert (main["uuid:adama"]["household_size"], main["uuid:binta"]["household_size"]) == ("7", "4")
    names = list(main["uuid:adama"])
    assert names.index("old_note") == names.index("household_size") + 1, (
        "a removed question stays near its place"
    )


@pytest.mark.parametrize(
    ("pairs", "code"),
    [
        ({"nothing": "household_size"}, "desk.rename_unknown"),
        ({"chief": "income"}, "desk.rename_both"),
        ({"old_note": "living/member/age"}, "desk.rename_both"),
    ],
)
def test_a_renaming_that_cannot_hold_is_refused(households, pairs, code):
    with pytest.raises(TaamaError) as refused:
        set_renamings(by=OPERATOR, form=households, pairs=pairs)
    assert refused.value.code == code


def test_workbook_in_french_labels(households):
    set_renamings(by=OPERATOR, form=households, pairs=RENAMED)
    book = openpyxl.load_workbook(export(households, "xlsx", labels=True, multiples="both")[1])
    assert book.sheetnames == [
        "formulaire", "member", "illness", "autres_valeurs", "dictionnaire_questions", "dictionnaire_reponses",
    ]  # fmt: skip
    heading, *body = book["formulaire"].iter_rows(values_only=True)
    main = by_key([dict(zip(heading, row, strict=True)) for row in body], "Identifiant de la ligne")
    adama, binta = main["uuid:adama"], main["uuid:binta"]
    assert adama["Chef de ménage"] == "=HYPERLINK(1)"
    assert book["formulaire"].cell(2, heading.index("Chef de ménage") + 1).data_type == "s", (
        "text, not a formula"
    )
    assert (adama["Taille"], adama["Revenu"], adama["Statut"]) == (7, 12.5, "Déplacé")
    assert adama["Arrivée"] == dt.datetime(2026, 2, 28)
    assert adama["start"] == dt.datetime(2026, 3, 1, 9, 0, 0, 500_000)
    assert binta["Statut"] == "host", "a code that no version offers stays"
    assert adama["Besoins"] == "Non alimentaire; Eau et hygiène"
    flags = {name: adama[name] for name in heading if name.startswith("Besoins / ")}
    assert flags == {"Besoins / Vivres": 0, "Besoins / Eau et hygiène": 1, "Besoins / Non alimentaire": 1}
    assert main["uuid:empty"]["Besoins / Vivres"] is None
    assert adama["Revue"] == "Reçu"


def test_the_codebook_explains_columns_and_codes(households):
    files = members(export(households, language="en")[1])
    questions = by_key(rows(files["codebook_questions.csv"]), "column")
    assert questions["old_note"]["versions"] == "1"
    assert questions["chief"]["versions"] == "1 2"
    assert (questions["chief"]["label_fr"], questions["chief"]["label_en"]) == (
        "Chef de ménage",
        "Household head",
    )
    codes = {(r["question"], r["code"]): r["label"] for r in rows(files["codebook_choices.csv"])}
    assert codes["needs", "nfi"] == "Non-food"
    assert codes["status", "host"] == "host"


def test_parquet_keeps_types(households, tmp_path):
    files = members(export(households, "parquet", multiples="both")[1])
    frame = pl.read_parquet(files["formulaire.parquet"])
    adama = frame.row(by_predicate=pl.col("_key") == "uuid:adama", named=True)
    assert adama["needs"] == ["nfi", "wash"]
    assert (adama["needs/nfi"], adama["needs/food"]) == (1, 0)
    assert adama["arrival"] == dt.date(2026, 2, 28)
    assert adama["start"] == dt.datetime(2026, 3, 1, 9, 0, 0, 500_000, dt.UTC)
    assert frame.schema["size"] == pl.Int64
    assert frame.schema["income"] == pl.Float64
    assert pl.read_parquet(files["member.parquet"])["living/member/age"].to_list() == [30, None, 3]


def test_parquet_is_read_by_duckdb(households, tmp_path):
    import duckdb

    for name, content in members(export(households, "parquet", groups=False)[1]).items():
        (tmp_path / name).write_bytes(content)
    people, homes = (
        duckdb.read_parquet(str(tmp_path / f"{name}.parquet")) for name in ("member", "formulaire")
    )
    joined = people.set_alias("m").join(homes.set_alias("f"), "m._parent_key = f._key")
    found = joined.filter("m.age = 30").project("f.chief, m.name, m.age").fetchall()
    assert found == [("=HYPERLINK(1)", "Awa", 30)]


def test_geopackage_has_points_on_the_map(households):
    path = export(households, "gpkg")[1]
    layers = {name for name, _ in pyogrio.list_layers(path)}
    assert {"formulaire", "formulaire path", "member", "illness", "dictionnaire_questions"} <= layers
    meta, _, points, fields = pyogrio.raw.read(path, layer="formulaire")
    keys = list(fields[list(meta["fields"]).index("_key")])
    assert meta["crs"] == "EPSG:4326"
    point = shapely.from_wkb(points[keys.index("uuid:adama")])
    assert (point.x, point.y, point.z) == (-4.2, 14.5, 260)
    assert points[keys.index("uuid:binta")] is None
    _, _, lines, _ = pyogrio.raw.read(path, layer="formulaire path")
    assert [shapely.from_wkb(line).geom_type for line in lines if line is not None] == ["LineString"]
    assert pyogrio.raw.read(path, layer="member")[2] is None


@pytest.mark.parametrize(("format", "read"), [("sav", pyreadstat.read_sav), ("dta", pyreadstat.read_dta)])
def test_statistics_with_labels(households, tmp_path, format, read):
    files = members(export(households, format)[1])
    (tmp_path / "main").write_bytes(files[f"formulaire.{format}"])
    frame, meta = read(tmp_path / "main", output_format="polars")
    key = "key"
    adama = frame.row(by_predicate=pl.col(key) == "uuid:adama", named=True)
    assert meta.column_names_to_labels["chief"] == "Chef de ménage"
    labels = meta.variable_value_labels["status"]
    assert set(labels.values()) == {"Déplacé", "Retourné", "host"}
    assert labels[adama["status"]] == "Déplacé"
    assert (adama["needs_nfi"], adama["needs_food"]) == (1, 0)
    assert meta.variable_value_labels["needs_nfi"] == {0: "non", 1: "oui"}
    assert adama["arrival"] == dt.date(2026, 2, 28)
    assert (adama["size"], adama["income"]) == (7, 12.5)
    book = by_key(rows(files["dictionnaire_questions.csv"]), "question")
    assert book["living/member/illness/what"]["column"] == "living_member_illness_what"


def test_a_text_too_long_for_stata_is_told_whole(households, tmp_path):
    text = "é" * 3000
    send(ADAMA.replace(b"uuid:adama", b"uuid:long").replace(b"=HYPERLINK(1)", text.encode()))
    files = members(export(households, "dta")[1])
    (tmp_path / "main").write_bytes(files["formulaire.dta"])
    frame, _ = pyreadstat.read_dta(tmp_path / "main", output_format="polars")
    assert frame.filter(pl.col("key") == "uuid:long")["chief"].item() == "é" * 1022
    assert [(r["_key"], r["value"]) for r in rows(files["textes_longs.csv"])] == [("uuid:long", text)]


@pytest.mark.parametrize("format", ["csv", "xlsx", "parquet", "gpkg", "sav", "dta"])
def test_an_empty_form_has_headings(publish, format):
    form = publish(FORM_2).form
    asked, path = export(form, format)
    assert asked.state == "done", asked.code
    if format == "csv":
        assert b"_key,_received_at" in members(path)["formulaire.csv"]


def test_filters(households):
    Submission.objects.filter(instance_id="uuid:binta").update(state="withdrawn")
    assert export(households)[0].rows == 2
    assert export(households, filters={"states": ["withdrawn"]})[0].rows == 1
    assert export(households, filters={"versions": ["1"]})[0].rows == 1
    assert export(households, filters={"last_day": "2020-01-01"})[0].rows == 0
    assert export(households, filters={"first_day": "2020-01-01"})[0].rows == 2
    adama = Submission.objects.get(instance_id="uuid:adama")
    Review.objects.create(submission=adama, state=Review.State.APPROVED)
    assert export(households, filters={"review": "approved"})[0].rows == 1
    assert export(households, filters={"review": "received"})[0].rows == 1


def test_an_edit_takes_the_place_of_what_it_edits(households):
    edit = ADAMA.replace(b"<instanceID>uuid:adama</instanceID>",
                         b"<instanceID>uuid:a2</instanceID><deprecatedID>uuid:adama</deprecatedID>")  # fmt: skip
    export(households)
    send(edit.replace(b"<size>7<", b"<size>8<"))
    main = by_key(rows(members(export(households)[1])["formulaire.csv"]))
    assert "uuid:adama" not in main
    assert (main["uuid:a2"]["size"], main["uuid:a2"]["meta/deprecatedID"]) == ("8", "uuid:adama")


def test_each_export_is_journalled(households):
    asked, _ = export(households)
    told = (
        JournalEntry.objects.filter(object_id=str(asked.pk)).order_by("id").values_list("action", flat=True)
    )
    assert list(told) == ["desk.ask_export", "desk.begin_export", "desk.fulfil_export"]


@pytest.mark.parametrize("format", ["parquet", "sav", "dta"])
def test_large_tables_are_written_in_a_process_of_their_own(households, monkeypatch, format):
    small = members(export(households, format)[1])
    monkeypatch.setattr("taama.desk.tasks.statistics.MANY", 0)
    large = members(export(households, format)[1])
    assert set(small) == set(large)
    assert small["formulaire." + format][:4] == large["formulaire." + format][:4]


def test_a_list_in_a_file_gives_its_texts(db):
    source = """
| survey   |                                 |        |           |
|          | type                            | name   | label     |
|          | select_one_from_file places.csv | place  | Localité  |
| settings |                                 |        |           |
|          | form_id                         | version |          |
|          | where                           | 1      |           |
"""
    media = {"places.csv": "name,label\np1,Gossi\np2,Ménaka\n".encode()}
    form = publish_form(by=OPERATOR, source=source.encode(), filename="where.md", media=media).form
    sent = (
        '<data id="where" version="1"><place>{}</place><meta><instanceID>uuid:{}</instanceID></meta></data>'
    )
    send(*(sent.format(place, place).encode() for place in ("p2", "p9")))
    files = members(export(form, labels=True)[1])
    assert {row["Localité"] for row in rows(files["formulaire.csv"])} == {"Ménaka", "p9"}
    told = [
        (row["code"], row["label"]) for row in rows(files["dictionnaire_reponses.csv"]) if row["question"]
    ]
    assert told == [("p2", "Ménaka"), ("p9", "p9")]


def test_codes_of_submissions_outside_the_selection_are_not_told(households):
    """A code that no version offers may be a text that somebody wrote."""
    files = members(export(households, filters={"versions": ["2"]}, multiples="columns")[1])
    assert b"host" in files["dictionnaire_reponses.csv"]
    Submission.objects.filter(instance_id="uuid:binta").update(state="withdrawn")
    files = members(export(households, filters={"versions": ["2"]}, multiples="columns")[1])
    assert not any(b"host" in content for content in files.values())
