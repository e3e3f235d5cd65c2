"""The filter by area is turned on while a phone asks a real server again and again: its list is never empty."""

import http.client

import pytest

from tests.collect.phone import VERSION
from tests.collect.serving import Server

pytestmark = pytest.mark.slow

ENTRIES, BATCH = 60, 7
GAO, MOPTI = "ML0703@2021-12-20", "ML0507@2021-12-20"
PREPARE = f"""
import sys, django
django.setup()
from taama.base.models import Organisation
from taama.base.policy import OPERATOR
from taama.base.work import run_until_idle
from taama.entities.actions.importing import import_entries
from taama.entities.actions.lists import create_list
from taama.forms.actions.publishing import publish_form
from taama.phones.actions import create_device
from taama.places.actions.country import load_country
load_country(by=OPERATOR, folder="mali")
kept = create_list(by=OPERATOR, name="people")
lines = [f"00000000-0000-4000-8000-{{n:012d}},P{{n}},{{(['{GAO}', '{MOPTI}'])[n % 2]}}" for n in range({ENTRIES})]
raw = "\\n".join(["name,label,zone", *lines]).encode()
import_entries(by=OPERATOR, entity_list=kept, raw=raw, filename="people.csv", simulated=True)
form = publish_form(by=OPERATOR, source=sys.stdin.read().encode(), filename="visits.md")
owner = Organisation.objects.get(code="iom")
print(create_device(by=OPERATOR, username="team", organisation=owner, area="{GAO}").token, form.pk)
run_until_idle()
"""
FORM = """
| survey   |         |         |              |
|          | type    | name    | label        |
|          | select_one_from_file people.csv | who | Qui ? |
| settings |         |         |              |
|          | form_id | version | form_title   |
|          | visits  | 1       | Visites      |
"""
FILTER = """
import django
django.setup()
from taama.base.policy import OPERATOR
from taama.entities.actions.lists import change_list
from taama.entities.models import EntityList
change_list(by=OPERATOR, entity_list=EntityList.objects.get(), title="", area_property="zone", filtered=True, needs_approval=False)
"""
PLACE_SOME = f"""
import django
django.setup()
from taama.entities.actions import lists
from taama.entities.models import EntityList
from taama.entities.tasks.reading import place
lists.PLACED_AT_ONCE = {BATCH}
place()
print(EntityList.objects.get().placing)
"""


@pytest.fixture
def server(tmp_path):
    server = Server(tmp_path / "office")
    server.start()
    yield server
    server.kill()


def ask(server, address, **headers):
    """(status, ETag, body), as a phone asks."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", address, headers=VERSION | headers)
    answer = connection.getresponse()
    return answer.status, answer.headers["ETag"], answer.read().decode()


def test_a_phone_keeps_its_list_until_all_entries_are_placed(server):
    token, form = server.python(PREPARE, FORM).split()
    list_, manifest = (f"/key/{token}/forms/{form}/{path}" for path in ("lists/people.csv", "manifest"))
    status, before, whole = ask(server, list_)
    assert status == 200 and len(whole.splitlines()) == ENTRIES + 1
    assert before.strip('"') in ask(server, manifest)[2]
    server.python(FILTER)
    rounds, placing = 0, True
    while placing:
        assert ask(server, list_, **{"If-None-Match": before})[0] == 304
        assert ask(server, list_) == (200, before, whole)
        placing = server.python(PLACE_SOME).strip() == "True"
        rounds += 1
    status, after, part = ask(server, list_, **{"If-None-Match": before})
    assert status == 200 and after != before and rounds > ENTRIES // BATCH
    assert len(part.splitlines()) == ENTRIES // 2 + 1 and MOPTI not in part
    assert after.strip('"') in ask(server, manifest)[2]
    assert ask(server, list_, **{"If-None-Match": after})[0] == 304
