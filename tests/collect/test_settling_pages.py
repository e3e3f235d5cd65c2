"""What was put aside is settled on pages: compared with what is held, mended, decided together, without fear."""

import re

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile

from taama.base import journal
from taama.base.errors import NotAllowed, TaamaError
from taama.base.models import JournalEntry
from taama.base.policy import OPERATOR, Standing, Viewer
from taama.collect.actions.quarantine import mend_quarantined, release_quarantined
from taama.collect.actions.removal import erase_quarantined, erase_submission, withdraw_submission
from taama.collect.commands import submission as command
from taama.collect.models import Attachment, Quarantined, Submission
from taama.collect.tasks import deriving
from taama.facts import engines
from taama.forms.actions.publishing import close_form
from taama.phones.actions import create_device
from taama.project import rebuilding
from tests.collect import toy
from tests.collect.phone import Phone, instance

pytestmark = pytest.mark.django_db
GAO, MOPTI = "ML0703@2021-12-20", "ML0507@2021-12-20"
MANAGER = Viewer("signed_in", "u1", (Standing("iom", "data_manager"),))
HOUSEHOLD = """
| survey   |                   |         |                      |                     |             |
|          | type              | name    | label::Français (fr) | label::English (en) | sensibilité |
|          | text              | village | Quel village ?       | Which village?      | {village}   |
|          | select_one yesno  | water   | Eau potable ?        | Drinking water?     | non         |
|          | begin repeat      | member  | Membre               | Member              |             |
|          | text              | name    | Prénom               | First name          | non         |
|          | integer           | age     | Âge                  | Age                 | non         |
|          | end repeat        |         |                      |                     |             |
|          | image             | photo   | Photo                | Photo               | non         |
| choices  |                   |         |                      |                     |             |
|          | list_name         | name    | label::Français (fr) | label::English (en) |             |
|          | yesno             | y       | Oui                  | Yes                 |             |
|          | yesno             | n       | Non                  | No                  |             |
| settings |                   |         |                      |                     |             |
|          | form_id           | version | form_title           |                     |             |
|          | household         | 1       | Ménage               |                     |             |
"""
MEMBER = "<member><name>{}</name><age>{}</age></member>"


def household(name, village="Sévaré", water="y", members=(("Awa", 30),), photo=""):
    rows = "".join(MEMBER.format(*member) for member in members)
    return (
        f'<data id="household" version="1"><village>{village}</village><water>{water}</water>{rows}'
        f"<photo>{photo}</photo><meta><instanceID>{name}</instanceID></meta></data>"
    ).encode()


def text(answer):
    """What a page says, without markup and with plain spaces."""
    assert answer.status_code == 200, answer.content[:300]
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("&#x27;", "'")
    return re.sub(r"\s+", " ", plain)


def the(name):
    return Submission.objects.get(instance_id=name)


def aside(**wanted):
    return Quarantined.objects.get(**{"state": "waiting"} | wanted)


def open_page(client, item):
    return client.get(f"/submissions/aside/{item.pk}/")


def upload(client, item, raw):
    address = f"/submissions/aside/{item.pk}/mend"
    return client.post(address, {"file": SimpleUploadedFile("mended.xml", raw)}, follow=True)


def confirm(client, item, page, reason="balise perdue"):
    given = {"ticket": page.context["ticket"], "reason": reason}
    return client.post(f"/submissions/aside/{item.pk}/mend", given, follow=True)


# compared


