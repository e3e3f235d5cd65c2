"""A submission of a version that is not published here is read with another: said before, and ever after."""

import re

import pytest

from taama.base.policy import OPERATOR
from taama.collect.actions.quarantine import release_quarantined
from taama.collect.models import Quarantined, Submission
from tests.collect.phone import instance

pytestmark = pytest.mark.django_db
TOLD = "rempli avec la version 9, qui n'était pas publiée ici"


def text(answer):
    """What a page says, without markup and with plain spaces."""
    assert answer.status_code == 200, answer.content[:300]
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("&#x27;", "'")
    return re.sub(r"\s+", " ", plain)


def test_both_versions_are_said_before_and_after(phone, publish, sign_in):
    publish("1")
    publish("2")
    phone.send(instance("uuid:a", version="9"))
    phone.send(instance("uuid:b", version="2"))
    item, client = Quarantined.objects.get(), sign_in("data_manager")
    assert "sera lu avec la version 2" in text(client.get(f"/submissions/aside/{item.pk}/"))
    several = client.post("/submissions/aside/settle", {"way": "accept", "key": [str(item.pk)]})
    assert "accepté , lu avec la version 2" in text(several).replace("accepté,", "accepté ,")
    taken = release_quarantined(by=OPERATOR, quarantined=item)
    usual = Submission.objects.get(instance_id="uuid:b")
    for page in ("submissions", "review"):
        said = text(client.get(f"/{page}/{taken.pk}/"))
        assert TOLD in said and "lu avec la version 2" in said
        assert "rempli avec" not in text(client.get(f"/{page}/{usual.pk}/"))


def test_of_a_published_version_nothing_is_said(phone, form, sign_in):
    phone.send(instance("uuid:2", deprecated="uuid:1"))
    item, client = Quarantined.objects.get(), sign_in("data_manager")
    assert "rempli avec" not in text(client.get(f"/submissions/aside/{item.pk}/"))
    taken = release_quarantined(by=OPERATOR, quarantined=item)
    assert "rempli avec" not in text(client.get(f"/submissions/{taken.pk}/"))
