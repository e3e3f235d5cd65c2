"""The pages as readers meet them: in both languages, without JavaScript, light, and never saying what must not be said."""

import html
import re
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from taama.base.models import Membership, Organisation, User
from taama.base.policy import WORKER
from taama.base.sensitivity import Class
from taama.collect.models import Finding, Submission
from taama.figures.actions import Basis, keep_working
from taama.figures.figure import Coverage, Figure
from taama.figures.models import PublishedFigure
from taama.forms.models import Form, FormVersion
from taama.places.models import Area, Locality
from taama.review.models import Interview
from tests import snapshots

pytestmark = pytest.mark.django_db

COUNTRY = "MLI@2021-12-20"

OLD_MOPTI, MOPTI = "ML05@2021-12-20", "mopti@2023"
GAO, TENENKOU, DJENNE = "ML07@2021-12-20", "ML0507@2021-12-20", "ML0503@2021-12-20"
SUBMISSION = "01923ac0-1111-7000-8000-000000000001"
HIDDEN = 7777  # the value of a suppressed figure, which nobody may read anywhere
LIGHT = 100_000
VOID = {"meta", "link", "input", "br", "hr", "img"}
BREAK = {
    "on": "2021-10-01", "after": "2021-09-30", "kind": "declared", "code": "series.break_declared",
    "fr": "Vérification porte à porte depuis octobre 2021.", "en": "Door-to-door verification since October 2021.",
}  # fmt: skip
BOUNDARY = {
    "from": "2022-07-31", "reason": "series.change_common_ground_incomplete", "values": {"missing": ["Douentza"]},
}  # fmt: skip


def made(
    definition, place, period, value, *, unit="people", series="dtm_mali", change=None, extra=None, **more
):
    """(Figure, change, extra) as the action takes it."""
    day = more.pop("as_of", None) or date.fromisoformat(period)
    figure = Figure(
        definition=f"mobility.{definition}", place=place, version=place.partition("@")[2], period=period, as_of=day,
        unit=unit, value=value, series=series, **more,
    )  # fmt: skip
    return figure, change, extra or {}


def published():
    """The country before and after a break, a contradiction, two snapshots of Mopti around the reform, flows."""
    cited = {"sources": ("OIM, communiqué d'avril 2022",)}
    rise = {"from": "2020-12-31", "from_value": 332957, "value": 68779, "percent": 20.657}
    broken = {
        "from": "2021-09-30",
        "reason": "series.break_geography",
        "values": {"earlier": "2015", "later": "2021"},
    }
    return [
        made("idp_present", COUNTRY, "2020-12-31", 332957, **cited),
        made("idp_present", COUNTRY, "2021-09-30", 401736, change=rise, **cited,
             extra={"contradicts": [{"value": 398111, "source": "autre page"}]}),
        made("idp_present", COUNTRY, "2021-12-31", 350110, change=broken, extra={"breaks": [BREAK]}, **cited),
        made("idp_present", COUNTRY, "2023-04-30", 80000, **cited),
        made("idp_households", COUNTRY, "2020-12-31", 55000, unit="households"),
        made("idp_households", COUNTRY, "2021-12-31", 100000, unit="households"),
        made("returned_idp", COUNTRY, "2021-09-30", 606617, **cited),
        made("idp_present", OLD_MOPTI, "2022-07-31", 189356, **cited),
        made("idp_present", MOPTI, "2023-04-30", 73242, change=BOUNDARY, **cited),
        made("flow_people", COUNTRY, "2022-03", 42857, as_of=date(2022, 3, 31), **cited),
        made("flow_people", COUNTRY, "2022-03", 24325, as_of=date(2022, 3, 31), category={"direction": "incoming"}, base=42857),
        made("flow_daily_average", COUNTRY, "2022-03", 1382, as_of=date(2022, 3, 31), unit="people_per_day"),
    ]  # fmt: skip


