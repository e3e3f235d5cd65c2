"""What becomes of what phones send: nothing is lost, nothing is twice, nothing is refused into the void."""

import re

import pytest
from django.db import OperationalError, connection

from taama.base import journal
from taama.base.files import path_of
from taama.base.models import JournalEntry
from taama.base.policy import OPERATOR, WORKER
from taama.collect.actions import known
from taama.collect.actions.removal import erase_submission, withdraw_submission
from taama.collect.models import Attachment, Quarantined, Submission
from taama.collect.queries import loose_edits
from taama.forms.actions.publishing import close_form
from tests.collect.phone import BOUNDARY, instance, multipart, sha256, text

pytestmark = pytest.mark.django_db


def the(instance_id):
    return Submission.objects.get(instance_id=instance_id)


def put_aside():
    return sorted(Quarantined.objects.values_list("code", flat=True))


# accepted


def test_a_submission_is_kept_byte_for_byte_with_who_sent_it(phone, form, new_device):
    xml = instance("uuid:a")
    answer = phone.send(xml, query="?deviceID=collect%3Axyz")
    assert answer.status_code == 201
    assert text(answer) == "Envoi reçu."
    kept = the("uuid:a")
    assert bytes(kept.raw) == xml
    assert kept.sha256 == sha256(xml)
    assert (kept.device, kept.client_device) == (new_device.device, "collect:xyz")
    assert kept.form_version == form.versions.get()
    entry = JournalEntry.objects.get(action="collect.receive", object_id=str(kept.pk))
    assert (entry.actor_kind, entry.actor) == ("device", str(new_device.device.pk))
    assert entry.digest == kept.sha256


def test_the_same_again_is_no_error_and_nothing_twice(phone, form):
    xml = instance("uuid:a")
    answers = [phone.send(xml) for _ in range(3)]
    assert [a.status_code for a in answers] == [201, 201, 201]
    assert Submission.objects.count() == 1
    assert JournalEntry.objects.filter(action="collect.receive").count() == 1
    assert put_aside() == []


@pytest.mark.parametrize(
    "wrapped",
    [
        '<orx:meta xmlns:orx="http://openrosa.org/xforms"><orx:instanceID>uuid:n</orx:instanceID></orx:meta>',
        '<meta xmlns="http://openrosa.org/xforms"><instanceID> uuid:n </instanceID></meta>',
    ],
)
def test_the_identity_is_found_in_every_namespace(phone, form, wrapped):
    xml = f'<data id="count" version="1"><people>3</people>{wrapped}</data>'.encode()
    assert phone.send(xml).status_code == 201
    assert the("uuid:n")


def test_an_instance_without_identity_gets_one_made_of_its_bytes(phone, form):
    xml = instance("")
    first, again = phone.send(xml), phone.send(xml)
    assert (first.status_code, again.status_code) == (201, 201)
    kept = Submission.objects.get()
    assert kept.instance_id.startswith("uuid:")
    assert kept.instance_id in text(first)
    assert "pas d'identifiant" in text(first)


def test_a_clock_of_twelve_hours_does_not_matter(phone, form):
    for date in ("Mon, 23 Nov 2026 03:14:05 PM GMT", "lun., 23 nov. 2026 11:00:00 UTC", "1970"):
        assert phone.send(instance(), Date=date).status_code == 201


# files


def test_files_are_kept_under_their_hash_and_named_as_sent(phone, form):
    photo, other = b"\xff\xd8photo", b"unnamed in the form"
    xml = instance("uuid:a", photo="une école – 1.jpg")
    assert phone.send(xml, [("une école – 1.jpg", photo), ("audit.csv", other)]).status_code == 201
    kept = {a.filename: a for a in the("uuid:a").attachments.all()}
    assert set(kept) == {"une école – 1.jpg", "audit.csv"}
    assert path_of(kept["une école – 1.jpg"].sha256).read_bytes() == photo
    assert kept["une école – 1.jpg"].expected
    assert not kept["audit.csv"].expected


