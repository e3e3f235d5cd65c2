"""Every picture in a real browser, wide and narrow: nothing leaves its frame, no words lie on words."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from django.utils import translation

from tests.figures import drawn_samples

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"
]  # fmt: skip
PAGE = """{% extends "base/page.html" %}{% load figures_tags %}{% block title %}Galerie{% endblock %}
{% block navigation %}<a href="/" aria-current="page">Accueil</a><a href="/">Méthodes</a>{% endblock %}
{% block content %}<h1>Galerie</h1>
<div class="cards">{% for card in cards %}{% include "base/card.html" with label=card.0 value=card.1 range=card.2 change=card.3 doubt=card.4 %}{% endfor %}</div>
<div class="columns"><div>{% picture pictures.symbol_map %}</div><div>{% picture pictures.bars %}{% picture pictures.grades %}</div></div>
{% picture pictures.series %}
<div class="halves"><div>{% picture pictures.rate_map %}</div><div>{% picture pictures.pyramid %}{% picture pictures.shares %}<p>Mopti <span class="spark">{% drawing pictures.spark %}</span> 91 274</p></div></div>
{% picture pictures.days %}{% endblock %}"""
CARDS = (
    ("PDI présentes", "391 961", "369 000 – 417 000", "n.c. : la méthode a changé", "Couverture 61 %"),
    ("Retournés", "615 000", "", "+8 420 (+1,4 %)", ""),
    ("Localités actualisées", "91 %", "1 041 sur 1 144", "", ""),
)
# Boxes of all words of each drawing that is shown, in pixels, and the frame of the drawing.
MEASURE = """() => [...document.querySelectorAll('svg.drawing')].filter(s => s.getBoundingClientRect().width > 0).map(s => {
  const box = e => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom] };
  const words = [...s.querySelectorAll('text')].filter(t => !t.hasAttribute('transform'));
  return { title: s.querySelector('title').textContent, frame: box(s),
           words: words.map(t => [t.textContent, box(t), parseFloat(getComputedStyle(t).fontSize) * s.getBoundingClientRect().width / s.viewBox.baseVal.width]) } })"""


@pytest.fixture(scope="module")
def browser():
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


def gallery(language):
    pictures = {}
    for name, make in drawn_samples.PICTURES.items():
        pictures[name] = replace(
            make(language), narrow="" if name == "spark" else make(language, narrow=True).svg
        )
    with translation.override(language):
        return (
            engines["django"]
            .from_string(PAGE)
            .render({"pictures": pictures, "cards": CARDS, "simulated": True})
        )


def shown(browser, language, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_content(gallery(language))
    page.add_style_tag(path=finders.find("base/taama.css"))
    if folder := os.environ.get("TAAMA_SCREENSHOTS"):
        page.screenshot(path=f"{folder}/gallery-{language}-{width}.png", full_page=True)
    return page


def overlap(a, b):
    wide = min(a[2], b[2]) - max(a[0], b[0])
    high = min(a[3], b[3]) - max(a[1], b[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
    return max(0, wide) * max(0, high) / smaller if smaller > 0 else 0


@pytest.mark.browser
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("width", [1280, 390])
def test_words_stay_in_their_frame_and_off_each_other(browser, language, width):
    page = shown(browser, language, width)
    measured = page.evaluate(MEASURE)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
    assert len(measured) == len(drawn_samples.PICTURES)
    for drawing in measured:
        left, top, right, bottom = drawing["frame"]
        for word, box, size in drawing["words"]:
            inside = (
                box[0] >= left - 1.5
                and box[2] <= right + 1.5
                and box[1] >= top - 1.5
                and box[3] <= bottom + 1.5
            )
            assert inside, (drawing["title"], word, box, drawing["frame"])
            assert size >= 9.5, (drawing["title"], word, size)
        pairs = [(a, b) for n, a in enumerate(drawing["words"]) for b in drawing["words"][:n]]
        assert [(a[0], b[0]) for a, b in pairs if overlap(a[1], b[1]) > 0.25] == [], drawing["title"]