def simulated():
    """Two rounds: a change, one withheld, one cercle carried forward, one too small, one without data."""
    found = []

    def add(definition, place, value, *marks, day=date(2026, 3, 31), period="2026-1", **more):
        more = {"unit": "people", "method": "mobility.stock_totals"} | more
        found.append(made(definition, place, period, value, series="simulated", as_of=day,
                          marks=frozenset({"simulated", *marks}), **more))  # fmt: skip

    grades = {"A": 0.6, "B": 0.2, "C": 0.1, "none": 0.1}
    add("idp_present", COUNTRY, 48000, day=date(2025, 10, 31), period="2025-4")
    add("localities_assessed", COUNTRY, 90, day=date(2025, 10, 31), period="2025-4", unit="localities")
    add("idp_present", COUNTRY, 49680, low=46200, high=53900, grades=grades, sources=(SUBMISSION,),
        coverage=Coverage(250, 290, "localities"),
        change={"from": "2025-4", "from_value": 48000, "value": 1210, "percent": 2.5, "panel": 231})  # fmt: skip
    add("localities_assessed", COUNTRY, 250, unit="localities", coverage=Coverage(250, 290, "localities"),
        method="mobility.coverage", sources=(SUBMISSION,))  # fmt: skip
    for place, value, share in ((OLD_MOPTI, 30000, 0.95), (GAO, 19680, 0.5)):
        change = {"from": "2025-4", "reason": "mobility.change_panel", "values": {}} if share < 0.7 else None
        add(
            "idp_present",
            place,
            value,
            coverage=Coverage(round(100 * share), 100, "localities"),
            change=change,
        )
        add(
            "localities_assessed",
            place,
            round(100 * share),
            unit="localities",
            coverage=Coverage(round(100 * share), 100, "localities"),
        )
    add("idp_present", TENENKOU, 12000, "stale", age_days=200, coverage=Coverage(0, 10, "localities"))
    add("idp_present", DJENNE, HIDDEN, "suppressed", low=HIDDEN, high=HIDDEN, base=HIDDEN)
    add("localities_assessed", TENENKOU, 0, unit="localities", coverage=Coverage(0, 10, "localities"))
    for sex in ("female", "male"):
        for age in ("0_4", "5_17", "18_59", "60_plus"):
            add("idp_present", OLD_MOPTI, 3750, category={"sex_age": f"{sex}_{age}"}, base=30000)
    add("idp_present", OLD_MOPTI, HIDDEN, "suppressed", category={"reason": "natural_disaster"}, base=HIDDEN)
    add("idp_present", OLD_MOPTI, 20000, category={"reason": "conflict"}, base=30000)
    days = {
        "period": "2026-03",
        "unit": "people_per_day",
        "extra": {"days": [12, None, 0, "suppressed"] * 7 + [15] * 3},
    }
    add("flow_daily_average", COUNTRY, 61.5, coverage=Coverage(24, 31, "days"), **days)
    return found


class Checked(HTMLParser):
    """Tags closed in order, identifiers once, no script and no style of its own; keeps links and headings."""

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.links, self.tags = [], set(), set(), []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        assert tag != "script" and "style" not in named and not any(name.startswith("on") for name in named)
        if identifier := named.get("id"):
            assert identifier not in self.ids, identifier
            self.ids.add(identifier)
        if tag == "a" and "href" in named:
            self.links.add(named["href"])
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"{tag} closes {self.open[-3:]}"


@pytest.fixture
def both(publish):
    return publish([*published(), *simulated()], title="Premier")


@pytest.fixture
def manager(client):
    """The client of a data manager."""
    user = User.objects.create_user("awa", password="un mot de passe long")
    office = Organisation.objects.create(code="dnds", name="DNDS", kind="directorate")
    Membership.objects.create(
        user=user, organisation=office, role="data_manager", from_date=date.today() - timedelta(days=1)
    )
    client.force_login(user)
    return client


def figure(snapshot, **where):
    return PublishedFigure.objects.get(snapshot=snapshot, **where)


def addresses(snapshot):
    """One address of every kind of page."""
    why = [("2021-12-31", COUNTRY), ("2023-04-30", MOPTI)]
    pages = ["/", "/?series=simulated", "/?series=simulated&round=2025-4", f"/area/{COUNTRY}", f"/area/{MOPTI}",
             f"/area/{OLD_MOPTI}", "/area/douentza@2023", "/round/2026-1", "/flow", "/snapshots", "/methods"]  # fmt: skip
    pages += [
        f"/figure/{figure(snapshot, period=p, place=k, definition='mobility.idp_present').pk}" for p, k in why
    ]
    return pages + [
        f"/figure/{figure(snapshot, place=DJENNE).pk}",
        f"/figure/{figure(snapshot, place=TENENKOU, unit='people').pk}",
    ]


def texts(client, snapshot, language="fr"):
    for address in addresses(snapshot):
        response = client.get(address, headers={"accept-language": language})
        assert response.status_code == 200, address
        yield address, response.content.decode()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_is_whole_in_both_languages(client, both, language):
    for address, text in texts(client, both, language):
        assert f'<html lang="{language}">' in text
        assert "h1" in Checked(text).tags, address
        told = re.sub(r'<div lang="en">.*?</details>|<code>.*?</code>|id="[^"]*"', "", text, flags=re.S)
        assert re.findall(r"(?:mobility|publish|figures)\.[a-z_]+", told) == [], address


