"""The page to add places: one or a list, all or nothing, every fault in words; only for those who may."""

import pytest
from django.utils import translation

from taama.base.models import Membership, Organisation, User
from taama.base.periods import local_today
from taama.places.models import Locality, Point

LIST = "code\tname\tarea\tlat\tlon\nL-1\tSoyè\tML0501\t14,2\t-3,9\nL-2\tKani\tML0502\t\t\n"
ONE = {"kind": "locality.fraction", "code": "L-9", "name": "Kel Azza", "area": "ML0506@2021-12-20", "lat": "14,5",
       "lon": "-4.2", "opened_on": "2026-01-31"}  # fmt: skip


@pytest.fixture
def sign_in(client, mali):
    """Sign in as somebody with this role; '' is everywhere."""

    def make(role="data_manager", area=""):
        of, _ = Organisation.objects.get_or_create(
            code="dnds", defaults={"name": "DNDS", "kind": "directorate"}
        )
        user = User.objects.create_user(role + area, language="fr")
        Membership.objects.create(user=user, organisation=of, role=role, area=area, from_date=local_today())
        client.force_login(user)
        return client

    with translation.override("fr"):
        yield make


def plain(answer):
    return answer.content.decode().replace("\xa0", " ").replace("\u202f", " ").replace("&#x27;", "'")


def test_one_place_is_entered_as_it_was_filled_in(sign_in):
    client = sign_in()
    done = client.post("/places/add", ONE, follow=True)
    assert "Nouveaux : 1" in plain(done) and "Publiez de nouveau les formulaires" in plain(done)
    place = Locality.objects.get()
    assert (place.code, place.name, place.kind, place.lat, place.opened.isoformat(), place.simulated) == (
        "L-9", "Kel Azza", "fraction", 14.5, "2026-01-31", False,
    )  # fmt: skip


def test_a_point_has_its_directions(sign_in):
    sign_in().post("/places/add", ONE | {"kind": "point.counting", "directions": ["incoming", "internal"]})
    assert Point.objects.get(code="L-9").directions == ["incoming", "internal"]


def test_faults_of_one_place_are_said_and_what_was_typed_stays(sign_in):
    answer = sign_in().post("/places/add", ONE | {"code": "L 9", "lat": "north"})
    text = plain(answer)
    assert answer.status_code == 400 and not Locality.objects.exists()
    assert "ne peut pas être le code d'un lieu" in text and "n'est pas une position" in text
    assert 'value="Kel Azza"' in text and '<option value="locality.fraction" selected>' in text


def test_a_pasted_list_is_checked_then_entered(sign_in):
    client = sign_in()
    checked = client.post("/places/add", {"kind": "locality", "list": LIST, "check": "1"})
    assert "Nouveaux : 2" in plain(checked) and "Rien n'a été enregistré" in plain(checked)
    assert "L-2\tKani" in checked.content.decode() and not Locality.objects.exists()
    client.post("/places/add", {"kind": "locality", "list": LIST, "source": "Mairie"})
    assert {(p.code, p.source) for p in Locality.objects.all()} == {("L-1", "Mairie"), ("L-2", "Mairie")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LIST + "L-2\tKani\tML9999\t1\t1\n", ["<th scope=\"row\" class=\"n\">4</th>", "est déjà à la ligne 3", "n'est pas une unité"]),
        ("", ["Il manque des colonnes"]),
        ("code,name\nL-1,A\n", ["Il manque des colonnes : area, lat, lon"]),
        (LIST.splitlines()[0], ["ne contient aucun lieu"]),
    ],
)  # fmt: skip
def test_a_list_with_faults_is_refused_whole_in_words(sign_in, text, said):
    answer = sign_in().post("/places/add", {"kind": "locality", "list": text})
    assert answer.status_code == 400 and not Locality.objects.exists()
    assert all(words in plain(answer) for words in said)


@pytest.mark.parametrize(
    ("role", "area"), [("partner", ""), ("data_manager", "ML05@2021-12-20"), ("validator", "")]
)
def test_others_neither_see_nor_use_the_page(sign_in, role, area):
    client = sign_in(role, area)
    assert client.get("/places/add").status_code == client.post("/places/add", ONE).status_code == 403
    assert "/places/add" not in client.get("/").content.decode()
    assert not Locality.objects.exists()


def test_strangers_are_asked_who_they_are(client, mali):
    assert client.get("/places/add").url.startswith("/account/login/")


def test_a_code_that_is_known_is_asked_about_before_its_place_changes(sign_in):
    client = sign_in()
    client.post("/places/add", ONE | {"opened_on": "2026-01-02"})
    other = ONE | {"name": "Autre nom", "lat": "", "lon": "", "opened_on": ""}
    answer = client.post("/places/add", other)
    assert (answer.status_code, Locality.objects.get(code=ONE["code"]).name) == (400, ONE["name"])
    assert "déjà enregistré" in answer.content.decode()
    before = Locality.objects.get(code=ONE["code"])
    client.post("/places/add", other | {"change": "1"})
    after = Locality.objects.get(code=ONE["code"])
    assert (after.name, after.lat, after.opened) == ("Autre nom", before.lat, before.opened)
    assert before.lat is not None and before.opened is not None
