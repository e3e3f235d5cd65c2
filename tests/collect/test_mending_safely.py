"""Mending uncovers nothing, and what its phone sends after it arrives where it belongs."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from taama.base.errors import NotAllowed, TaamaError
from taama.base.policy import OPERATOR, Standing, Viewer
from taama.collect import queries
from taama.collect.actions.quarantine import mend_quarantined, release_quarantined
from taama.collect.models import Quarantined, Submission
from taama.phones.actions import create_device
from tests.collect.phone import Phone, instance
from tests.collect.test_confidential import FORM, GAO, MOPTI

pytestmark = pytest.mark.django_db
PLAIN = FORM.replace("| S3          |", "| non         |").replace("| count ", "| plain ")
MANAGER = Viewer("signed_in", "u1", (Standing("iom", "data_manager"),))
BOTH = Viewer(
    "signed_in", "u2", (Standing("iom", "data_manager", GAO), Standing("iom", "administrator", MOPTI))
)


def aside(**wanted):
    return Quarantined.objects.get(**{"state": "waiting"} | wanted)


def upload(client, item, raw):
    return client.post(f"/submissions/aside/{item.pk}/mend", {"file": SimpleUploadedFile("mended.xml", raw)})


@pytest.fixture
def phone_of(client, organisation):
    def phone_of(name, area):
        made = create_device(by=OPERATOR, username=name, organisation=organisation, area=area)
        return Phone(client, f"/key/{made.token}")

    return phone_of


# nothing is uncovered


def test_who_may_not_see_what_came_does_not_mend_it_into_another_form(phone, publish, sign_in):
    publish(source=FORM)
    publish(source=PLAIN)
    sent = instance("uuid:2", people=54321, version="9", photo="awa.jpg")
    phone.send(sent, [("awa.jpg", b"face"), ("audit.csv", b"old,answers")])
    item, client = aside(), sign_in("administrator")
    assert upload(client, item, instance("uuid:new", form="plain")).status_code == 403
    administrator = Viewer("signed_in", "u3", (Standing("iom", "administrator"),))
    for mended in (instance("uuid:new", form="plain"), sent.replace(b'"9"', b'"1"')):
        with pytest.raises(NotAllowed):
            mend_quarantined(by=administrator, quarantined=item, raw=mended, reason="x")
    assert not Submission.objects.exists() and aside() == item


@pytest.mark.parametrize(
    "meets", [{"instance_id": "uuid:y", "deprecated": "uuid:m"}, {"instance_id": "uuid:m"}]
)
def test_nobody_mends_into_the_place_of_what_he_may_not_see(mali, phone_of, publish, meets):
    publish(source=FORM)
    phone_of("mopti", MOPTI).send(instance("uuid:m", people=5, photo="awa.jpg"), [("awa.jpg", b"face")])
    phone_of("gao", GAO).send(instance("uuid:x", people=1, version="9"))
    assert not queries.files(BOTH, [Submission.objects.get()])
    with pytest.raises(NotAllowed):
        raw = instance(people=1, photo="awa.jpg", **meets)
        mend_quarantined(by=BOTH, quarantined=aside(), raw=raw, reason="x")
    whole = mend_quarantined(by=BOTH, quarantined=aside(), raw=instance("uuid:x", people=1), reason="x")
    assert whole.instance_id == "uuid:x"


def test_nobody_accepts_an_edit_that_carries_hidden_files_to_where_he_sees_them(
    mali, phone_of, publish, sign_in
):
    publish(source=FORM)
    phone_of("mopti", MOPTI).send(instance("uuid:m", photo="awa.jpg"), [("awa.jpg", b"face")])
    phone_of("gao", GAO).send(instance("uuid:y", version="9", deprecated="uuid:m", photo="awa.jpg"))
    with pytest.raises(NotAllowed) as caught:
        release_quarantined(by=BOTH, quarantined=aside())
    assert caught.value.code == "collect.original_confidential"
    assert queries.hurdle(BOTH, aside()).code == "collect.original_confidential"
    assert release_quarantined(by=MANAGER, quarantined=aside()).attachments.get().filename == "awa.jpg"


def test_what_was_filled_is_not_mended_into_another_form(phone, form, publish):
    publish(source=PLAIN)
    phone.send(instance("uuid:a", version="9"))
    with pytest.raises(TaamaError) as caught:
        mend_quarantined(by=MANAGER, quarantined=aside(), raw=instance("uuid:a", form="plain"), reason="x")
    assert caught.value.code == "collect.mended_other_form"
    phone.send(instance("uuid:b", form="palin"))
    slip = aside(instance_id="uuid:b")
    made = mend_quarantined(by=MANAGER, quarantined=slip, raw=instance("uuid:b", form="plain"), reason="x")
    assert made.form_version.form.form_id == "plain", "a form that nobody published is no form"
