"""An office before its first figures: those who work there read what comes next, with links to what they may do."""

import pytest

from taama.base.models import Membership, Organisation, User
from taama.base.periods import local_today
from taama.base.policy import OPERATOR
from taama.places.actions.country import load_country

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client):
    """The home page as somebody of this role sees it; None is a stranger."""

    def read(role=None):
        if role:
            of, _ = Organisation.objects.get_or_create(code="dnds", defaults={"name": "DNDS", "kind": "directorate"})
            user = User.objects.create_user(role, language="fr")
            Membership.objects.create(user=user, organisation=of, role=role, from_date=local_today())
            client.force_login(user)
        return client.get("/", headers={"Accept-Language": "fr"}).content.decode()

    return read


def test_a_data_manager_is_led_step_by_step_by_links(page):
    text = page("data_manager")
    links = ["/places/add", "/forms/new", "/phones/", "/review/"]
    places = [text.rindex(f'href="{link}"') for link in links]
    assert places == sorted(places)
    assert "taama places load" in text and "taama demo" not in text
    assert text.count("fait</span>") == 1, "the organisation is there, nothing else"
    load_country(by=OPERATOR, folder="mali")
    assert page().count("fait</span>") == 2


def test_who_may_not_do_a_step_reads_it_without_a_link(page):
    text = page("validator")
    assert "Ajouter les localités" in text and 'href="/places/add"' not in text
    assert 'href="/publish"' in text


@pytest.mark.parametrize("role", [None, "partner"])
def test_others_are_told_nothing_of_the_inside(page, role):
    text = page(role)
    assert "taama places load" not in text and "/phones/" not in text
    assert ("/account/login/" in text) == (role is None)


def test_the_demonstration_is_advised_only_where_one_is_shown(page, settings):
    settings.TAAMA_DEMO = True
    assert "taama demo" in page("data_manager")