def test_a_submission_in_several_requests_gathers_its_files(phone, form):
    xml = instance("uuid:a", photo="3.jpg")
    sendings = [[("1.jpg", b"1"), ("2.jpg", b"2")], [("3.jpg", b"3")]]
    first = phone.send(xml, sendings[0], [("*isIncomplete*", "yes")])
    second = phone.send(xml, sendings[1])
    assert (first.status_code, second.status_code) == (201, 201)
    # the network failed before the phone heard the answer: it begins again from the first request
    phone.send(xml, sendings[0], [("*isIncomplete*", "yes")])
    phone.send(xml, sendings[1])
    assert sorted(the("uuid:a").attachments.values_list("filename", flat=True)) == ["1.jpg", "2.jpg", "3.jpg"]


def test_a_hundred_and_one_files_in_one_request(phone, form):
    files = [(f"{n}.jpg", f"content {n}".encode()) for n in range(101)]
    named = "".join(f"<photo>{name}</photo>" for name, _ in files)
    assert phone.send(instance("uuid:a", extra=named), files).status_code == 201
    assert the("uuid:a").attachments.count() == 101
    assert all(
        path_of(a.sha256).read_bytes() == f"content {a.filename[:-4]}".encode()
        for a in Attachment.objects.all()
    )


@pytest.mark.parametrize("version", ["1", "9"])
def test_files_that_the_instance_does_not_name_are_kept_up_to_a_hundred(phone, form, version):
    xml = instance("uuid:a", photo="a.jpg", version=version)
    unknown = [(f"{n}.jpg", f"content {n}".encode()) for n in range(101)]
    assert phone.send(xml, unknown[:60]).status_code == 201
    assert phone.send(xml, unknown[:100]).status_code == 201
    refused = phone.send(xml, unknown[100:])
    assert refused.status_code == 403 and "ne nomme pas" in text(refused) and "100" in text(refused)
    assert phone.send(xml, [*unknown[:100], ("a.jpg", b"named")]).status_code == 201
    assert Attachment.objects.count() == 101


def test_a_further_file_is_said_to_be_received(phone, form):
    xml = instance("uuid:a", photo="a.jpg")
    phone.send(xml)
    assert "Fichiers reçus en plus : 1." in text(phone.send(xml, [("a.jpg", b"photo")])).replace("\xa0", " ")
    assert text(phone.send(xml, [("a.jpg", b"photo")])) == "Envoi déjà reçu, rien n'est en double."


def test_two_files_of_one_name_are_both_kept(phone, form):
    xml = instance("uuid:a", photo="a.jpg")
    phone.send(xml, [("a.jpg", b"blurred")])
    phone.send(xml, [("a.jpg", b"sharp")])
    assert {a.sha256 for a in the("uuid:a").attachments.all()} == {sha256(b"blurred"), sha256(b"sharp")}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("é" * 300 + ".jpg", "é" * 246 + ".jpg"),
        ("../../../etc/passwd", "passwd"),
        ("C:\\photos\\a.jpg", "a.jpg"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("..", "file"),
        ("اسم.jpg", "اسم.jpg"),
    ],
)
def test_names_are_made_safe_and_stay_readable(phone, form, sent, kept):
    assert phone.send(instance("uuid:a"), [(sent, b"x")]).status_code == 201
    assert the("uuid:a").attachments.get().filename == kept


def test_a_name_in_latin_letters_is_understood(phone, form):
    body = multipart(instance("uuid:a"), [("NAME", b"x")]).replace(b"NAME", "école.jpg".encode("latin-1"))
    assert phone.post(body).status_code == 201
    assert the("uuid:a").attachments.get().filename == "école.jpg"


def test_a_name_written_as_the_standard_wants_is_understood(phone, form):
    body = multipart(instance("uuid:a"), [("NAME", b"x")])
    body = body.replace(b'filename="NAME"', b"filename*=UTF-8''%C3%A9cole.jpg")
    assert phone.post(body).status_code == 201
    assert the("uuid:a").attachments.get().filename == "école.jpg"