def test_a_conflict_stands_beside_what_is_held_question_by_question(phone, publish, sign_in):
    publish(source=HOUSEHOLD.format(village="non"))
    phone.send(household("uuid:a", members=[("Awa", 30), ("Oumar", 7)], photo="a.jpg"), [("a.jpg", b"face")])
    other = household("uuid:a", water="n", members=[("Awa", 30), ("Oumar", 8), ("Binta", 1)], photo="a.jpg")
    assert phone.send(other, [("a.jpg", b"sharper")]).status_code == 409
    answer = open_page(sign_in("data_manager"), aside())
    pair = answer.context["beside"]
    assert [(line.row, line.label, line.texts) for line in pair["differing"]] == [
        ("", "Eau potable ?", ("Oui", "Non")),
        ("Membre 2", "Âge", ("7", "8")),
        ("Membre 3", "Prénom", ("", "Binta")),
        ("Membre 3", "Âge", ("", "1")),
    ]
    assert [line.label for line in pair["same"]] == ["Quel village ?", "Prénom", "Âge", "Prénom", "Photo"]
    assert [(name, differs) for name, _, _, differs in pair["files"]] == [("a.jpg", True)]
    said = text(answer)
    assert "Version actuelle" in said and "Celui-ci" in said and "5 réponses sont identiques" in said
    assert "autre fichier" in said and said.count("envoyé par gao-1") == 2


def test_the_labels_are_in_the_language_of_the_reader(phone, publish, sign_in, client):
    publish(source=HOUSEHOLD.format(village="non"))
    phone.send(household("uuid:a"))
    phone.send(household("uuid:a", water="n"))
    sign_in("data_manager")
    client.cookies["taama_language"] = "en"
    line = open_page(client, aside()).context["beside"]["differing"][0]
    assert (line.label, line.texts) == ("Drinking water?", ("Yes", "No"))


def test_an_edit_of_what_was_edited_stands_beside_the_present_version(phone, form, sign_in):
    phone.send(instance("uuid:1", people=3))
    phone.send(instance("uuid:2", people=4, deprecated="uuid:1"))
    phone.send(instance("uuid:3", people=5, deprecated="uuid:1"))
    answer = open_page(sign_in("data_manager"), aside())
    assert answer.context["beside"]["first"] == the("uuid:2")
    assert [line.texts for line in answer.context["beside"]["differing"]] == [("4", "5")]
    assert f"/review/{the('uuid:2').pk}/conflict/{aside().pk}" in answer.content.decode()


def test_what_comes_again_after_a_withdrawal_stands_beside_it(phone, form, sign_in):
    phone.send(instance("uuid:a", people=3))
    withdraw_submission(by=OPERATOR, submission=the("uuid:a"), reason="mauvais village")
    phone.send(instance("uuid:a", people=9))
    answer = open_page(sign_in("data_manager"), aside())
    assert [line.texts for line in answer.context["beside"]["differing"]] == [("3", "9")]
    assert "mauvais village" in text(answer)


def test_an_edit_of_another_form_stands_beside_what_it_edits(phone, form, publish, sign_in):
    publish(source=HOUSEHOLD.format(village="non"))
    phone.send(household("uuid:1"))
    phone.send(instance("uuid:2", people=4, deprecated="uuid:1"))
    pair = open_page(sign_in("data_manager"), aside()).context["beside"]
    assert ("Quel village ?", ("Sévaré", "")) in [(line.label, line.texts) for line in pair["differing"]]


def test_confidential_answers_are_not_compared_for_those_who_may_not_see_them(
    mali, client, organisation, publish, sign_in
):
    publish(source=HOUSEHOLD.format(village="S3"))
    device = create_device(by=OPERATOR, username="gao", organisation=organisation, area=GAO)
    phone = Phone(client, f"/key/{device.token}")
    phone.send(household("uuid:a", village="Secret un"))
    phone.send(household("uuid:a", village="Secret deux", water="n"))
    answer = open_page(sign_in("administrator"), aside())
    said = text(answer)
    assert "Secret un" not in said and "Secret deux" not in said and "1 question est confidentielle" in said
    assert [line.label for line in answer.context["beside"]["differing"]] == ["Eau potable ?"]


# what stands in the way


@pytest.mark.parametrize(
    ("xml", "told", "link"),
    [
        (b"<data id='count'><people>", "ne peut pas être lu", "#mend"),
        (b"<data><people>3</people></data>", "ne dit pas de quel formulaire", "#mend"),
        (instance("uuid:a", form="nowhere"), "n'est pas publié", "/forms/new"),
    ],
)
def test_no_acceptance_is_offered_that_would_be_refused(phone, form, sign_in, xml, told, link):
    phone.send(xml)
    answer = open_page(sign_in("data_manager"), aside())
    page = answer.content.decode()
    assert "/release" not in page and told in text(answer) and f'href="{link}"' in page
    assert ("/mend" in page) and ("<details open>" in page) == (link == "#mend")


