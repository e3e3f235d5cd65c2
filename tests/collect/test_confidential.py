"""Confidential answers stay with those who may see them in that area: words, names of files, what checks quote."""

import pytest

from taama.base.models import Membership, User
from taama.base.periods import local_today
from taama.base.policy import OPERATOR, Standing, Viewer
from taama.base.work import run_until_idle
from taama.collect import queries
from taama.collect.models import Quarantined, Submission
from taama.phones.actions import create_device
from tests.collect.phone import Phone, instance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mali", "test_tools")]

GAO, MOPTI = "ML0703@2021-12-20", "ML0507@2021-12-20"
FORM = """
| survey   |         |         |               |             |
|          | type    | name    | label         | sensibilité |
|          | integer | people  | Combien ?     | S3          |
|          | image   | photo   | Photo du site | S3          |
|          | image   | plan    | Plan          | non         |
| settings |         |         |               |             |
|          | form_id | version | form_title    |             |
|          | count   | 1       | Comptage      |             |
"""


@pytest.fixture
def gao(client, organisation, publish):
    """A phone of Gao that sent one that is read, and one that waits."""
    publish(source=FORM, tool="toy")
    device = create_device(by=OPERATOR, username="gao", organisation=organisation, area=GAO)
    phone = Phone(client, f"/key/{device.token}")
    files = [("awa-diallo.jpg", b"face"), ("plan.jpg", b"plan")]
    extra = f"<plan>plan.jpg</plan><area>{GAO}</area>"
    for name, version in (("uuid:1", "1"), ("uuid:2", "9")):
        sent = instance(name, people=54321, version=version, photo="awa-diallo.jpg", extra=extra)
        assert phone.send(sent, files).status_code == 201
    run_until_idle(["derive"])


def sign_in_as(client, settings, organisation, *standings):
    user = User.objects.create_user("someone", password="x" * 20)
    for role, area in standings:
        Membership.objects.create(
            user=user, organisation=organisation, role=role, area=area, from_date=local_today()
        )
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])


def addresses():
    aside = f"/submissions/aside/{Quarantined.objects.get().pk}/"
    return aside, f"/submissions/{Submission.objects.get().pk}/"


def test_who_may_see_them_elsewhere_only_does_not_see_them_here(client, settings, organisation, gao):
    sign_in_as(client, settings, organisation, ("data_manager", MOPTI), ("administrator", GAO))
    for address in addresses():
        page = client.get(address).content.decode()
        assert "plan.jpg" in page
        assert "awa-diallo" not in page and "54321" not in page and "54 321" not in page
    assert client.get(f"{addresses()[0]}xml").status_code == 403
    assert client.get(addresses()[1]).context["findings"] == []


def test_who_may_see_them_here_does(client, settings, organisation, gao):
    sign_in_as(client, settings, organisation, ("data_manager", GAO))
    aside, _ = addresses()
    assert b"awa-diallo.jpg" in client.get(aside).content
    assert b"54321" in client.get(f"{aside}xml").content
    viewer = Viewer("signed_in", "u", (Standing("iom", "data_manager", GAO),))
    assert queries.findings(viewer, Submission.objects.get()).get().code == "toy.large"