def test_a_file_that_holds_the_boundary_almost_is_whole(phone, form):
    content = f"\r\n--{BOUNDARY[:-1]}\r\n--\r\n\r\n-".encode() * 3000
    assert phone.send(instance("uuid:a"), [("a.bin", content)]).status_code == 201
    assert path_of(the("uuid:a").attachments.get().sha256).read_bytes() == content


def test_an_empty_file_is_kept_too(phone, form):
    assert phone.send(instance("uuid:a"), [("empty.csv", b"")]).status_code == 201
    assert the("uuid:a").attachments.get().bytes == 0


# put aside: answered 201, kept, explained


@pytest.mark.parametrize(
    ("xml", "code", "word"),
    [
        (instance(form="unknown"), "collect.form_unknown", "unknown"),
        (instance(version="99"), "collect.version_unknown", "99"),
        (instance(deprecated="uuid:nobody"), "collect.edit_of_unknown", "modifie"),
        (b"<data id='count'><people>", "collect.xml_unreadable", "XML"),
        (b"\x00\x01\x02", "collect.xml_unreadable", "XML"),
        (b"<data><people>3</people></data>", "collect.form_not_named", "quel formulaire"),
    ],
)
def test_what_cannot_be_accepted_is_received_and_put_aside(phone, form, xml, code, word):
    answers = [phone.send(xml, [("a.jpg", b"photo")]) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201]
    assert "mis de côté" in text(answers[0])
    assert word in text(answers[0])
    aside = Quarantined.objects.get()
    assert (aside.code, bytes(aside.raw), aside.sha256) == (code, xml, sha256(xml))
    assert path_of(aside.attachments.get().sha256).read_bytes() == b"photo"
    assert not Submission.objects.exists()


def test_a_closed_form_puts_new_answers_aside_but_takes_edits_and_resends(phone, form):
    old = instance("uuid:old")
    phone.send(old)
    close_form(by=OPERATOR, form=form)
    assert phone.send(instance("uuid:new")).status_code == 201
    assert phone.send(instance("uuid:edit", people=4, deprecated="uuid:old")).status_code == 201
    assert phone.send(old, [("late.jpg", b"late")]).status_code == 201
    assert put_aside() == ["collect.form_closed"]
    assert the("uuid:old").state == "replaced"
    assert the("uuid:old").attachments.count() == 1


def test_put_aside_then_published_then_sent_again_comes_home_with_its_files(phone, form, publish):
    xml = instance("uuid:a", version="2")
    phone.send(xml, [("1.jpg", b"1")])
    publish("2")
    assert phone.send(xml, [("2.jpg", b"2")]).status_code == 201
    assert sorted(the("uuid:a").attachments.values_list("filename", flat=True)) == ["1.jpg", "2.jpg"]
    assert Quarantined.objects.get().state == Quarantined.State.RELEASED


def test_very_long_identities_are_kept(phone, form):
    long = "x" * 5000
    assert phone.send(instance(long)).status_code == 201
    assert phone.send(instance("uuid:b", form=long, version=long)).status_code == 201
    assert Submission.objects.get().instance_id.startswith("uuid:")
    assert put_aside() == ["collect.form_unknown"]


# conflict: answered 409, kept


def test_other_bytes_under_a_known_identity_are_a_conflict_and_kept(phone, form):
    first, second = instance("uuid:a", people=3), instance("uuid:a", people=4)
    phone.send(first)
    answers = [phone.send(second, [("a.jpg", b"photo")]) for _ in range(2)]
    assert [a.status_code for a in answers] == [409, 409]
    french, english = text(answers[0]).split("\n")
    assert "Rien n'est perdu" in french and "Nothing is lost" in english, "ODK Collect asks for no language"
    assert text(phone.send(second, **{"Accept-Language": "en-GB"})) == english
    assert text(phone.send(second, **{"Accept-Language": "fr"})) == french
    assert bytes(the("uuid:a").raw) == first
    assert bytes(Quarantined.objects.get().raw) == second


