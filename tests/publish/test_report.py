"""The situation report: two to four tagged pages, exact, in both languages, silent where nothing can be defended."""

import io
import re
from datetime import date

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from taama.base.errors import TaamaError
from taama.base.policy import ANONYMOUS
from taama.figures.figure import Coverage
from taama.project import assets
from taama.publish.commands import report as command
from taama.publish.methods.situation.document import gathered
from taama.publish.queries.situation import situation
from taama.publish.report.build import report
from tests.snapshots import COUNTRY, GAO, MENAKA, MOPTI, figure, published_series, simulated_round

pytestmark = pytest.mark.django_db
SPACES = re.compile(r"[\u202f\u00a0\s]+")


@pytest.fixture(scope="session", autouse=True)
def fonts():
    assets.build()


def pdf_of(snapshot, language="fr", series=""):
    return PdfReader(io.BytesIO(report(ANONYMOUS, snapshot, language, series)))


def text_of(pdf):
    """The words of a report, a hyphen at the end of a line taken back."""
    text = "\n".join(page.extract_text() for page in pdf.pages)
    return SPACES.sub(" ", text.replace("-\n", ""))


def content_of(snapshot, language="fr", series="dtm_mali"):
    return situation(ANONYMOUS, snapshot, language, series)


def said(content):
    return " ".join(point["text"] for point in content["highlights"])


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("series", ["dtm_mali", "simulated"])
def test_it_has_two_to_four_pages_tagged_and_named(snapshot, language, series):
    pdf = pdf_of(snapshot, language, series)
    root = pdf.trailer["/Root"]
    assert 2 <= len(pdf.pages) <= 4
    assert root["/Lang"] == language and root["/MarkInfo"]["/Marked"].value and "/StructTreeRoot" in root
    assert (
        SPACES.sub(" ", pdf.metadata.title)
        == {"fr": "Mali : rapport de situation n° 1", "en": "Mali: situation report no. 1"}[language]
    )
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value


def test_every_picture_has_words_for_those_who_do_not_see_it(snapshot):
    pdf = pdf_of(snapshot, series="simulated")
    alts = [
        element["/Alt"]
        for element in elements(pdf.trailer["/Root"]["/StructTreeRoot"])
        if element.get("/S") == "/Figure"
    ]
    assert len(alts) >= 2
    assert any("Mopti 24 301" in SPACES.sub(" ", alt) for alt in alts), "the map says its largest values"


def elements(node):
    node = node.get_object()
    if isinstance(node, list):
        return [found for kid in node for found in elements(kid)]
    if not isinstance(node, dict):
        return []
    kids = node.get("/K", [])
    return [node, *(elements(kids) if not isinstance(kids, int) else [])]


def test_figures_are_exact_in_both_languages(snapshot):
    french, english = (text_of(pdf_of(snapshot, language)) for language in ("fr", "en"))
    for number in (378363, 375539, 73242, 82005):
        assert f"{number:,}".replace(",", " ") in french or number == 375539, number
        assert f"{number:,}" in english or number == 375539, number
    assert "30 septembre 2024" in french and "30 September 2024" in english
    assert "reliefweb.int" in french and snapshot.code in french and str(snapshot.pk) in french


def test_a_round_shows_range_coverage_grades_and_parts(snapshot):
    text = text_of(pdf_of(snapshot, series="simulated"))
    for expected in (
        "49 680",
        "46 200 – 53 900",
        "251 localités sur 290",
        "A 62 %",
        "24 310",
        "9 120",
        "187,5",
        "82 jours sur 90",
    ):
        assert expected in text, expected


def test_a_report_of_real_and_invented_figures_says_which_and_is_not_called_simulated(publish):
    invented = {"marks": frozenset({"simulated"}), "sources": ("Essai",)}
    mixed = publish([
        figure("idp_present", COUNTRY, "2024-09-30", 378363, sources=("CMP",)),
        figure("idp_present", GAO, "2024-09-30", 40347, sources=("CMP",)),
        figure("idp_present", MENAKA, "2024-09-30", 12345, **invented),
        figure("returned_idp", COUNTRY, "2024-09-30", 700, **invented),
    ])  # fmt: skip
    content = content_of(mixed)
    assert content["texts"]["simulated"] == "En partie simulé"
    assert {c["label"]: c["simulated"] for c in content["cards"]} == {"PDI présentes": False, "PDI retournées": True}
    text = text_of(pdf_of(mixed))
    assert "en partie simulé" in text.lower() and "tous ses chiffres" not in text


