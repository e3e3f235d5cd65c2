"""The page that all pages stand on, and the pages for when something went wrong."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import Context
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation
from lxml import html

from taama.base.policy import ANONYMOUS

ERRORS = ["404.html", "500.html", "403.html", "413.html", "403_csrf.html"]


def rendered(name, language="fr", **context):
    request = RequestFactory().get("/areas/?round=72")
    request.viewer, request.resolver_match = ANONYMOUS, None
    with translation.override(language):
        return get_template(name).render(context, request)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_names_its_language_and_its_landmarks(language):
    page = html.fromstring(rendered("base/page.html", language))
    assert page.get("lang") == language
    skip = page.find(".//a[@class='skip']")
    assert page.find(f".//main[@id='{skip.get('href')[1:]}']") is not None
    assert page.find(".//nav").get("aria-label")
    assert page.find(".//meta[@name='viewport']") is not None


def test_the_language_link_comes_back_to_the_same_page():
    page = html.fromstring(rendered("base/page.html", "fr"))
    link = page.find(".//span[@class='language']/a")
    assert link.get("href") == "/in/en?next=/areas/%3Fround%3D72"
    assert link.get("hreflang") == "en"


def test_simulated_pages_say_so_visibly():
    assert "Données simulées" in rendered("base/page.html", simulated=True)
    assert "Simulated data" in rendered("base/page.html", "en", simulated=True)
    assert "Données simulées" not in rendered("base/page.html")


def test_navigation_marks_where_one_is_and_keeps_the_chosen_snapshot(client, db):
    page = html.fromstring(client.get("/snapshots?snapshot=3").content)
    links = {link.text_content(): link for link in page.findall(".//nav[@class='navigation']/a")}
    assert [name for name, link in links.items() if link.get("aria-current")] == ["Instantanés"]
    assert links["Flux"].get("href") == "/flow?snapshot=3"


def test_navigation_shows_only_what_one_may_open(client, db):
    page = html.fromstring(client.get("/snapshots").content)
    assert "Envois" not in [link.text_content() for link in page.findall(".//nav/a")]


@pytest.mark.parametrize("name", ERRORS)
def test_error_pages_speak_both_languages_and_need_no_context(name):
    page = html.fromstring(get_template(name).template.render(Context()))
    languages = [section.get("lang") for section in page.findall(".//section")]
    assert languages == ["fr", "en"]
    assert all(section.find("p").text_content().strip() for section in page.findall(".//section"))


def test_the_page_of_an_error_says_cause_place_and_remedy():
    class Error:
        code, status = "places.no_codes", 400

    context = {
        "error": Error,
        "text": {"cause": "Pas de codes <b>", "remedy": "Nommez-les"},
        "where": {"row": 3},
    }
    page = html.fromstring(rendered("base/error.html", **context))
    assert "Pas de codes <b>" in page.find(".//h1").text_content()
    assert "Nommez-les" in page.text_content() and "Ligne" in page.text_content()


def test_one_small_sheet_without_fonts_or_addresses():
    css = Path(finders.find("base/taama.css")).read_text("utf-8")
    assert len(css.encode()) < 15_000
    assert "@import" not in css and "url(" not in css and "@font-face" not in css
    assert css.count("{") == css.count("}")


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("ink", ["ink", "muted", "blue", "navy", "warm", "fine"])
@pytest.mark.parametrize("ground", ["paper", "ground", "pale", "warm-pale"])
def test_words_can_be_read_on_every_ground(ink, ground):
    css = Path(finders.find("base/taama.css")).read_text("utf-8")
    colours = {
        name: value if len(value) == 7 else "#ffffff"
        for name, value in re.findall(r"--([\w-]+): (#\w+)", css)
    }
    assert contrast(colours[ink], colours[ground]) >= 4.5


def test_health_says_when_nothing_more_can_be_kept(client, db, monkeypatch):
    assert client.get("/health").status_code == 200
    monkeypatch.setattr("taama.base.views.ROOM_NEEDED", 1 << 62)
    answer = client.get("/health")
    assert (answer.status_code, answer.json()) == (503, {"status": "disk full"})