def test_the_languages_differ(client, both):
    french, english = (dict(texts(client, both, language)) for language in ("fr", "en"))
    for address in french:
        assert french[address] != english[address]
    assert "Avant de citer ces chiffres" in french["/"]
    assert "Before you quote these figures" in english["/"]


def test_every_page_is_light_with_its_styles(client, both, settings):
    for address, text in texts(client, both):
        sheets = re.findall(r'href="/static/([^"]+\.css)"', text)
        styles = sum(
            Path(finders.find(sheet) or settings.STATIC_ROOT / sheet).stat().st_size for sheet in sheets
        )
        assert sheets and len(text.encode()) + styles < LIGHT, address


def test_every_picture_has_its_table(client, both):
    seen = 0
    for address, text in texts(client, both):
        for picture in re.findall(r'<figure class="picture.*?</figure>', text, re.S):
            seen += 1
            assert "<table>" in picture and 'role="img"' in picture and "<desc" in picture, address
    assert seen >= 8


def test_every_link_of_a_page_leads_somewhere(client, both):
    found = set()
    for address, text in texts(client, both):
        found |= {
            link if link.startswith("/") else address.partition("?")[0] + link for link in Checked(text).links
        }
    followed = sorted(
        link for link in found if link.startswith("/") and "#" not in link and not link.startswith("/account")
    )
    assert len(followed) > 40
    wrong = {link: code for link in followed if (code := client.get(link).status_code) not in (200, 302)}
    assert wrong == {}


def test_what_is_suppressed_is_never_written(client, both):
    written = re.compile(r"7[\s\u202f\u00a0,.]?777(?!\d)")
    for address, text in texts(client, both):
        visible = re.sub(r"/figure/[0-9a-f-]+|\b[0-9a-f]{8}-[0-9a-f-]+", "", text)
        assert not written.search(visible), address
    hidden = client.get(f"/figure/{figure(both, place=DJENNE).pk}").content.decode()
    assert "non publié" in hidden and "pourraient être reconnues" in hidden


def test_a_boundary_change_is_no_fall(client, both):
    """189,356 in the old Mopti and 73,242 in the new one: both are shown, their difference nowhere."""
    pages = dict(texts(client, both))
    for address in ("/", f"/area/{MOPTI}", f"/area/{OLD_MOPTI}"):
        assert "189\u202f356" in pages[address] and "73\u202f242" in pages[address]
    for text in pages.values():
        assert "116\u202f114" not in text and "61,3" not in text
    assert "il faudrait aussi les chiffres de\u00a0: Douentza" in pages[f"/area/{MOPTI}"]
    assert "Même nom, autre territoire" in pages["/"]


def test_the_new_area_does_not_borrow_what_was_counted_in_the_old_one(client, both):
    """The simulated round was counted in the old Mopti, of which the new one is a part."""
    pages = dict(texts(client, both))
    assert "30\u202f000" in pages[f"/area/{OLD_MOPTI}"]
    assert "30\u202f000" not in pages[f"/area/{MOPTI}"]
    assert "faisait partie de" in pages[f"/area/{MOPTI}"]


def test_home_names_its_doubts(client, both):
    text = client.get("/").content.decode()
    for said in (
        "398\u202f111",
        "Vérification porte à porte depuis octobre 2021",
        "6,1",
        "3,5",
        "(350\u202f110",
    ):
        assert said in text or said == "(350\u202f110", said
    assert "80\u202f000 personnes déplacées internes (30 avril 2023)" in text


def test_simulated_figures_are_called_so(client, both):
    pages = dict(texts(client, both))
    for address in ("/?series=simulated", "/round/2026-1"):
        assert "band-simulated" in pages[address] and "SIMULÉ" in pages[address]
    assert "band-simulated" not in pages["/"]
    block = pages["/"].index('<section class="simulated"')
    assert pages["/"].index("49\u202f680") > block


def test_a_round_tells_what_it_missed(client, both):
    text = client.get("/?series=simulated").content.decode()
    assert "Variation non calculée (1)" not in text  # it is a region, and the list is of cercles
    assert "Chiffre reporté d&#x27;un cycle antérieur (1)" in text and "Ténenkou" in text
    assert "trop peu de personnes se trouvent dans des lieux évalués aux deux cycles" in text
    assert "à périmètre constant, 231 lieux" in text
    assert "Ténenkou" in client.get("/round/2026-1").content.decode()


