"""Pages on the quality of collection: what a supervisor sees in a minute, and who sees nothing."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from taama.base import registry as sweeps
from taama.base.policy import OPERATOR, Standing, Viewer
from taama.base.work import run_until_idle
from taama.collect.models import Device
from taama.phones.actions import change_device, create_device
from taama.phones.views.remembered import forget
from taama.places.models import Area, Locality
from taama.review.methods.cutoffs import cut
from taama.review.models import Interview
from taama.review.queries import collecting, reviewing
from tests.collect.phone import Phone, instance
from tests.review.test_review_pages import NAMED, NO_SWEEPS, body

pytestmark = pytest.mark.django_db(transaction=True)
FORM = """
| survey |
| | type | name | label |
| | start | started | |
| | end | ended | |
| | text | enqueteur | Qui ? |
| | text | round | Cycle |
| | select_one_from_file localities.csv | place | Lieu |
| | geopoint | position | Où ? |
| | integer | people | Combien ? |
| settings |
| | form_id | version | form_title |
| | count | 1 | Comptage |
"""
HERE = (16.27, -0.04)


@pytest.fixture
def village(mali):
    area = Area.objects.filter(level=2, version__code="2021-12-20").first()
    return [
        Locality.objects.create(
            code=f"L{n}", name=f"Village {n}", area=area, lat=HERE[0], lon=HERE[1], source="test"
        )
        for n in range(3)
    ]


@pytest.fixture
def send(publish, phone, village, settings, tmp_path, monkeypatch):
    settings.TAAMA_LAKE = str(tmp_path / "lake")
    monkeypatch.setattr(sweeps, "_SWEEPS", NO_SWEEPS)
    publish(source=FORM, media={"localities.csv": b"name,label\nL0,Village 0\nL1,Village 1\n"})

    def send(n, who="awa", place="L0", at=HERE, minutes=30, round="2026-2", by=phone, ago=timedelta(hours=5)):
        # a working hour of the day before or so, so that no test depends on when it runs
        begin = (timezone.now() - ago).replace(hour=10, minute=0) - timedelta(days=1)
        end = begin + timedelta(minutes=minutes)
        extra = (
            f"<started>{begin.isoformat()}</started><ended>{end.isoformat()}</ended><enqueteur>{who}</enqueteur>"
            f"<round>{round}</round><place>{place}</place><position>{at[0]} {at[1]} 0 5</position>"
        )
        by.send(instance(f"uuid:{n}", people=10 + n, extra=extra))
        run_until_idle()
        return Interview.objects.select_related("submission").get(submission__instance_id=f"uuid:{n}")

    return send


def test_what_is_read_of_an_interview(send):
    one = send(1)
    assert (one.enumerator, one.place, one.round, round(one.asked_minutes)) == ("awa", "L0", "2026-2", 30)
    assert one.away_km < 0.1 and not one.clock_wrong


def test_far_from_the_place_it_names(send, sign_in):
    one = send(1, at=(12.64, -8.0))
    assert 800 < one.away_km < 1000
    page = body(sign_in("data_manager").get("/quality/"))
    assert "loin du lieu nommé" in page


def test_the_page_says_what_is_missing_of_the_round(send, sign_in):
    for n, place in enumerate(("L0", "L1", "L2")):
        send(n, place=place, round="2026-1", ago=timedelta(days=90))
    send(9, place="L1")
    client = sign_in("data_manager")
    assert "atteints\u00a0: 1 sur 3" in body(client.get("/quality/"))
    gone = body(client.get("/quality/missing"))
    assert "Village 0" in gone and "Village 2" in gone and "Village 1" not in gone


def test_the_round_before_stands_beside_the_present_one(send, sign_in):
    former = send(1, round="2026-1", ago=timedelta(days=90))
    send(2, place="L1", round="2026-1", ago=timedelta(days=80))
    present = send(960)
    found = reviewing.visit_before(OPERATOR, present.submission)
    assert found == former.submission
    page = body(sign_in("data_manager").get(f"/review/{present.submission_id}/"))
    assert "écart important" in page and ">11<" in page.replace("\n", "")


def test_what_a_team_sent_stays_its_own_when_its_phone_goes_to_another(send, sign_in, organisation, client):
    made = create_device(by=OPERATOR, username="mopti-1", organisation=organisation, team="Mopti-1")
    send(1, by=Phone(client, f"/key/{made.token}"))
    change_device(by=OPERATOR, device=made.device, label="", area="", team="Mopti-2")
    forget(made.token)
    send(2, by=Phone(client, f"/key/{made.token}"))
    page = body(sign_in("data_manager").get("/quality/"))
    assert page.count('class="team"') == 2 and "OIM · Mopti-1" in page and "OIM · Mopti-2" in page


def test_two_teams_are_told_apart_and_each_enumerator_has_a_line(send, sign_in, organisation, client):
    other = create_device(by=OPERATOR, username="mopti-1", organisation=organisation, area="ML05@2021-12-20")
    for n in range(3):
        send(n, who="awa")
        send(10 + n, who="ali", by=Phone(client, f"/key/{other.token}"))
    signed = sign_in("data_manager")
    page = body(signed.get("/quality/"))
    assert page.count('class="team"') == 2 and "OIM (" in page
    lines = body(signed.get("/quality/by/who", {"form": "count"}))
    assert "awa" in lines and "ali" in lines
    assert body(signed.get("/quality/by/day", {"form": "count"})).count('<th scope="row">') == 1
    assert signed.get("/quality/by/nothing").status_code == 404


@pytest.mark.parametrize("role", ["information_officer", "administrator", "partner", "validator"])
def test_who_does_not_supervise_learns_nothing_of_enumerators(send, sign_in, role):
    one = send(1)
    client = sign_in(role)
    for address in ("/quality/", "/quality/by/who", "/quality/by/day", "/quality/missing"):
        assert client.get(address).status_code == 403
    answer = client.get("/review/")
    if answer.status_code == 200:
        assert "awa" not in body(answer)
        assert "awa" not in body(client.get(f"/review/{one.submission_id}/")).partition("Réponses")[0]
        assert "1 envoi correspond" in body(client.get("/review/?enumerator=nobody")), (
            "nor by looking for one"
        )


@pytest.mark.parametrize("role", ["data_manager", "information_officer"])
def test_how_an_interview_was_made_is_shown_to_who_supervises_only(send, sign_in, role):
    far = send(1, at=(12.64, -8.0))
    ahead = send(2, ago=timedelta(days=-5))
    supervises = role == "data_manager"
    client = sign_in(role)
    pages = [body(client.get(f"/review/{one.submission_id}/")) for one in (far, ahead)]
    assert all("Réponses" in page for page in pages)
    assert ("30 min" in pages[0].replace("\u00a0", " ")) == supervises
    assert (
        "l'horloge du téléphone est fausse" in pages[1].replace("’", "'").replace("&#x27;", "'")
    ) == supervises
    assert ("l5 9h-10z" in pages[0]) == supervises, "the triangle of a place too far"


def test_the_cut_offs_in_sentences_are_those_of_the_parameters(send, sign_in, monkeypatch):
    send(1, at=(12.64, -8.0))
    monkeypatch.setattr(
        "taama.review.views.quality.cut", lambda name, day: 37 if name == "away_km" else cut(name, day)
    )
    client = sign_in("data_manager")
    for address in ("/quality/", "/quality/by/who"):
        assert "plus de 37 km du lieu nommé" in body(client.get(address)).replace("\u00a0", " ")


def test_a_supervisor_of_another_area_sees_no_enumerator_of_this_one(send, sign_in):
    send(1)
    assert "awa" not in body(
        sign_in("data_manager", area="ML07@2021-12-20").get("/quality/by/who?form=count")
    )


def test_a_copy_is_seen_and_an_edit_is_none(publish, phone, settings, tmp_path, monkeypatch):
    settings.TAAMA_LAKE = str(tmp_path / "lake")
    monkeypatch.setattr(sweeps, "_SWEEPS", NO_SWEEPS)
    rows = "\n".join(f"| | text | q{n} | Q{n} |" for n in range(25))
    publish(
        source=f"| survey |\n| | type | name | label |\n{rows}\n| settings |\n| | form_id | version |\n| | count | 1 |"
    )
    same = "".join(f"<q{n}>x{n}</q{n}>" for n in range(25))
    phone.send(instance("uuid:1", extra=same))
    run_until_idle()
    phone.send(instance("uuid:2", extra=same, deprecated="uuid:1"))
    run_until_idle()
    assert Interview.objects.get(submission__instance_id="uuid:2").alike_percent is None
    phone.send(instance("uuid:3", extra=same.replace("x0<", "y<")))
    run_until_idle()
    copy = Interview.objects.get(submission__instance_id="uuid:3")
    assert copy.alike_percent == 96 and copy.twin.instance_id == "uuid:2"


def test_nothing_collected_yet_is_said(sign_in, form):
    assert "Rien n'a encore été collecté" in body(sign_in("data_manager").get("/quality/"))


def test_nonsense_in_the_address_breaks_nothing(send, sign_in):
    send(1)
    page = sign_in("data_manager").get("/quality/?form=zz&round=9&first=x&last=2026-13-01&area=%27&team=%00")
    assert page.status_code == 200


def test_work_figures_stay_where_one_supervises(send, organisation):
    """A data manager of Mopti who may read all submissions as information officer supervises in Mopti only."""
    send(1, who="awa")
    run_until_idle(["look"])
    form = Interview.objects.get().form
    everywhere = Viewer("signed_in", "u", (Standing("o", "data_manager"),))
    of_mopti = Viewer(
        "signed_in",
        "u",
        (Standing("o", "data_manager", "ML05@2021-12-20"), Standing("o", "information_officer")),
    )
    assert reviewing.enumerators(everywhere, form) == ["awa"]
    assert collecting.last_day(everywhere, form) is not None
    assert reviewing.enumerators(of_mopti, form) == []
    assert collecting.collected_forms(of_mopti) == []
    assert collecting.last_day(of_mopti, form) is None


def test_who_has_pictures_still_to_send_is_told(publish, phone, sign_in, monkeypatch):
    monkeypatch.setattr(sweeps, "_SWEEPS", NO_SWEEPS | {"named": NAMED})
    publish(
        source=FORM.replace("| settings |", "| | image | photo | Photo |\n| settings |"),
        media={"localities.csv": b"name,label\n"},
        personal="no",
    )
    one = "<enqueteur>{}</enqueteur>"
    phone.send(instance("uuid:1", photo="a.jpg", extra=one.format("awa")))
    phone.send(instance("uuid:2", photo="b.jpg", extra=one.format("ali")), [("b.jpg", b"x")])
    run_until_idle()
    client = sign_in("data_manager")
    assert "est pas arrivé\u00a0: 1 sur 2" in body(client.get("/quality/"))
    by = {name: client.get(f"/quality/by/{name}").context["rows"] for name in ("who", "phone", "day")}
    assert {row.key: row.awaited for row, _ in by["who"]} == {"awa": 1, "ali": 0}
    assert [(row.key, row.awaited) for row, _ in by["phone"]] == [(Device.objects.get().username, 1)]
    assert [row.awaited for row, _ in by["day"]] == [1]
    listed = client.get("/review/?findings=files").context["rows"]
    assert [row["submission"].instance_id for row in listed] == ["uuid:1"]


def test_of_a_form_that_tells_no_area_the_phones_counts(send, sign_in, organisation, client):
    other = create_device(by=OPERATOR, username="mopti-1", organisation=organisation, area="ML05@2021-12-20")
    send(1)
    send(2, by=Phone(client, f"/key/{other.token}"))
    signed = sign_in("data_manager")
    assert "1 envoi correspond" in body(signed.get("/review/?area=ML05@2021-12-20"))
    teams = signed.get("/quality/", {"form": "count", "area": "ML05@2021-12-20"}).context["teams"]
    assert [team.count for team, _ in teams] == [1]


def test_refusals_are_shown_and_how_they_are_found(send, publish, phone, sign_in):
    send(1)
    client = sign_in("data_manager")
    assert "non comptés, car le formulaire" in body(client.get("/quality/"))
    asking = FORM.replace("| | text | round", "| | text | accord | D'accord ? |\n| | text | round")
    media = {"localities.csv": b"name,label\nL0,Village 0\n"}
    publish(source=asking.replace("| count | 1", "| count | 2"), media=media)
    told = "<enqueteur>awa</enqueteur><accord>Non</accord><round>2026-2</round>"
    phone.send(instance("uuid:5", version="2", extra=told))
    run_until_idle()
    assert Interview.objects.get(submission__instance_id="uuid:5").refused
    page = body(client.get("/quality/"))
    assert re.search(r"la question «\saccord\s» est non", page) and "consentement non donné" in page
    for what in ("who", "day"):
        assert 'data-label="Refusés">1<' in body(client.get(f"/quality/by/{what}"))
    client.post("/review/forms/count", {"consent_question": "people"})
    run_until_idle()
    assert not Interview.objects.filter(refused=True).exists(), "read again with the question that was named"
    assert re.search(r"la question «\speople\s» est non", body(client.get("/quality/")))
    assert 'value="people"' in body(client.get("/review/forms/count"))
