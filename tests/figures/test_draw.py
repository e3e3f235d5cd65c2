"""What holds for every picture: well-formed, in both languages, the table says what the drawing says, nothing hidden leaks."""

import os
import re
import subprocess
import sys
from datetime import date

import pytest
from lxml import etree

from taama.base.errors import MethodError
from taama.base.messages import message
from taama.figures import draw
from taama.figures.draw.svg import Xml, element
from taama.figures.figure import SIMULATED, SUPPRESSED, Figure
from tests.figures import drawn_samples

SVG = "{http://www.w3.org/2000/svg}"
EVERY = pytest.mark.parametrize("make", drawn_samples.PICTURES.values(), ids=drawn_samples.PICTURES)
LANGUAGE = pytest.mark.parametrize("language", ["fr", "en"])


def root(picture):
    return etree.fromstring(picture.svg.encode(), etree.XMLParser(resolve_entities=False))


def words(picture):
    """Texts that the drawing shows."""
    return [text.text or "" for text in root(picture).iter(f"{SVG}text")]


def cells(picture):
    return [cell for row in picture.rows for cell in row]


def flat(text):
    return re.sub(r"[\s\u202f\u00a0,.]", "", text)


@EVERY
@LANGUAGE
@pytest.mark.parametrize("narrow", [False, True])
def test_a_picture_is_accessible_and_safe_in_a_page_and_a_report(make, language, narrow):
    picture = make(language, narrow=narrow)
    svg = root(picture)
    assert svg.get("viewBox") and svg.get("width") is None
    assert svg.get("role") == "img"
    named = {node.get("id"): node for node in svg.iter() if node.get("id")}
    for identifier in svg.get("aria-labelledby").split():
        assert named[identifier].text.strip()
    assert not [node for node in svg.iter() if node.get("style") or "script" in str(node.tag)]
    assert not [name for node in svg.iter() for name in node.attrib if name.startswith("on")]
    used = set(re.findall(r"url\(#([\w-]+)\)|href=\"#([\w-]+)\"", picture.svg))
    assert {a or b for a, b in used} <= set(named)


@EVERY
def test_two_pictures_of_one_page_share_no_identifier(make):
    def identifiers(picture):
        return {node.get("id") for node in root(picture).iter() if node.get("id")}

    assert (
        not identifiers(make("fr", narrow=False)) & identifiers(make("en", narrow=True))
        or make is drawn_samples.spark
    )
    others = [other for other in drawn_samples.PICTURES.values() if other is not make]
    assert not any(identifiers(make()) & identifiers(other()) for other in others)


@EVERY
@LANGUAGE
def test_table_has_a_cell_for_each_column(make, language):
    picture = make(language)
    assert picture.rows
    assert {len(row) for row in picture.rows} == {len(picture.columns)}


@pytest.mark.parametrize("name", ["symbol_map", "rate_map", "bars", "shares", "pyramid"])
@LANGUAGE
def test_every_value_of_the_drawing_is_in_the_table(name, language):
    picture = drawn_samples.PICTURES[name](language)
    table = {flat(cell) for cell in cells(picture)}
    numeric = [column.numeric for column in picture.columns]
    drawn = {flat(word) for word in words(picture)}
    values = {flat(row[i]) for row in picture.rows for i in (1, 2) if i < len(row) and numeric[i] and i == 1}
    missing = {v for v in values if v not in drawn and not re.search("publi|donn|data|published", v)}
    assert not missing
    shown = {word for word in drawn if re.fullmatch(r"\d{4,}", word)}
    legend = {"50000", "20000", "10000", "5000", "2000", "1000"}
    assert shown - legend <= table


@EVERY
def test_weight(make):
    limit = 25_000 if make in (drawn_samples.symbol_map, drawn_samples.coverage_map) else 12_000
    assert len(make().svg.encode()) < limit


def test_languages_write_numbers_their_way():
    assert "91\u202f274" in cells(drawn_samples.symbol_map("fr"))
    assert "91,274" in cells(drawn_samples.symbol_map("en"))
    assert "91\u202f274" in words(drawn_samples.symbol_map("fr"))
    assert "91,274" in words(drawn_samples.symbol_map("en"))


HOSTILE = "<script>alert('x')</script> & \"D'Ougou\" \x00\ud800 <&\""


def hostile(**more):
    return draw.Datum(label=HOSTILE, value=12, low=10, high=14, note=HOSTILE, **more)


def hostile_pictures():
    square = drawn_samples.square(HOSTILE, -8, 12)
    spot = draw.Spot(label=HOSTILE, value=12, place=HOSTILE, note=HOSTILE)
    options = {"title": HOSTILE, "language": "fr"}
    moment = draw.Moment(label=HOSTILE, value=3, as_of=date(2022, 1, 1), break_note=HOSTILE)
    return [
        draw.symbol_map([spot], [square], unit="people", measure=HOSTILE, heading=HOSTILE, **options),
        draw.rate_map([spot], [square], unit="percent", measure=HOSTILE, **options),
        draw.time_series([moment], unit="people", measure=HOSTILE, **options),
        draw.bars([hostile()], unit="people", measure=HOSTILE, **options),
        draw.share_bars([hostile(base=40)], **options),
        draw.sex_age([draw.AgeGroup(HOSTILE, hostile(), hostile())], unit="people", **options),
        draw.sparkline([moment], unit="people", **options),
        draw.flow_days([draw.PointDays(HOSTILE, {date(2022, 1, 1): 3})], **options),
        draw.grade_strip([(HOSTILE, {"A": 1.0}), (HOSTILE, {"B": 1.0})], **options),
    ]