@pytest.mark.parametrize("remove", [withdraw_submission, erase_submission])
def test_what_was_removed_does_not_come_back_by_itself(phone, form, remove):
    xml = instance("uuid:a")
    phone.send(xml)
    remove(by=OPERATOR, submission=the("uuid:a"), reason="test")
    assert phone.send(xml).status_code == 409
    assert put_aside() == ["collect.instance_removed"]


# edits


def test_an_edit_takes_the_place_of_what_it_edits(phone, form):
    phone.send(instance("uuid:1"))
    phone.send(instance("uuid:2", people=4, deprecated="uuid:1"))
    assert phone.send(instance("uuid:3", people=5, deprecated="uuid:2")).status_code == 201
    assert the("uuid:3").replaces == the("uuid:2")
    assert [the(f"uuid:{n}").state for n in (1, 2, 3)] == ["replaced", "replaced", "unread"]
    assert bytes(the("uuid:1").raw), "every version is kept"


def test_a_second_edit_of_the_same_is_put_aside(phone, form):
    phone.send(instance("uuid:1"))
    edit = instance("uuid:2", deprecated="uuid:1")
    phone.send(edit)
    assert phone.send(edit).status_code == 201, "the same edit again is no second edit"
    assert phone.send(instance("uuid:3", deprecated="uuid:1")).status_code == 201
    assert put_aside() == ["collect.edit_not_current"]


def test_an_edit_across_forms_is_put_aside(phone, form, publish):
    from tests.collect.phone import FORM

    publish(source=FORM.format(version="1").replace("| count ", "| other "))
    phone.send(instance("uuid:1"))
    assert phone.send(instance("uuid:2", form="other", deprecated="uuid:1")).status_code == 201
    assert put_aside() == ["collect.edit_of_other_form"]


# malformed: answered 400 or 413, not kept


LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"lol") for n in range(12))


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE data [<!ENTITY x SYSTEM "file:///etc/passwd">]><data id="count"><people>&x;</people></data>',
        b'<!DOCTYPE data SYSTEM "http://127.0.0.1:1/x.dtd"><data id="count"/>',
        b"<!DOCTYPE data [" + LAUGHS + b']><data id="count"><people>&l11;</people></data>',
        b"<!DOCTYPE data [" + LAUGHS + b']><data id="count" a="&l11;"/>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE d [<!ENTITY a "b">]><d id="count">&a;</d>'.encode(
            "utf-16"
        ),
    ],
    ids=["file", "network", "laughs", "laughs in an attribute", "utf-16"],
)
def test_a_document_type_is_refused(phone, form, xml):
    answer = phone.send(xml)
    assert answer.status_code == 400
    assert "root:" not in answer.content.decode()
    assert not Submission.objects.exists()
    assert not Quarantined.objects.exists()


GOOD = multipart(instance("uuid:a"), [("a.jpg", b"photo")])


