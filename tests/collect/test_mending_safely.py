"""Mending uncovers nothing, and what its phone sends after it arrives where it belongs."""

import os
import time

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from taama.base import files
from taama.base.errors import NotAllowed, TaamaError
from taama.base.policy import OPERATOR, Standing, Viewer
from taama.collect import queries
from taama.collect.actions.quarantine import mend_quarantined, release_quarantined
from taama.collect.actions.removal import withdraw_submission
from taama.collect.commands import submission as command
from taama.collect.models import Attachment, Quarantined, Submission
from taama.collect.views.beside import changed_lines
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


# what its phone sends again


def broken_and_whole(name="uuid:a"):
    whole = instance(name, people=3, photo="a.jpg")
    return whole.replace(b"</meta>", b""), whole


def wrong_and_right_version():
    whole = instance("uuid:a", people=3, photo="a.jpg")
    return whole.replace(b'version="1"><p', b'version="9"><p'), whole


@pytest.mark.parametrize("made", [broken_and_whole, wrong_and_right_version])
def test_a_late_file_of_what_was_mended_comes_to_the_submission(phone, form, made):
    sent, whole = made()
    phone.send(sent)
    taken = mend_quarantined(by=OPERATOR, quarantined=aside(), raw=whole, reason="x")
    answer = phone.send(sent, [("a.jpg", b"late")])
    assert answer.status_code == 201 and "Fichiers reçus en plus" in answer.content.decode()
    assert [(f.filename, f.expected) for f in taken.attachments.all()] == [("a.jpg", True)]
    assert (Quarantined.objects.count(), Attachment.objects.count()) == (1, 1)
    unknown = [(f"{n}.jpg", b"x") for n in range(101)]
    assert phone.send(sent, unknown).status_code == 403, "no more than with any other submission"


def test_a_late_file_of_what_was_mended_and_edited_comes_to_the_edit_too(phone, form):
    sent, whole = broken_and_whole()
    phone.send(sent)
    mend_quarantined(by=OPERATOR, quarantined=aside(), raw=whole, reason="x")
    phone.send(instance("uuid:b", people=4, deprecated="uuid:a", photo="a.jpg"))
    assert phone.send(sent, [("a.jpg", b"late")]).status_code == 201
    assert Submission.objects.get(instance_id="uuid:b").attachments.get().filename == "a.jpg"


def test_what_was_mended_to_another_name_is_not_taken_twice(phone, form, publish):
    sent = instance("uuid:slip", version="2")
    phone.send(sent)
    mend_quarantined(by=OPERATOR, quarantined=aside(), raw=instance("uuid:a"), reason="x")
    publish("2")
    assert phone.send(sent).status_code == 201
    assert Submission.objects.get().instance_id == "uuid:a"


@pytest.mark.parametrize("made", [broken_and_whole, wrong_and_right_version])
def test_what_was_mended_and_withdrawn_waits_when_it_comes_again(phone, form, made):
    sent, whole = made()
    phone.send(sent)
    taken = mend_quarantined(by=OPERATOR, quarantined=aside(), raw=whole, reason="x")
    withdraw_submission(by=OPERATOR, submission=taken, reason="mauvais village")
    assert phone.send(sent, [("a.jpg", b"late")]).status_code == 409
    again = aside()
    assert (again.code, bytes(again.raw)) == ("collect.instance_removed", sent)
    assert again.attachments.get().filename == "a.jpg" and not taken.attachments.exists()
    back = mend_quarantined(by=OPERATOR, quarantined=again, raw=whole, reason="x")
    assert phone.send(sent).status_code == 201 and back.attachments.get().filename == "a.jpg"


def test_what_was_put_aside_costs_ordinary_batches_no_statement(phone, form):
    phone.send(instance("uuid:b", version="9"))
    mend_quarantined(by=OPERATOR, quarantined=aside(), raw=instance("uuid:b"), reason="x")
    with CaptureQueriesContext(connection) as asked:
        phone.send(instance("uuid:a"))
    told = [one["sql"] for one in asked if "collect_quarantined" in one["sql"]]
    assert len(told) == 1 and "UNION ALL" in told[0], told


