"""How pages show figures: value, range, marks, change or its reason, picture with its table."""

from datetime import date

import pytest
from django.template import engines
from django.utils import translation
from lxml import html

from taama.figures import draw
from taama.figures.figure import SIMULATED, STALE, SUPPRESSED, Figure
from tests.figures import drawn_samples


def shown(source, language="fr", **context):
    with translation.override(language):
        return engines["django"].from_string("{% load figures_tags %}" + source).render(context)


def figure(value, **more):
    return Figure(
        "mobility.idp_present", "ML05@2021", "2021", "R72", date(2021, 9, 30), "people", value, **more
    )


def test_numbers_follow_the_language_of_the_page():
    assert shown("{{ n|number }}", n=12345) == "12\u202f345"
    assert shown("{{ n|number }}", "en", n=12345) == "12,345"
    assert shown("{{ n|number:1 }} {{ n|percent }} {{ n|percent:1 }}", "en", n=41.26) == "41.3 41% 41.3%"
    assert shown("{{ n|number }}{{ n|percent }}", n=None) == ""


def test_a_value_leads_to_why_and_tells_its_range_and_marks():
    written = shown(
        "{% figure_value f url='/why/1' %}", f=figure(159027.0, low=150000.0, high=170000.0, marks={STALE})
    )
    link = html.fromstring(f"<p>{written}</p>").find(".//a")
    assert link.get("href") == "/why/1" and link.text == "159\u202f027"
    assert "(150\u202f000 – 170\u202f000)" in written
    assert "mark-stale" in written and "Donnée reportée" in written


def test_what_is_suppressed_shows_only_that():
    written = shown(
        "{% figure_value f %}", f=figure(7654.0, low=7000.0, high=8000.0, marks={SUPPRESSED, SIMULATED})
    )
    assert "7" not in written and "non publié" in written


def test_a_change_is_a_number_or_its_reason():
    known = shown("{% change c %}", c={"from": "R71", "value": 8420, "percent": 9.41})
    assert "+8\u202f420 (+9,4\u00a0%)" in known
    fall = shown("{% change c %}", "en", c={"value": -1130})
    assert "\u22121,130" in fall
    refused = shown("{% change c %}", c={"from": "R71", "reason": "figures.mark_no_data", "values": {}})
    assert "n.c." in refused and "Pas de donnée" in refused
    assert shown("{% change c 'percent' %}", c={"value": 2.5}) == '<span class="change">+2,5 points</span>'
    assert shown("{% change c %}", c=None) == ""


@pytest.mark.parametrize("name", drawn_samples.PICTURES)
def test_a_picture_brings_its_table(name):
    picture = drawn_samples.PICTURES[name]()
    page = html.fromstring(shown("{% picture p %}", p=picture))
    table = page.find(".//details//table")
    assert table.find("caption").text == picture.title
    assert [head.text for head in table.findall("thead//th[@scope='col']")] == [
        c.label for c in picture.columns
    ]
    rows = [tuple(cell.text or "" for cell in row) for row in table.findall("tbody/tr")]
    assert rows == list(picture.rows)
    assert len(table.findall("tbody//th[@scope='row']")) == len(picture.rows)
    assert [note.text for note in page.findall(".//ol/li")] == list(picture.notes)
    assert bool(page.find(".//*[@class='mark mark-simulated']") is not None) == picture.simulated


def test_wide_and_narrow_drawings_both_travel():
    both = draw.responsive(
        draw.bars, [draw.Datum(label="Mopti", value=4)], title="PDI", unit="people", language="fr"
    )
    page = html.fromstring(shown("{% picture p %}", p=both))
    assert len(page.findall(".//svg")) == 2
    assert page.find(".//div[@class='for-narrow']") is not None


def test_hostile_words_stay_words_in_the_page():
    bad = "<script>alert(1)</script>"
    picture = draw.bars([draw.Datum(label=bad, value=4, note=bad)], title=bad, unit="people", language="fr")
    assert "<script" not in shown("{% picture p %}", p=picture)
    assert "<script" not in shown("{% figure_value f url=u %}", f=figure(4.0), u='"><script>')
