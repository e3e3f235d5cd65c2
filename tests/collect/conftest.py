"""A published form and a phone with its account."""

import pytest
from django.utils import translation

from taama.base import registry as sweeps
from taama.base.models import Membership, Organisation, User
from taama.base.periods import local_today
from taama.base.policy import OPERATOR
from taama.facts import registry
from taama.forms.actions.publishing import publish_form
from taama.phones.actions import create_device
from taama.places.actions.country import load_country
from tests.collect.phone import FORM, Phone


@pytest.fixture(autouse=True)
def attachments_apart(settings, tmp_path):
    settings.TAAMA_ATTACHMENTS_DIR = tmp_path / "attachments"


@pytest.fixture(autouse=True)
def french():
    with translation.override("fr"):
        yield


@pytest.fixture
def organisation(db):
    return Organisation.objects.create(code="iom", name="OIM", kind="un")


@pytest.fixture
def new_device(organisation):
    return create_device(by=OPERATOR, username="gao-1", organisation=organisation)


@pytest.fixture
def phone(client, new_device):
    return Phone(client, f"/key/{new_device.token}")


@pytest.fixture
def publish(db):
    def publish(version="1", source=None, **options):
        source = source or FORM.format(version=version)
        return publish_form(by=OPERATOR, source=source.encode(), filename="count.md", **options)

    return publish


@pytest.fixture
def form(publish):
    return publish().form


@pytest.fixture
def sign_in(client, organisation, settings):
    def sign_in(role, area="", name=None):
        user = User.objects.create_user(name or role, password="x" * 20)
        Membership.objects.create(
            user=user, organisation=organisation, role=role, area=area, from_date=local_today()
        )
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return sign_in


@pytest.fixture
def mali(db):
    """The areas of Mali in their versions."""
    return load_country(by=OPERATOR, folder="mali")


@pytest.fixture
def test_tools(tmp_path, settings, monkeypatch):
    """Two toy tools, a lake of their own, and no sweep but the loader's."""
    settings.TAAMA_LAKE = str(tmp_path / "lake")
    monkeypatch.setattr(registry, "_TOOLS", {"files": "tests.collect.files_tool", "toy": "tests.collect.toy"})
    derive = sweeps.Sweep("derive", "taama.collect.tasks.deriving.derive_pending", 1)
    monkeypatch.setattr(sweeps, "_SWEEPS", {"derive": derive})
    registry.tool.cache_clear()
    yield
    registry.tool.cache_clear()