def test_what_is_simulated_says_so_on_every_page(snapshot):
    for language, word in (("fr", "SIMULÉ"), ("en", "SIMULATED")):
        for page in pdf_of(snapshot, language, "simulated").pages:
            assert word in page.extract_text()
    assert "SIMUL" not in text_of(pdf_of(snapshot)).upper()


def test_what_is_too_small_to_publish_is_not_in_it(publish):
    hidden = frozenset({"simulated", "suppressed"})
    shown = [f for f in simulated_round() if f[0].place != MOPTI]
    small = figure("idp_present", MOPTI, "2026-1", 77431, low=77430, high=77439, series="simulated", marks=hidden,
                   as_of=date(2026, 3, 31), change={"from": "2025-2", "from_value": 77432, "value": -1, "percent": -0.1})  # fmt: skip
    snapshot = publish([*shown, small])
    text = text_of(pdf_of(snapshot, series="simulated"))
    assert "77 43" not in text and "non publié" in text
    assert "77" not in re.sub("[^0-9]", "", said(content_of(snapshot, series="simulated")))


def test_no_change_is_stated_where_figures_do_not_compare(publish):
    change = {"from": "2023-04-30", "reason": "mobility.change_series", "values": {}}
    snapshot = publish([figure("idp_present", COUNTRY, "2024-09-30", 378363, change=change)])
    for language, words in (("fr", "non calculée"), ("en", "not computed")):
        content = content_of(snapshot, language)
        assert [point["doubt"] for point in content["highlights"]] == [False, True] and words in said(content)
        assert "%" not in said(content) and "%" not in content["cards"][0]["change"]


def test_a_change_that_compares_is_stated_with_its_panel(publish):
    change = {"from": "2023-12-31", "from_value": 354739, "value": 23624, "percent": 6.66, "panel": 311}
    snapshot = publish([figure("idp_present", COUNTRY, "2024-09-30", 378363, change=change)])
    text = SPACES.sub(" ", said(content_of(snapshot)))
    assert "+23 624 (+6,7 %)" in text and "à périmètre constant, 311 lieux" in text


def regions_of(day, *values, marks=frozenset(), version="2021-12-20"):
    places = (MOPTI, GAO, MENAKA)
    return [
        figure("idp_present", place.partition("@")[0] + "@" + version, day, value, marks=marks)
        for place, value in zip(places, values, strict=False)
    ]


@pytest.mark.parametrize(
    ("regional", "is_said"),
    [
        (regions_of("2024-09-30", 500, 300, 150), True),
        (regions_of("2024-09-30", 300, 200, 150), False),  # the regions make up too little of the whole
        (regions_of("2024-09-30", 700, 290), False),  # too few of them to speak of the largest three
        (regions_of("2024-09-30", 500, 300, 150, marks=frozenset({"stale"})), False),
    ],
)
def test_the_largest_regions_are_named_only_of_a_whole(publish, regional, is_said):
    snapshot = publish([figure("idp_present", COUNTRY, "2024-09-30", 1000), *regional])
    assert ("Mopti, Gao et Ménaka" in said(content_of(snapshot))) is is_said


def test_shares_by_sex_are_said_only_of_complete_groups(publish):
    def drafted(cells):
        found = [figure("idp_present", COUNTRY, "2024-09-30", 1000)]
        for name, value in cells.items():
            marks = frozenset({"suppressed"}) if value is None else frozenset()
            found.append(
                figure(
                    "idp_present",
                    COUNTRY,
                    "2024-09-30",
                    value,
                    category={"sex_age": name},
                    base=1000,
                    marks=marks,
                )
            )
        return said(content_of(publish(found)))

    assert "moins de 18 ans : 40" in SPACES.sub(" ", drafted({"female_5_17": 400, "male_18_59": 600}))
    assert "18 ans" not in drafted({"female_5_17": 400, "male_18_59": None})
    assert "18 ans" not in drafted({"female_5_17": 40, "male_18_59": 60})


