"""A published form and a phone with its account."""

import pytest
from django.utils import translation

from taama.base.models import Organisation
from taama.base.policy import OPERATOR
from taama.collect.actions.devices import create_device
from taama.collect.actions.forms import publish_form
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
