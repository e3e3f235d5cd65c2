"""Why this figure: every kind of figure says what is counted, by whom, where from, how, how sure, what it compares with."""

import html
import re
from datetime import date

import pytest
from django.utils import timezone

from taama.collect.models import Submission
from taama.figures.figure import Coverage
from taama.figures.models import PublishedFigure
from taama.publish.methods.pages import reasons
from taama.publish.methods.phrases import Phrases
from tests.snapshots import COUNTRY, MOPTI, figure

pytestmark = pytest.mark.django_db

PHONE, FILE = "01923ac0-1111-7000-8000-000000000001", "01923ac0-2222-7000-8000-000000000002"
CITED = "CMP, Mali : aperçu sur les mouvements de population, septembre 2024 (reliefweb.int)"
OWN = {"series": "collected", "method": "mobility.stock_totals"}
QUESTIONS = {
    "fr": ("Ce qui est compté", "D'où il vient", "Comment il est calculé", "Quelle confiance lui accorder", "À quoi le comparer"),
    "en": ("What is counted", "Where it comes from", "How it was computed", "How sure it is", "What it can be compared with"),
}  # fmt: skip


def rounds():
    """Two rounds of a collection, with parts, a point, what is hidden and what is unknown."""
    found = []
    for period, day, add in (("2026-1", date(2026, 3, 31), 0), ("2026-2", date(2026, 6, 30), 500)):
        common = {"as_of": day, **OWN}
        people = {"change": {"from": "2026-1", "from_value": 9000, "value": 400, "panel": 12}} if add else {}
        found += [
            figure("idp_present", COUNTRY, period, 9000 + add, sources=(PHONE,), **people, **common),
            figure("idp_households", COUNTRY, period, 1800 + add, unit="households", sources=(PHONE,), **common),
            figure("idp_present", COUNTRY, period, 3000 + add, category={"sex_age": "female_18_59"}, base=8000.0, **common),
            figure("localities_assessed", COUNTRY, period, 12, unit="localities", coverage=Coverage(12, None, "localities"),
                   extra={"cercles": 53, "cercles_planned": 1, "cercles_assessed": 1}, **common),
            figure("idp_present", MOPTI, period, None, marks=frozenset({"suppressed"}), **common),
            figure("flow_people", COUNTRY, f"2026-0{3 if add else 2}", 7000, **common),
        ]  # fmt: skip
    return found


def published():
    return [
        figure("idp_present", COUNTRY, "2023-12-31", 354739, sources=("OIM Mali, communiqué", FILE)),
        figure("idp_present", COUNTRY, "2024-09-30", 378363, sources=(CITED, FILE), extra={"line": 94},
               change={"from": "2023-12-31", "reason": "series.break_household_size", "values": {"earlier": 4.7, "later": 3.6}}),
        figure("idp_households", COUNTRY, "2024-09-30", 105185, unit="households", sources=(CITED, FILE)),
        figure("idp_households", COUNTRY, "2023-12-31", 98000, unit="households", sources=(CITED, FILE)),
        figure("idp_present", MOPTI, "2024-09-30", 71230, sources=("baseline.csv", FILE), extra={"lines": 108}),
    ]  # fmt: skip


@pytest.fixture
def snapshot(publish):
    common = {"sha256": "", "raw": b"x", "received_at": timezone.now()}
    Submission.objects.create(pk=PHONE, instance_id="phone", origin="openrosa", **common)
    Submission.objects.create(pk=FILE, instance_id="file", origin="file", filename="series.csv", **common)
    return publish([*published(), *rounds()])


def page(client, language="fr", **where):
    found = PublishedFigure.objects.get(**where)
    response = client.get(f"/figure/{found.pk}", headers={"accept-language": language})
    text = re.sub(r"<details.*?</details>", "", response.content.decode(), flags=re.DOTALL)
    text = html.unescape(re.sub(r"<[^>]+>", " ", text))
    return " ".join(text.split())


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_kind_of_figure_answers_every_question(client, snapshot, language):
    for found in PublishedFigure.objects.filter(snapshot=snapshot):
        text = page(client, language, pk=found.pk)
        headings = QUESTIONS[language]
        for heading, following in zip(
            headings, [*headings[1:], "Instantané" if language == "fr" else "Snapshot"], strict=True
        ):
            said = text.split(heading, 1)[1].split(following, 1)[0]
            assert len(said.strip()) > 10, (found.key, heading, said)
        assert "{" not in text and "publish." not in text, found.key