def test_an_edit_of_what_waits_leads_there(phone, form, sign_in):
    phone.send(instance("uuid:1", version="9"))
    phone.send(instance("uuid:2", version="9", deprecated="uuid:1"))
    page = open_page(sign_in("data_manager"), aside(instance_id="uuid:2")).content.decode()
    assert "/release" not in page
    assert f"/submissions/aside/{aside(instance_id='uuid:1').pk}/" in page


def test_what_was_accepted_since_leads_to_it(phone, form, publish, sign_in):
    phone.send(instance("uuid:a", version="2"))
    publish("2")
    phone.send(instance("uuid:a", version="2", people=4))
    waiting = aside()
    page = open_page(sign_in("data_manager"), waiting).content.decode()
    assert "/release" not in page and f"/submissions/{the('uuid:a').pk}/" in page


# mended


BROKEN = b'<data id="count" version="1"><people>3</people><photo>a.jpg</photo>'
WHOLE = BROKEN + b"<meta><instanceID>uuid:a</instanceID></meta></data>"


def test_what_cannot_be_read_is_mended_shown_and_taken_in(phone, form, sign_in):
    phone.send(BROKEN, [("a.jpg", b"face")])
    item, client = aside(), sign_in("data_manager")
    foretold = upload(client, item, WHOLE)
    said = text(foretold)
    assert "uuid:a" in said and "Comptage" in said and "L'original est gardé tel que reçu" in said
    assert not Submission.objects.exists() and aside() == item, "nothing happens before it is confirmed"
    assert confirm(client, item, foretold, reason=" ").status_code == 400
    after = confirm(client, item, foretold)
    taken = the("uuid:a")
    assert bytes(taken.raw) == WHOLE and taken.received_at == item.received_at and taken.device == item.device
    assert [(f.filename, f.expected) for f in taken.attachments.all()] == [("a.jpg", True)]
    item.refresh_from_db()
    assert (item.state, bytes(item.raw), item.submission, item.reason) == (
        "released",
        BROKEN,
        taken,
        "balise perdue",
    )
    assert f"/submissions/aside/{item.pk}/" in after.content.decode() and "balise perdue" in text(after)
    kept = open_page(client, item)
    assert "l'envoi accepté" in text(kept)
    assert client.get(f"/submissions/aside/{item.pk}/xml").content == BROKEN
    entry = JournalEntry.objects.get(action="collect.mend_quarantined", object_id=str(item.pk))
    assert entry.detail.changes["reason"] == ["", "balise perdue"]
    assert phone.send(BROKEN).status_code == 201 and not Quarantined.objects.filter(state="waiting").exists()


def test_the_answers_that_a_mending_changes_are_shown(phone, form, sign_in):
    phone.send(instance("uuid:a", people=300, version="9"))
    item, client = aside(), sign_in("data_manager")
    foretold = upload(client, item, bytes(item.raw).replace(b">300<", b">3<"))
    assert [line.texts for line in foretold.context["before"]["differing"]] == [("300", "3")]
    assert "9, n'est pas publiée ici" in text(foretold)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (BROKEN + b"</meta>", "ligne 1"),
        (
            b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><data id="count">&x;</data>',
            "type de document",
        ),
        (b"", "fichier"),
        (BROKEN, "rien n'y est corrigé"),
    ],
)
def test_a_mended_file_is_judged_like_what_phones_send(phone, form, sign_in, raw, told):
    phone.send(BROKEN)
    item, client = aside(), sign_in("data_manager")
    answer = client.post(
        f"/submissions/aside/{item.pk}/mend", {"file": SimpleUploadedFile("m.xml", raw)}, follow=True
    )
    assert told in re.sub(r"\s+", " ", answer.content.decode().replace("&#x27;", "'")), text(answer)
    assert "root:" not in answer.content.decode()
    assert aside() == item and not Submission.objects.exists()