def test_low_coverage_is_named(publish):
    found = [
        figure("idp_present", COUNTRY, "2024-09-30", 1000, coverage=Coverage(60, 100, "localities")),
        figure("idp_present", MOPTI, "2024-09-30", 700, coverage=Coverage(50, 60, "localities")),
        figure("idp_present", MENAKA, "2024-09-30", 300, coverage=Coverage(10, 40, "localities")),
    ]
    text = said(content_of(publish(found)))
    assert "Ménaka" in text.partition("Moins de")[2] and "Mopti" not in text.partition("Moins de")[2]


def test_revisions_since_the_snapshot_before_are_listed(publish):
    publish(published_series())
    kept = [f for f in published_series() if f[0].period != "2024-09-30"]
    now = [
        figure("idp_present", COUNTRY, "2024-09-30", 379000),
        figure("repatriate", COUNTRY, "2024-09-30", 90000),
    ]
    content = content_of(publish([*kept, *now]), "en")
    revisions = content["revisions"]
    assert revisions["text"] == "Since S1: 1 figures revised, 1 new, 1 no longer published."
    row = [cell["text"] for cell in revisions["table"]["rows"][0]["cells"]]
    assert row[-2:] == ["378,363", "379,000"]


def test_the_pictures_are_those_of_the_page(client, snapshot):
    page = client.get("/").content.decode()
    content = content_of(snapshot)
    assert content["trend"]["svg"] in page and content["map"]["svg"] in page
    dashboard = client.get("/?series=simulated").content.decode()
    assert content_of(snapshot, series="simulated")["map"]["svg"] in dashboard


def test_the_same_snapshot_gives_the_same_bytes(snapshot):
    assert report(ANONYMOUS, snapshot, "fr") == report(ANONYMOUS, snapshot, "fr")


def test_it_is_served_once(client, snapshot):
    first = client.get(f"/reports/{snapshot.number}.fr.pdf")
    assert first["Content-Type"] == "application/pdf" and first.content.startswith(b"%PDF")
    assert (
        client.get(f"/reports/{snapshot.number}.fr.pdf", headers={"If-None-Match": first["ETag"]}).status_code
        == 304
    )
    assert client.get(f"/reports/{snapshot.number}.en.pdf")["ETag"] != first["ETag"]
    assert client.get("/reports/99.fr.pdf").status_code == client.get("/reports/1.xx.pdf").status_code == 404
    assert client.get("/reports/1.fr.pdf?series=nothing").status_code == 404


def test_the_command_writes_it(snapshot, tmp_path):
    target = tmp_path / "report.pdf"
    done = CliRunner().invoke(command, ["--series", "simulated", "-o", str(target)])
    assert done.exit_code == 0, done.output
    assert "49 680" in text_of(PdfReader(target)) and target.name in done.output


def test_missing_fonts_and_empty_snapshots_are_said(snapshot, publish, settings, tmp_path):
    settings.TAAMA_FONTS_DIR = tmp_path
    with pytest.raises(TaamaError, match="figures.fonts_missing"):
        report(ANONYMOUS, snapshot, "fr")
    with pytest.raises(TaamaError, match="publish.report_empty"):
        report(ANONYMOUS, publish([]), "fr")
    with pytest.raises(TaamaError, match="publish.report_empty"):
        report(ANONYMOUS, publish([figure("idp_present", MOPTI, "2024-09-30", 5)]), "fr")


def test_rounds_of_one_publication_are_cited_together():
    cited = {
        "DTM, cycle 45",
        "HDX",
        "DTM, cycle 43",
        "DTM, cycle 44",
        "DTM, cycle 60",
        "Rapport, 2014",
        "DTM, cycle 62",
    }
    assert gathered(cited) == ["DTM, cycle 43–45, 60, 62", "HDX", "Rapport, 2014"]
