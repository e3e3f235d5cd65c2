"""Somebody who makes forms, and forms as they come: whole, faulty, of no use."""

import io

import pytest
from django.utils import translation

from taama.base.models import Membership, Organisation, User
from taama.base.periods import local_today
from taama.base.policy import OPERATOR
from taama.base.work import run_until_idle
from taama.forms.actions.publishing import publish_form
from taama.phones.actions import create_device
from tests.collect.phone import Phone

GOOD = """
| survey   |                    |         |                     |             |
|          | type               | name    | label::Français (fr) | label::English (en) |
|          | select_one oui_non | vu      | Vu ?                | Seen?       |
|          | integer            | people  | Combien ?           | How many?   |
| choices  |                    |         |                     |             |
|          | list_name          | name    | label::Français (fr) | label::English (en) |
|          | oui_non            | oui     | Oui                 | Yes         |
|          | oui_non            | non     | Non                 | No          |
| settings |                    |         |                     |             |
|          | form_id            | version | form_title          |             |
|          | {form_id}          | {version} | Comptage          |             |
"""
FAULTY = """
| survey   |          |        |                     |          |
|          | Type     | name   | lable               | relevant |
|          | entier   | people | Combien ?           |          |
|          | numeric  | herds  | Troupeaux ?         | ${peple} > 1 |
|          | tel      | meta   | Téléphone           |          |
| settings |          |        |                     |          |
|          | form_id  | version | form_title         |          |
|          | count    | 1      | Comptage            |          |
"""


@pytest.fixture(autouse=True)
def french():
    with translation.override("fr"):
        yield


@pytest.fixture
def organisation(db):
    return Organisation.objects.create(code="iom", name="OIM", kind="un")


@pytest.fixture
def sign_in(client, organisation, settings):
    def sign_in(role="data_manager", area=""):
        user = User.objects.create_user(f"{role}{area}", password="x" * 20)
        Membership.objects.create(
            user=user, organisation=organisation, role=role, area=area, from_date=local_today()
        )
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return sign_in


@pytest.fixture
def validator(monkeypatch):
    """ODK Validate as it answers; what it says can be changed."""
    answer = {"code": 0, "text": "Xform is valid!"}
    monkeypatch.setattr("taama.forms.tasks.shutil.which", lambda name: "/usr/bin/java")

    def run(xform):
        yield
        return answer["code"], answer["text"]

    monkeypatch.setattr("taama.forms.tasks.run_validator", run)
    return answer


@pytest.fixture
def bring(client, validator):
    """Bring a form as a page does, and let the worker have its turn. Returns the address of the draft."""

    def bring(source, name="form.md", work=True):
        file = io.BytesIO(source if isinstance(source, bytes) else source.encode())
        file.name = name
        answer = client.post("/forms/new", {"file": file})
        assert answer.status_code == 302, answer.content.decode()
        if work:
            run_until_idle(["drafts"])
        return answer["Location"]

    return bring


@pytest.fixture
def new_phone(client, organisation, settings, tmp_path):
    """A phone with an account, of an organisation and an area."""
    settings.TAAMA_ATTACHMENTS_DIR = tmp_path / "attachments"

    def new_phone(name="gao-1", owner=None, area="", team=""):
        made = create_device(
            by=OPERATOR, username=name, organisation=owner or organisation, area=area, team=team
        )
        return Phone(client, f"/key/{made.token}")

    return new_phone


@pytest.fixture
def published(db):
    """A form that phones have."""

    def published(form_id="count", version="1", **options):
        source = GOOD.format(form_id=form_id, version=version).encode()
        return publish_form(by=OPERATOR, source=source, filename=f"{form_id}.md", **options).form

    return published