@pytest.mark.parametrize(
    "body",
    [
        b"", b"nothing", GOOD[: len(GOOD) // 2], GOOD[:-20], GOOD.replace(b"\r\n", b"\n"),
        GOOD.replace(b'form-data; name="a.jpg"', b"form-data"), GOOD.replace(b"Content-Disposition: ", b"", 1),
        multipart(None, [("a.jpg", b"photo")]), multipart(b""),
        GOOD.replace(b"Content-Type: image/jpeg", b"Content-Transfer-Encoding: base64"),
        b"--" + BOUNDARY.encode() + b"\r\n" + b"x" * 40_000,
    ],
    ids=[
        "empty", "no boundary", "half", "no end", "line feeds", "no name", "no disposition", "no instance",
        "empty instance", "base64", "endless headers",
    ],
)  # fmt: skip
def test_a_malformed_request_is_refused_and_leaves_nothing(phone, form, settings, body):
    answer = phone.post(body)
    assert answer.status_code == 400, answer.content
    assert not Submission.objects.exists()
    assert not Quarantined.objects.exists()
    incoming = settings.TAAMA_ATTACHMENTS_DIR / "incoming"
    assert not incoming.exists() or not list(incoming.iterdir())


@pytest.mark.parametrize(
    "kind", ["", "text/xml", "multipart/form-data", "multipart/mixed; boundary=x", "a; boundary="]
)
def test_other_content_types_are_refused(phone, form, kind):
    assert phone.post(GOOD, content_type=kind).status_code == 400


@pytest.mark.parametrize(
    ("limit", "said"), [(200, "200 octets"), (1500, "1,5 ko"), (2_000_000, "2 Mo"), (1_500_000, "1,5 Mo")]
)
def test_the_limit_is_told_in_a_unit_that_suits_it(phone, form, settings, limit, said):
    settings.TAAMA_MAX_SUBMISSION_BYTES = limit
    answer = phone.send(instance("uuid:a"), [("a.jpg", b"x" * limit)])
    assert answer.status_code == 413
    assert f"dépasse {said}." in text(answer).replace("\xa0", " ")
    english = phone.send(instance("uuid:a"), [("a.jpg", b"x" * limit)], **{"Accept-Language": "en"})
    unit = {"octets": "bytes", "ko": "kB", "Mo": "MB"}[said.split()[1]]
    assert f"larger than {said.split()[0].replace(',', '.')} {unit}." in text(english).replace("\xa0", " ")


def test_a_request_over_the_limit_is_refused_with_413(phone, form, settings):
    settings.TAAMA_MAX_SUBMISSION_BYTES = 2_000_000
    answer = phone.send(instance("uuid:a"), [("a.mp4", b"x" * 2_000_001)])
    assert answer.status_code == 413
    assert not Submission.objects.exists()


def test_a_thousand_and_one_files_are_too_many(phone, form):
    assert phone.send(instance("uuid:a"), [(f"{n}", b"") for n in range(1001)]).status_code == 413


# a server in trouble


def test_a_database_in_trouble_is_no_loss(phone, form, monkeypatch):
    def ill(**arguments):
        raise OperationalError("disk I/O error")

    monkeypatch.setattr("taama.collect.actions.receive.receive", ill)
    answer = phone.send(instance("uuid:a"))
    assert answer.status_code == 503
    assert "restent sur le téléphone" in text(answer)


def test_a_full_disk_is_no_loss(phone, form, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("taama.base.files.os.fsync", full)
    assert phone.send(instance("uuid:a"), [("a.jpg", b"x")]).status_code == 503
    monkeypatch.undo()
    assert phone.send(instance("uuid:a"), [("a.jpg", b"x")]).status_code == 201


def test_every_arrival_stands_in_the_journal(phone, form):
    phone.send(instance("uuid:1"), [("a.jpg", b"x")])
    phone.send(instance("uuid:2", deprecated="uuid:1"))
    phone.send(b"<broken")
    journal.seal()
    assert journal.verify().broken_at is None
    objects = [e.object_type for e in JournalEntry.objects.filter(action="collect.receive")]
    assert sorted(objects) == [
        "collect.attachment", "collect.quarantined", "collect.submission", "collect.submission", "collect.submission",
    ]  # fmt: skip


def test_what_is_known_of_an_arrival_is_found_by_its_name_and_never_by_reading_all(db):
    """35,000 submissions made each intake wait 90 ms for a look through all that replace nothing."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL chooses by what a table holds")
    asked = known.NAMED.format(names="%s", phones="%s")
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked}", ["a"] * 4 + ["b"])
        steps = [row[3] for row in cursor.fetchall() if row[3].startswith(("SEARCH", "SCAN"))]
    assert len(steps) == 5
    assert all(re.search(r"\((instance_id|deprecated_id|id)=\?\)", step) for step in steps), steps


def test_edits_without_original_are_found_among_edits_alone(db):
    """Asked every minute: not by a look through all submissions that replace nothing."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL chooses by what a table holds")
    for asked in (loose_edits(WORKER), loose_edits(WORKER).filter(deprecated_id__in=["uuid:1", "uuid:2"])):
        statement, values = asked.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            steps = [row[3] for row in cursor.fetchall()]
        assert any("USING INDEX submission_edits (deprecated_id" in step for step in steps), steps
        assert not any("SCAN" in step or "replaces_id" in step for step in steps), steps