@pytest.mark.parametrize("number", range(9))
def test_hostile_labels_stay_text(number):
    picture = hostile_pictures()[number]
    svg = root(picture)
    assert not list(svg.iter(f"{SVG}script"))
    assert "<script" not in picture.svg


def test_only_xml_that_we_made_is_taken_as_xml():
    assert element("g", "<b/>") == "<g>&lt;b/&gt;</g>"
    assert element("g", Xml("<b/>")) == "<g><b/></g>"


SECRET = {"value": 8765, "low": 8642, "high": 8999, "base": 98765, "marks": {SUPPRESSED}}


def suppressed_pictures():
    options = {"title": "Titre", "language": "fr"}
    other = draw.Datum(label="Autre", value=20)
    share = draw.Datum(label="Autre", value=20, base=50)
    square = drawn_samples.square("ML01", -8, 12)
    spots = [
        draw.Spot(label="Kayes", place="ML01", **SECRET),
        draw.Spot(label="Gao", value=20, lon=-7, lat=13),
    ]
    moments = [draw.Moment(label="", as_of=date(2022, 1, 1), **SECRET)]
    moments.append(draw.Moment(label="", as_of=date(2022, 2, 1), value=20))
    datum = draw.Datum(label="Kayes", **SECRET)
    return [
        draw.symbol_map(spots, [square], unit="people", **options),
        draw.rate_map(spots[:1], [square], unit="percent", **options),
        draw.time_series(moments, unit="people", **options),
        draw.sparkline(moments, unit="people", **options),
        draw.bars([datum, other], unit="people", **options),
        draw.share_bars([datum, share], **options),
        draw.sex_age([draw.AgeGroup("0–4", datum, other)], unit="people", **options),
    ]


@pytest.mark.parametrize("number", range(7))
def test_what_is_suppressed_appears_nowhere(number):
    picture = suppressed_pictures()[number]
    said = flat(picture.svg + repr(picture.rows) + repr(picture.notes) + repr(picture.remarks))
    assert not [secret for secret in ("8765", "8642", "8999", "98765") if secret in said]
    assert "non publié" in cells(picture)


def test_a_suppressed_day_takes_its_average_with_it():
    days = {date(2022, 3, 1): 20, date(2022, 3, 2): SUPPRESSED, date(2022, 3, 3): 26}
    picture = draw.flow_days([draw.PointDays("Gogui", days, average=17.3)], title="Jours", language="fr")
    assert "17,3" not in picture.svg and "17,3" not in repr(picture.rows)
    assert picture.rows[-1] == ("Moyenne des jours observés", "non publié")


def test_simulated_people_say_so_in_drawing_and_table():
    datum = draw.Datum(label="Mopti", value=20, marks={SIMULATED})
    picture = draw.bars([datum], title="PDI", unit="people", language="fr")
    assert picture.simulated
    assert "SIMULÉ" in words(picture)
    assert "Donnée simulée" in cells(picture)
    honest = draw.bars([draw.Datum(label="Mopti", value=20)], title="PDI", unit="people", language="fr")
    assert "SIMULÉ" not in words(honest)


def test_a_figure_becomes_a_datum_without_what_may_not_be_shown():
    figure = Figure(
        "mobility.idp_present",
        "ML01",
        "2021",
        "R72",
        date(2021, 9, 30),
        "people",
        7.0,
        marks=frozenset({SUPPRESSED}),
    )
    assert draw.Datum.of(figure, "Kayes").value is None


@pytest.mark.parametrize(
    "values", [{"value": -1}, {"value": 5, "low": 6}, {"value": 5, "high": 4}, {"value": float("inf")}]
)
def test_values_outside_their_range_are_refused(values):
    with pytest.raises(MethodError) as raised:
        draw.Datum(label="Mopti", **values)
    assert message(raised.value.code, "fr", raised.value.values).remedy


def test_a_day_counts_no_fewer_than_nobody():
    with pytest.raises(MethodError):
        draw.PointDays("Gogui", {date(2022, 3, 1): -4})


def test_the_same_picture_is_the_same_bytes_in_another_process():
    program = (
        "from taama.figures import draw\n"
        "d = draw.Datum(label='Mopti', value=4, marks={'stale', 'simulated', 'source_withdrawn'})\n"
        "print(draw.bars([d], title='PDI', unit='people', language='fr').svg)"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True
        ).stdout
        for seed in ("1", "2", "3")
    ]
    assert runs[0] and len(set(runs)) == 1


def test_not_a_number_is_no_data():
    picture = draw.bars(
        [draw.Datum(label="Mopti", value=float("nan"))], title="PDI", unit="people", language="fr"
    )
    assert "nan" not in picture.svg
    assert picture.rows[0][1] == "pas de donnée"


def test_shares_need_their_denominator():
    with pytest.raises(MethodError):
        draw.share_bars([draw.Datum(label="Conflit", value=40)], title="Causes", language="fr")
    few = draw.share_bars([draw.Datum(label="Conflit", value=40, base=10)], title="Causes", language="fr")
    assert "sur 10" in words(few)
    assert any("30" in remark for remark in few.remarks)


def test_grades_never_exceed_their_whole():
    with pytest.raises(MethodError):
        draw.grade_strip([("Mopti", {"A": 0.8, "B": 0.4})], title="Cote", language="fr")


def test_zero_and_unobserved_days_differ():
    days = {date(2022, 3, 1): 0, date(2022, 3, 3): 4}
    picture = draw.flow_days([draw.PointDays("Gogui", days)], title="Jours", language="fr")
    assert [row[1] for row in picture.rows[:3]] == ["0", "non observé", "4"]
    assert "Jour non observé" in words(picture) and "Observé, personne n'est passé" in words(picture)