def test_mended_to_a_form_that_is_not_published_it_goes_on_waiting(phone, form, sign_in):
    phone.send(BROKEN)
    item, client = aside(), sign_in("data_manager")
    foretold = upload(client, item, WHOLE.replace(b'"count"', b'"nowhere"'))
    assert "n'est pas publié" in text(foretold) and 'name="reason"' not in foretold.content.decode()
    assert confirm(client, item, foretold).status_code == 409
    assert aside() == item


def test_mended_to_what_is_known_otherwise_it_takes_its_place_knowingly(phone, form, sign_in):
    phone.send(instance("uuid:a", people=5))
    phone.send(BROKEN)
    item, client = aside(), sign_in("data_manager")
    foretold = upload(client, item, WHOLE)
    assert foretold.context["beside"]["first"] == the("uuid:a") and "prend la place" in text(foretold)
    confirm(client, item, foretold)
    assert the("uuid:a").state == "replaced"
    assert bytes(Submission.objects.get(replaces=the("uuid:a")).raw) == WHOLE


def test_a_ticket_is_for_one_item_alone(phone, form, sign_in):
    phone.send(BROKEN)
    phone.send(BROKEN + b"<x>")
    first, second = Quarantined.objects.order_by("received_at")
    client = sign_in("data_manager")
    foretold = upload(client, first, WHOLE)
    assert confirm(client, second, foretold).status_code == 400
    assert not Submission.objects.exists()


def test_only_who_may_settle_mends(phone, form, sign_in):
    phone.send(BROKEN)
    assert upload(sign_in("information_officer"), aside(), WHOLE).status_code == 403


def test_mended_by_command(phone, form, tmp_path):
    phone.send(BROKEN)
    file = tmp_path / "mended.xml"
    file.write_bytes(WHOLE)
    done = CliRunner().invoke(command, ["mend", str(aside().pk), str(file), "--reason", "balise perdue"])
    assert done.exit_code == 0 and "uuid:a" in done.output
    assert bytes(the("uuid:a").raw) == WHOLE
    gone = CliRunner().invoke(
        command, ["mend", "00000000-0000-7000-8000-000000000000", str(file), "--reason", "x"]
    )
    assert gone.exception.code == "collect.aside_unknown"


def test_what_was_mended_is_counted_also_as_of_later(test_tools, phone, publish):
    publish(tool="toy")
    phone.send(BROKEN)
    mend_quarantined(by=OPERATOR, quarantined=aside(), raw=WHOLE, reason="x")
    while deriving.derive_pending():
        pass
    journal.seal()
    assert engines.collect(engines.read(toy.COUNT))["people"].to_list() == [3]
    assert rebuilding.derived_frames(as_of=journal.position())["test.toy"]["people"].to_list() == [3]


# decided together


@pytest.fixture
def several(phone, form):
    """Three to a closed form, two of a version unknown, one that cannot be read."""
    for name in ("uuid:1", "uuid:2"):
        phone.send(instance(name, version="9"))
    close_form(by=OPERATOR, form=form)
    for name in ("uuid:a", "uuid:b", "uuid:c"):
        phone.send(instance(name))
    phone.send(BROKEN)


def keys(code):
    return [
        str(key)
        for key in Quarantined.objects.filter(code=code, state="waiting").values_list("pk", flat=True)
    ]


def test_the_list_counts_reasons_and_shows_one_of_them(several, sign_in):
    client = sign_in("data_manager")
    shown = client.get("/submissions/aside/")
    assert [(code, count) for code, _, count, _ in shown.context["reasons"]] == [
        ("collect.form_closed", 3), ("collect.version_unknown", 2), ("collect.xml_unreadable", 1),
    ]  # fmt: skip
    assert 'type="checkbox"' not in shown.content.decode()
    one = client.get("/submissions/aside/?code=collect.form_closed&form_id=count&device=gao-1")
    assert len(one.context["rows"]) == 3 and one.content.decode().count('name="key"') == 3
    assert len(client.get("/submissions/aside/?device=nobody").context["rows"]) == 0
    assert len(client.get("/submissions/aside/?code=nonsense&page=x").context["rows"]) == 6