def test_no_page_says_that_nothing_came_before_above_the_figure_before(client, snapshot):
    for found in PublishedFigure.objects.filter(snapshot=snapshot):
        text = page(client, pk=found.pk)
        assert not ("premier chiffre" in text and " Avant " in text), found.key


def test_a_part_names_the_total_whose_submissions_it_stands_on(client, snapshot):
    text = page(client, category={"sex_age": "female_18_59"}, period="2026-2")
    assert "Les mêmes envois que PDI présentes (9 500)" in text and "1 envoi du terrain" in text
    assert "répartition connue pour 8 000 personnes sur 9 500 (84 %)" in text
    assert "43,8 % des 8 000 personnes" in text
    assert "la répartition n'est pas connue pour les mêmes lieux" in text and "3 000 cycle 2026-1" in text


def test_a_published_figure_is_from_its_publication_and_not_from_the_field(client, snapshot):
    text = page(client, definition="mobility.idp_present", period="2024-09-30", place=COUNTRY)
    assert "Publié par CMP" in text and "Commission mouvement de populations" in text
    assert (
        "1 fichier importé, ligne 94" in text and "du terrain" not in text and "informateurs clés" not in text
    )
    assert "La publication ne donne ni intervalle" in text


def test_an_imported_table_says_how_many_lines_and_that_nobody_is_named(client, snapshot):
    text = page(client, place=MOPTI, period="2024-09-30")
    assert "108 au total" in text and "ne dit pas qui l'a publié" in text


def test_a_suppressed_figure_tells_no_submissions_and_no_change(client, snapshot):
    text = page(client, place=MOPTI, period="2026-2")
    assert "leur nombre aiderait à deviner" in text and "permettrait de retrouver" in text
    assert "envoi du terrain" not in text and PHONE[-8:] not in text


def test_without_a_plan_the_coverage_is_unknown_and_no_per_cent(client, snapshot):
    text = page(client, definition="mobility.localities_assessed", period="2026-2")
    assert (
        "12 localités, nombre prévu inconnu" in text
        and "100 %" not in text.split("la couverture est inconnue")[0]
    )
    assert "un lieu a été évalué : 1 sur 53" in text


def test_a_region_whose_boundaries_moved_shows_the_figure_that_it_does_not_continue(client, publish):
    moved = {"from": "2022-07-31", "reason": "series.change_common_ground_incomplete",
             "values": {"from_value": 189356, "missing": ["Douentza"], "ground": "Mopti"}}  # fmt: skip
    publish([figure("idp_present", MOPTI, "2023-04-30", 73242, sources=("Journal Tahalil",), change=moved)])
    text = page(client, place=MOPTI)
    assert "Pas avec le chiffre précédent." in text and "189 356 (31 juillet 2022), dans les limites d'alors" in text


def test_households_say_that_the_change_of_people_is_the_one_to_read(client, snapshot):
    text = page(client, definition="mobility.idp_households", period="2024-09-30")
    assert "C'est la variation des personnes qui est publiée" in text and "98 000" in text


@pytest.mark.parametrize(
    ("citation", "who"),
    [
        ("OIM Mali, rapport du suivi des flux n° 53 (dtm.iom.int)", "OIM Mali"),
        ("Studio Tamani (studiotamani.org, article 157320)", ""),
        ("Journal Tahalil (journaltahalil.com)", ""),
        ("DNDS et OIM, DTM Mali, rapport de situation n° 12", "DNDS et OIM"),
    ],
)
def test_who_published_stands_before_the_first_comma_outside_brackets(citation, who):
    words = Phrases("fr", {}, date(2026, 1, 1))
    found = reasons.cited(words, type("F", (), {"sources": [citation]})())[0]
    assert (found.who, found.is_file) == (who, False)
    assert found.title.endswith(citation[-8:])
