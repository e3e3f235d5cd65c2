"""The server that the suite asks: taama, unless BLACKBOX_OFFICE names another adapter as module:Class."""

import os
from importlib import import_module

import pytest

from tests.blackbox.taama_office import TaamaOffice
from tests.blackbox.wire import PICTURES, new_id, xform

DATABASES = ["sqlite", pytest.param("postgres", marks=[pytest.mark.slow, pytest.mark.postgres])]


@pytest.fixture(scope="session", params=["another"] if "BLACKBOX_OFFICE" in os.environ else DATABASES)
def office(request, tmp_path_factory):
    if request.param == "another":
        module, _, name = os.environ["BLACKBOX_OFFICE"].partition(":")
        made = getattr(import_module(module), name)()
    else:
        address = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
        made = TaamaOffice(tmp_path_factory.mktemp("office"), address)
    made.publish(xform("number"))
    made.publish(xform("pictures", questions=PICTURES))
    yield made
    made.stop()


@pytest.fixture
def base(office):
    """The address of a phone with its key."""
    return office.phone.base


@pytest.fixture
def own_form(office):
    """The id of a form that no other test touches."""
    form_id = f"own{new_id()[5:13]}"
    office.publish(xform(form_id))
    return form_id