def test_a_figure_explains_itself(client, both):
    text = client.get(
        f"/figure/{figure(both, period='2026-1', place=COUNTRY, unit='people').pk}"
    ).content.decode()
    for said in (
        "46\u202f200 – 53\u202f900",
        "250 localités sur 290",
        "√Σ",
        "1 envoi du terrain",
        "Ces personnes n&#x27;existent pas",
    ):
        assert said in text, said
    later = client.get(f"/figure/{figure(both, period='2021-12-31', unit='people').pk}").content.decode()
    assert "401\u202f736" in later and "Pas avec le chiffre précédent" in later
    contradicted = client.get(
        f"/figure/{figure(both, period='2021-09-30', definition='mobility.idp_present').pk}"
    )
    assert "398\u202f111" in contradicted.content.decode()


def test_revisions_are_logged_and_the_published_figure_stands(client, both, publish):
    changed = [(f, c, e) for f, c, e in published() if f.period != "2020-12-31"]
    publish([*changed, made("idp_present", COUNTRY, "2020-12-31", 333000)], title="Second")
    old = figure(both, period="2020-12-31", definition="mobility.idp_present")
    text = client.get(f"/figure/{old.pk}").content.decode()
    assert "332\u202f957" in text and "333\u202f000" in text and "révisé" in text
    assert "49\u202f680" in client.get("/?snapshot=1").content.decode()
    assert "49\u202f680" not in client.get("/").content.decode()
    assert client.get("/?snapshot=9").status_code == 404


def sent(key, state="derived"):
    form, _ = Form.objects.get_or_create(
        form_id="location_assessment", defaults={"title": "B2", "sensitivity_class": Class.S2}
    )
    version, _ = FormVersion.objects.get_or_create(
        form=form, version="1", defaults={"xform": b"x", "md5": "0", "published_at": "2026-03-01T00:00Z"}
    )
    return Submission.objects.create(
        id=key, instance_id=f"uuid:{key}", form_version=version, tool="location_assessment", origin="openrosa",
        raw=b"<data/>", sha256="0" * 64, received_at="2026-03-20T10:00Z", state=state, simulated=True,
    )  # fmt: skip


def test_partners_see_more_than_everybody(client, both, manager):
    doubtful = sent(SUBMISSION)
    held = sent("01923ac0-1111-7000-8000-000000000002", "held")
    Finding.objects.create(
        submission=doubtful, level="warning", code="mobility.informants_few", values={"informants": 1}
    )
    Finding.objects.create(submission=held, level="error", code="mobility.negative", values={"value": -3})
    total = f"/figure/{figure(both, period='2026-1', place=COUNTRY, unit='people').pk}"
    theirs = manager.get("/round/2026-1").content.decode(), manager.get(total).content.decode()
    manager.logout()
    public = client.get("/round/2026-1").content.decode(), client.get(total).content.decode()
    assert "00000001" in theirs[1] and "facts rebuild --as-of 1" in theirs[1]
    assert "00000001" not in public[1] and "--as-of" not in public[1]
    assert "Envois douteux" in theirs[0] and "bloqué" in theirs[0] and "00000002" in theirs[0]
    assert "Envois douteux" not in public[0] and "00000002" not in public[0] and "connectez-vous" in public[0]
    Checked(theirs[0])


def test_a_doubt_names_the_place_the_value_and_what_to_do_and_leads_to_the_review(both, manager):
    doubtful, held = sent(SUBMISSION), sent("01923ac0-1111-7000-8000-000000000002", "held")
    Locality.objects.create(code="ML-1", name="Sokoura", area=Area.objects.get(key=DJENNE), source="essai")
    for submission in (doubtful, held):
        Interview.objects.create(
            submission=submission, form=submission.form_version.form, place="ML-1", day=date(2026, 3, 20)
        )
    sizes = {"people": 1, "households": 1, "size": 1.0}
    Finding.objects.create(submission=doubtful, level="warning", code="mobility.household_size", values=sizes)
    Finding.objects.create(submission=held, level="error", code="mobility.reason_missing")
    page = html.unescape(manager.get("/round/2026-1").content.decode())
    assert page.count("Sokoura (Djenné)") == 2
    assert "Personnes\u00a0: 1\u202f; ménages\u00a0: 1" in page and "1 personnes" not in page
    assert "Vérifiez auprès de l'enquêteur" in page and "aucun chiffre n'en tient compte" in page
    assert page.count(f'href="/review/{SUBMISSION}/"') == 1 and f"/submissions/{SUBMISSION}" not in page