def test_several_are_accepted_after_it_is_said_what_will_happen(several, sign_in):
    client, chosen = sign_in("data_manager"), keys("collect.form_closed")[:2]
    foretold = client.post("/submissions/aside/settle", {"way": "accept", "key": chosen})
    assert not Submission.objects.exists() and all(key in foretold.content.decode() for key in chosen)
    given = {"way": "accept", "key": chosen, "sure": "yes"}
    assert client.post("/submissions/aside/settle", given | {"reason": " "}).status_code == 400
    done = client.post("/submissions/aside/settle", given | {"reason": "remplis à temps"})
    assert "2 envois sont acceptés" in text(done)
    assert Submission.objects.count() == 2 and len(keys("collect.form_closed")) == 1
    assert set(Quarantined.objects.filter(state="released").values_list("reason", flat=True)) == {
        "remplis à temps"
    }


def test_all_of_a_choice_are_discarded(several, sign_in):
    client = sign_in("data_manager")
    given = {"way": "discard", "code": "collect.version_unknown", "all": "yes"}
    foretold = client.post("/submissions/aside/settle", given)
    chosen = re.findall(r'name="key" value="([^"]+)"', foretold.content.decode())
    assert sorted(chosen) == sorted(keys("collect.version_unknown"))
    done = client.post(
        "/submissions/aside/settle", {"way": "discard", "key": chosen, "sure": "yes", "reason": "essai"}
    )
    assert "2 envois sont écartés" in text(done) and keys("collect.version_unknown") == []


def test_of_several_those_that_cannot_be_accepted_go_on_waiting_and_say_why(several, sign_in):
    client, chosen = sign_in("data_manager"), keys("collect.xml_unreadable") + keys("collect.form_closed")
    foretold = text(client.post("/submissions/aside/settle", {"way": "accept", "key": chosen}))
    assert foretold.count("Reste en attente") == 1
    done = client.post(
        "/submissions/aside/settle", {"way": "accept", "key": chosen, "sure": "yes", "reason": "à temps"}
    )
    said = text(done)
    assert (
        "3 envois sont acceptés" in said
        and "1 envoi reste en attente" in said
        and "ne peut pas être lu" in said
    )
    assert len(keys("collect.xml_unreadable")) == 1


def test_an_edit_is_accepted_together_with_its_original_whichever_came_first(phone, form, sign_in):
    phone.send(instance("uuid:2", version="9", deprecated="uuid:1"))
    phone.send(instance("uuid:1", version="9"))
    client, chosen = sign_in("data_manager"), keys("collect.version_unknown")
    done = client.post(
        "/submissions/aside/settle", {"way": "accept", "key": chosen, "sure": "yes", "reason": "x"}
    )
    assert "2 envois sont acceptés" in text(done)
    assert the("uuid:2").replaces == the("uuid:1")


def test_nothing_chosen_and_nonsense_are_told(several, sign_in):
    client = sign_in("data_manager")
    for given in ({"way": "accept"}, {"way": "accept", "key": ["nonsense", "0" * 32]}):
        assert client.post("/submissions/aside/settle", given).status_code == 400
    assert (
        sign_in("information_officer").post("/submissions/aside/settle", {"way": "accept"}).status_code == 403
    )


# erased and hidden


def test_erasing_an_early_edit_reaches_the_original_that_waits(phone, form):
    phone.send(instance("uuid:2", people=2, deprecated="uuid:1"))
    release_quarantined(by=OPERATOR, quarantined=aside())
    phone.send(instance("uuid:1", people=1, version="9"))
    erase_submission(by=OPERATOR, submission=the("uuid:2"), reason="demandé")
    assert not Quarantined.objects.exclude(raw=None).exists()