# the preview


def test_many_changed_lines_are_compared_in_no_time():
    rows = [f"<nom>Awa Traore numero {n} </nom><age>{n}</age>" for n in range(1600)]
    mended = [row.replace("Traore", "Traoré").replace("</", "</ ") for row in rows]
    begun = time.process_time()
    changed, more = changed_lines("".join(rows).encode(), "".join(mended).encode())
    assert time.process_time() - begun < 2
    assert more and changed[:2] == [
        ("-", "<nom>Awa Traore numero 0 </nom>"),
        ("+", "<nom>Awa Traoré numero 0 </ nom>"),
    ]


def test_one_line_changed_among_very_many_is_found():
    rows = [f"<age>{n}</age>" for n in range(50_000)]
    mended = [*rows[:40_000], "<age>x</age>", *rows[40_001:]]
    told = changed_lines("".join(rows).encode(), "".join(mended).encode())
    assert told == ([("-", "<age>40000</age>"), ("+", "<age>x</age>")], False)
    assert changed_lines(b"<a>1</a>\n<b>2</b>", b"<a>1</a>\n<x/>\n<b>2</b>") == ([("+", "<x/>")], False)


def test_a_preview_of_what_was_settled_meanwhile_says_so(phone, form, sign_in):
    phone.send(instance("uuid:1", version="9"))
    item = aside()
    release_quarantined(by=OPERATOR, quarantined=item, reason="x")
    answer = upload(sign_in("data_manager"), item, instance("uuid:1", people=4))
    assert answer.status_code == 409 and "déjà tranché" in answer.content.decode()


def test_a_mended_file_that_nobody_confirms_is_in_no_backup_and_goes_within_the_hour(phone, form, sign_in):
    sent, whole = broken_and_whole()
    phone.send(sent)
    client, item = sign_in("data_manager"), aside()
    foretold = upload(client, item, whole)
    assert list(files.addresses()) == [], "a backup holds what has an address"
    left = next(files._folder("incoming").iterdir())
    then = time.time() - 3700
    os.utime(left, (then, then))
    assert files.sweep_incoming() == 1
    given = {"ticket": foretold.context["ticket"], "reason": "x"}
    assert client.post(f"/submissions/aside/{item.pk}/mend", given).status_code == 400
    given["ticket"] = upload(client, item, whole).context["ticket"]
    assert client.post(f"/submissions/aside/{item.pk}/mend", given).status_code == 302
    assert not list(files._folder("incoming").iterdir()), "confirmed, it stands in the database"


def test_a_command_mends_with_no_larger_file_than_phones_send(phone, form, tmp_path):
    phone.send(broken_and_whole()[0])
    large = tmp_path / "large.xml"
    large.write_bytes(instance("uuid:a", extra="x" * 5_000_000))
    done = CliRunner().invoke(command, ["mend", str(aside().pk), str(large), "--reason", "x"])
    assert done.exception.code == "collect.mended_too_large" and not Submission.objects.exists()


def test_the_bytes_of_several_are_read_one_by_one(phone, form, sign_in):
    for name in ("uuid:1", "uuid:2", "uuid:3"):
        phone.send(instance(name, version="9"))
    keys = [str(key) for key in Quarantined.objects.values_list("pk", flat=True)]
    with CaptureQueriesContext(connection) as asked:
        answer = sign_in("data_manager").post("/submissions/aside/settle", {"way": "accept", "key": keys})
    assert [row[1] for row in answer.context["rows"]] == [None] * 3
    heavy = [
        one["sql"] for one in asked if '"collect_quarantined"."raw"' in one["sql"].partition(" FROM ")[0]
    ]
    assert len(heavy) == 3 and not any(" IN (" in sql for sql in heavy)
