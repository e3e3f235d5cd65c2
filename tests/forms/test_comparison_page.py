"""Two versions side by side: what differs, and what that means for the data."""

import pytest

from taama.base.policy import OPERATOR
from taama.forms.actions.publishing import publish_form
from tests.forms.conftest import GOOD
from tests.forms.seen import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def versions(db):
    """Three versions: a question renamed and a text changed in the second, a choice added in the third."""
    sources = [GOOD.format(form_id="count", version=version) for version in "123"]
    sources[1] = (
        sources[1].replace("| people ", "| number ").replace("Vu ? ", "Constaté de vos propres yeux ?")
    )
    sources[2] = (
        sources[1]
        .replace("version | 2", "version | 3")
        .replace("| 2       |", "| 3       |")
        .replace(
            "|          | oui_non            | non ",
            "|          | oui_non            | nsp     | Ne sait pas | Unknown |\n|          | oui_non            | non ",
        )
    )
    sources[2] = sources[2].replace("| 2 | Comptage", "| 3 | Comptage")
    return [publish_form(by=OPERATOR, source=one.encode(), filename="f.md") for one in sources]


def test_without_choice_the_present_version_is_compared_with_the_one_before(sign_in, versions):
    form = versions[0].form_id
    shown = page(sign_in(), f"/forms/{form}/comparison")
    assert "Choix ajouté à vu : nsp" in shown and "Renommé" not in shown
    assert "Sans conséquence pour les données" in shown


def test_any_two_versions_can_be_chosen_and_what_may_harm_the_data_comes_first(sign_in, versions):
    form, old, new = versions[0].form_id, versions[0].pk, versions[2].pk
    shown = page(sign_in(), f"/forms/{form}/comparison?old={old}&new={new}")
    assert "Renommé, semble-t-il, en number" in shown and "auparavant <code>people</code>" in shown
    assert (
        shown.index("Le sens peut changer")
        < shown.index("Une colonne s'arrête")
        < shown.index("Sans conséquence")
    )
    assert "L'ancienne colonne ne reçoit plus de réponses" in shown


def test_a_version_with_itself_and_a_form_of_one_version_have_nothing_to_tell(sign_in, versions):
    client, form, key = sign_in(), versions[0].form_id, versions[0].pk
    assert "les mêmes mots" in page(client, f"/forms/{form}/comparison?old={key}&new={key}")
    one = publish_form(by=OPERATOR, source=GOOD.format(form_id="other", version=1).encode(), filename="f.md")
    assert "Il n'y a qu'une version" in page(client, f"/forms/{one.form_id}/comparison")


def test_a_draft_is_compared_with_what_phones_have_before_it_is_published(sign_in, bring, versions):
    client = sign_in()
    address = bring(GOOD.format(form_id="count", version="4"))
    assert f'href="{address}comparison"' in page(client, address)
    assert f'href="{address}comparison"' in page(client, f"{address}publish")
    shown = page(client, f"{address}comparison")
    assert "De la version 3, qui est sur les téléphones, à ce brouillon de la version 4" in shown
    assert "auparavant <code>number</code>" in shown and "L'ancienne colonne ne reçoit plus" in shown
    other = bring(GOOD.format(form_id="other", version="1"))
    assert client.get(f"{other}comparison").status_code == 404