def test_erasing_the_original_that_waits_reaches_the_early_edit_and_its_edits(phone, form, sign_in):
    phone.send(instance("uuid:2", people=2, deprecated="uuid:1"), [("a.jpg", b"face")])
    release_quarantined(by=OPERATOR, quarantined=aside())
    phone.send(instance("uuid:3", people=3, deprecated="uuid:2"))
    phone.send(instance("uuid:4", people=4, deprecated="uuid:2"))
    phone.send(instance("uuid:1", people=1, version="9"))
    phone.send(instance("uuid:other"))
    original, client = aside(instance_id="uuid:1"), sign_in("administrator")
    said = text(client.get(f"/submissions/aside/{original.pk}/erase"))
    assert "2 autres versions de cet envoi" in said and "1 envoi mis de côté" in said
    erase_quarantined(by=OPERATOR, quarantined=original, reason="demandé")
    assert list(Submission.objects.exclude(raw=None)) == [the("uuid:other")]
    assert not Quarantined.objects.exclude(raw=None).exists() and not Attachment.objects.exists()


def test_erasing_an_edit_that_waits_leaves_what_it_edits(phone, form):
    phone.send(instance("uuid:1"))
    phone.send(instance("uuid:2", deprecated="uuid:1"))
    phone.send(instance("uuid:3", deprecated="uuid:1"))
    erase_quarantined(by=OPERATOR, quarantined=aside(), reason="demandé")
    assert the("uuid:1").raw and the("uuid:2").raw


def test_erasing_a_conflict_leaves_what_was_accepted_and_its_edits(phone, form):
    phone.send(instance("uuid:1"))
    phone.send(instance("uuid:1", people=9))
    phone.send(instance("uuid:2", deprecated="uuid:1"))
    erase_quarantined(by=OPERATOR, quarantined=aside(), reason="demandé")
    assert the("uuid:1").raw and the("uuid:2").raw


def test_erasing_what_was_joined_later_takes_all(phone, form):
    phone.send(instance("uuid:2", people=2, deprecated="uuid:1"))
    release_quarantined(by=OPERATOR, quarantined=aside())
    phone.send(instance("uuid:1", people=1))
    erase_submission(by=OPERATOR, submission=the("uuid:1"), reason="demandé")
    assert not Submission.objects.exclude(raw=None).exists()


def test_erasing_what_was_mended_erases_the_bytes_with_which_it_came(phone, form):
    phone.send(BROKEN, [("a.jpg", b"face")])
    taken = mend_quarantined(by=OPERATOR, quarantined=aside(), raw=WHOLE, reason="x")
    erase_submission(by=OPERATOR, submission=taken, reason="demandé")
    assert Quarantined.objects.get().raw is None and not Attachment.objects.exists()


@pytest.mark.parametrize("sent", [BROKEN, instance("uuid:a", form="nowhere", people=54321)])
def test_what_belongs_to_no_known_form_is_shown_only_to_who_may_see_confidential_answers_there(
    mali, client, organisation, form, sign_in, sent
):
    device = create_device(by=OPERATOR, username="gao", organisation=organisation, area=GAO)
    Phone(client, f"/key/{device.token}").send(sent, [("awa.jpg", b"face")])
    item = aside()
    sign_in("administrator")
    page = open_page(client, item)
    assert "confidentielles" in text(page) and "/mend" not in page.content.decode()
    assert "<people>" not in page.content.decode() and "&lt;people&gt;" not in page.content.decode()
    assert "awa.jpg" not in page.content.decode()
    assert client.get(f"/submissions/aside/{item.pk}/xml").status_code == 403
    with pytest.raises(NotAllowed):
        administrator = Viewer("signed_in", "u2", (Standing("iom", "administrator"),))
        mend_quarantined(by=administrator, quarantined=item, raw=WHOLE, reason="x")
    sign_in("data_manager", area=GAO)
    page = open_page(client, item)
    assert "&lt;people&gt;" in page.content.decode() and "awa.jpg" in page.content.decode()
    assert client.get(f"/submissions/aside/{item.pk}/xml").content == sent


def test_settled_is_not_mended(phone, form):
    phone.send(BROKEN)
    item = aside()
    mend_quarantined(by=MANAGER, quarantined=item, raw=WHOLE, reason="x")
    with pytest.raises(TaamaError) as caught:
        mend_quarantined(by=MANAGER, quarantined=item, raw=WHOLE + b" ", reason="x")
    assert caught.value.code == "collect.settled_already"
