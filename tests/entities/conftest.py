"""A form about people that fills a list, a phone, and the worker that reads what it sends."""

from datetime import timedelta

import pytest
from django.utils import timezone

from taama.base.policy import OPERATOR, WORKER
from taama.entities.actions.entries import correct_entry
from taama.entities.actions.reading import apply_overdue
from taama.entities.models import Entity, EntityChange
from taama.entities.tasks import reading
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
from tests.entities.forms import ALL, UUID, person, xform


@pytest.fixture
def publish(db):
    def publish(source, filename="form.xml", **options):
        source = source.encode() if isinstance(source, str) else source
        options = {"personal": "no"} | options
        version = publish_form(by=OPERATOR, source=source, filename=filename, **options)
        work()
        return version

    return publish


@pytest.fixture
def people(publish):
    """A form that makes and changes people."""
    return publish(xform(ALL))


@pytest.fixture
def megan(people, phone):  # noqa: F811  a fixture
    """A person who is there already, in version 1."""
    return make(phone)


def work():
    """All that the worker does at once."""
    while reading.read_recent() + reading.take_imports():
        pass


def place_all():
    """The worker places all entries."""
    while reading.place():
        pass


def make(phone, entity=UUID, label="Johnny Doe", answers=None, **options):  # noqa: F811  not the fixture
    send(
        phone,
        entity=entity,
        create="1",
        label=label,
        answers=answers or {"name": "Johnny", "age": "22"},
        **options,
    )
    return now(entity)


def send(phone, worked=True, **said):  # noqa: F811  not the fixture
    """A phone sends something about a person; the worker reads it."""
    answer = phone.send(person(**said))
    assert answer.status_code == 201, answer.content
    if worked:
        work()
    return answer


def later(days=6):
    """So many days pass."""
    while apply_overdue(by=WORKER, now=timezone.now() + timedelta(days=days)):
        pass


def now(entity=UUID):
    return Entity.objects.filter(name=entity).first()


def at_desk(entity=UUID, **values):
    """Somebody corrects the entry on its page, having read its present version."""
    return correct_entry(by=OPERATOR, entity=now(entity), values=values, seen=now(entity).version)


def held():
    return EntityChange.objects.filter(state="held").count()


def conflicts(entity=UUID):
    """Version → kind of conflict, '' for none, in the order of the versions."""
    from taama.entities.queries.lists import standing

    there = now(entity)
    found = {c.version: str(c.kind) for c in standing(OPERATOR, there).conflicts}
    return [found.get(version, "") for version in range(1, there.version + 1)]
