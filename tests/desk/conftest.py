"""A form in two versions with three submissions, in a data folder of its own; and the fixtures of collect."""

import pytest

from taama.base.policy import OPERATOR
from taama.forms.actions.publishing import publish_form
from tests.collect.conftest import (  # noqa: F401  fixtures are found by their names
    attachments_apart,
    french,
    mali,
    new_device,
    organisation,
    phone,
    sign_in,
)
from tests.desk.household import ADAMA, BINTA, EMPTY, FORM_1, FORM_2, send


@pytest.fixture(autouse=True)
def data_apart(settings, tmp_path):
    settings.TAAMA_DATA_DIR = tmp_path


@pytest.fixture
def publish(db):
    def publish(source):
        return publish_form(by=OPERATOR, source=source.encode(), filename="form.md", personal="no")

    return publish


@pytest.fixture
def households(publish):
    publish(FORM_1)
    form = publish(FORM_2).form
    send(ADAMA, BINTA, EMPTY)
    return form