def test_working_figures_are_for_those_who_work_on_them(client, both, manager):
    keep_working(
        by=WORKER, figures=[made("idp_present", COUNTRY, "2023-04-30", 81234)], basis=Basis(position=2)
    )
    text = manager.get("/?snapshot=working").content.decode()
    assert "81\u202f234" in text and "Chiffres de travail" in text
    manager.logout()
    assert client.get("/?snapshot=working").status_code == 403
    assert "81\u202f234" not in client.get("/").content.decode()


def test_a_page_is_not_sent_twice(client, both):
    first = client.get("/")
    again = client.get("/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first["Cache-Control"] == "public, max-age=60" and "Cookie" in first["Vary"]
    english = client.get("/", headers={"accept-language": "en", "if-none-match": first["ETag"]})
    assert english.status_code == 200


def test_a_kept_page_gives_way_to_the_next_snapshot(client, both, publish, django_assert_max_num_queries):
    client.get("/")
    with django_assert_max_num_queries(3):
        client.get("/")
    publish([made("idp_present", COUNTRY, "2024-09-30", 378363)])
    assert "378\u202f363" in client.get("/").content.decode()


def test_nothing_of_an_account_is_kept_for_others(both, manager):
    response = manager.get("/")
    assert "private" in response["Cache-Control"] and "public" not in response["Cache-Control"]
    manager.logout()
    assert "awa" not in manager.get("/").content.decode()


def test_the_language_follows_a_link_and_no_other(client, both):
    response = client.get("/in/en?next=/flow")
    assert response["Location"] == "/flow" and "no-cache" in response["Cache-Control"]
    assert "Flow monitoring" in client.get("/flow").content.decode()
    assert client.get("/in/en?next=https://ailleurs.example/").headers["Location"] == "/"
    assert client.get("/in/xx").status_code == 404


def test_before_anything_is_published_the_page_says_so(client, mali):
    response = client.get("/")
    assert response.status_code == 200 and "premier instantané" in response.content.decode()
    assert client.get("/area/nowhere").status_code in (200, 404)


def test_what_is_not_there_is_not_found(client, both):
    for address in ("/area/ML99@2021-12-20", "/round/none", "/?snapshot=abc", "/?series=none"):
        assert client.get(address).status_code == 404, address
    assert client.get(reverse("figure", args=[both.pk])).status_code == 404


def test_what_an_office_collects_never_becomes_the_published_national_figure(client, publish):
    """One village sent by one phone must not read as the country."""
    village = snapshots.figure(
        "idp_present", COUNTRY, "2026-3", 1260, as_of=date(2026, 10, 1), series="collected"
    )
    publish([*snapshots.published_series(), village])
    page = client.get("/", headers={"accept-language": "fr"}).content.decode()
    assert "1\u202f260" not in page
    assert "378\u202f363" in page
    assert "series=collected" in page


def imported():
    """A baseline of a few cercles: too little to speak for a region or the country."""
    return [made("idp_present", TENENKOU, "2026-06-30", 4321), made("idp_present", DJENNE, "2026-06-30", 987)]


def collected():
    """One round of the office's own."""
    day, more = date(2026, 10, 1), {"series": "collected"}
    return [
        made("idp_present", COUNTRY, "2026-3", 5308, as_of=day, **more),
        made("idp_present", GAO, "2026-3", 5308, as_of=day, **more),
        made("localities_assessed", COUNTRY, "2026-3", 2, unit="places", as_of=day, **more),
    ]


IMPORTED, COLLECTED = ("4\u202f321", ">987</a>", f"/area/{TENENKOU}"), ("5\u202f308", f"/area/{GAO}", "/round/2026-3")


@pytest.mark.parametrize(
    "figures, shown, hidden",
    [
        (imported(), IMPORTED, COLLECTED),
        (collected(), COLLECTED, IMPORTED),
        ([*imported(), *collected()], [*IMPORTED, *COLLECTED], []),
    ],
)
def test_home_of_an_office_without_national_series_shows_the_figures_that_there_are(
    client, publish, figures, shown, hidden
):
    publish(figures)
    text = client.get("/", headers={"accept-language": "fr"}).content.decode()
    assert [said for said in shown if said not in text] == []
    assert [said for said in hidden if said in text] == []
    assert "nationaux depuis" not in text and "Avant de citer" not in text


def test_pages_and_answers_travel_packed(client, snapshot):
    """On a weak link a page must not be four times as long as it need be."""
    for address in ("/", "/api/v1/figures"):
        plain = client.get(address)
        packed = client.get(address, headers={"accept-encoding": "gzip"})
        assert packed["Content-Encoding"] == "gzip", address
        assert len(packed.content) < len(plain.content) / 2, address
        again = client.get(address, headers={"accept-encoding": "gzip", "if-none-match": packed["ETag"]})
        assert again.status_code == 304, address
