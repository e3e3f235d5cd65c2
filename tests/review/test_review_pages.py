"""Pages of review, as a data manager uses them."""

import re
import time
from uuid import UUID

import pytest
from django.db.models import Q

from taama.base import registry as sweeps
from taama.base.models import JournalEntry
from taama.base.policy import OPERATOR
from taama.base.work import run_until_idle
from taama.collect.models import Attachment, Submission
from taama.review.actions import reviewing as actions
from taama.review.actions.correcting import correct
from taama.review.models import Review
from taama.review.queries import reviewing
from taama.review.views import choosing
from tests.collect.phone import instance

pytestmark = pytest.mark.django_db(transaction=True)
FORM = """
| survey |
| | type | name | label::Français (fr) | label::English (en) |
| | begin_group | place | Le lieu | The place |
| | text | name | Nom | Name |
| | select_one yn | known | Connu ? | Known? |
| | end_group | | | |
| | integer | people | Combien de personnes à ${name} ? | How many people in ${name}? |
| | begin_repeat | kin | Parents | Kin |
| | integer | age | Âge | Age |
| | end_repeat | | | |
| | image | photo | Photo | Photo |
| choices |
| | list_name | name | label::Français (fr) | label::English (en) |
| | yn | yes | Oui | Yes |
| | yn | no | Non | No |
| settings |
| | form_id | version | form_title | default_language |
| | count | 1 | Comptage | Français (fr) |
"""
EXTRA = "<place><name>{name}</name><known>yes</known></place><kin><age>31</age></kin><kin><age>7</age></kin>"
NO_SWEEPS = {
    "look": sweeps.Sweep("look", "taama.review.tasks.looking.look_at_recent", 1),
    "derive": sweeps.Sweep("derive", "taama.collect.tasks.deriving.derive_pending", 1),
}
NAMED = sweeps.Sweep("named", "taama.collect.tasks.naming.note_named_files", 1)


@pytest.fixture
def sent(publish, phone, settings, tmp_path, monkeypatch):
    settings.TAAMA_LAKE = str(tmp_path / "lake")
    monkeypatch.setattr(sweeps, "_SWEEPS", NO_SWEEPS)
    publish(source=FORM, personal="no")

    def send(n, people=3, name="Koubi", files=(), **more):
        phone.send(instance(f"uuid:{n}", people=people, extra=EXTRA.format(name=name), **more), files)
        run_until_idle()
        return Submission.objects.get(instance_id=f"uuid:{n}")

    return send


def body(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_submission_reads_as_its_form_asks_it(sent, sign_in):
    one = sent(1)
    page = body(sign_in("data_manager").get(f"/review/{one.pk}/"))
    assert "Combien de personnes à Koubi" in page and "Oui" in page
    assert page.index("Le lieu") < page.index("Combien de personnes") < page.index("Parents")
    ages = re.search(r'aria-label="Parents".*?</table>', page, re.S)[0]
    assert "31" in ages and "7" in ages


def test_it_reads_in_english_too(sent, sign_in):
    one = sent(1)
    client = sign_in("data_manager")
    client.cookies["taama_language"] = "en"
    page = body(client.get(f"/review/{one.pk}/"))
    assert "How many people in Koubi?" in page and "Yes" in page and "Approve" in page


def test_what_somebody_typed_is_shown_as_text(sent, sign_in):
    one = sent(1, name="&lt;script&gt;alert(1)&lt;/script&gt;")
    page = body(sign_in("data_manager").get(f"/review/{one.pk}/"))
    assert "<script" not in page and "&lt;script&gt;" in page


def test_deciding_leads_to_the_next_of_the_list(sent, sign_in):
    first, second = sent(1), sent(2)
    answer = sign_in("data_manager").post(
        f"/review/{second.pk}/decide?state=received", {"state": "approved", "go_on": "yes"}
    )
    assert answer.url == f"/review/{first.pk}/?state=received"
    assert second.__class__.objects.get(pk=second.pk).review.state == "approved"


def test_all_that_fit_are_decided_on_only_after_their_number_was_confirmed(sent, sign_in):
    for n in range(3):
        sent(n)
    client = sign_in("data_manager")
    asked = body(client.post("/review/decide?form=count", {"state": "approved", "all": "yes"}))
    assert "3 envois deviennent" in asked and not Review.objects.filter(state="approved").exists()
    sent(9)
    told = {"state": "approved", "all": "yes", "sure": "3"}
    assert "4 envois" in body(client.post("/review/decide?form=count", told)), "one more came: asked again"
    assert client.post("/review/decide?form=count", told | {"sure": "4"}).status_code == 302
    assert Review.objects.filter(state="approved").count() == 4


def test_only_those_ticked_are_decided_on(sent, sign_in):
    one, _other = sent(1), sent(2)
    told = {"state": "rejected", "comment": "vide", "key": [str(one.pk)], "sure": "1"}
    sign_in("data_manager").post("/review/decide", told)
    assert list(Review.objects.filter(state="rejected").values_list("submission", flat=True)) == [one.pk]


def test_a_long_list_goes_on_where_it_stopped(sent, sign_in, monkeypatch):
    monkeypatch.setattr(choosing, "PAGE", 2)
    for n in range(5):
        sent(n)
    client, seen, address = sign_in("data_manager"), [], "/review/"
    while address:
        page = body(client.get(address))
        seen += re.findall(r'href="/review/([0-9a-f-]{36})/', page)
        more = re.search(r'rel="next" accesskey="n" href="([^"]+)"', page)
        address = "/review/" + more[1].replace("&amp;", "&") if more else ""
    assert len(seen) == len(set(seen)) == 5


def test_nonsense_in_the_address_is_no_choice(sent, sign_in):
    sent(1)
    page = body(sign_in("data_manager").get("/review/?state=zz&first=x&after=y~z&form=nothing&findings=%00"))
    assert "1 envoi correspond" in page


@pytest.mark.parametrize(
    "nonsense", ["last=9999-12-31", "first=0001-01-01", "device=a%00b", "form=%00", "area=%00"]
)
def test_what_no_database_can_be_asked_breaks_no_list(sent, sign_in, nonsense):
    sent(1)
    assert sign_in("data_manager").get(f"/review/?{nonsense}").status_code == 200


def test_the_database_is_asked_for_no_nul(sign_in, sent, monkeypatch):
    """Which SQLite forgives and PostgreSQL does not."""
    asked = []
    monkeypatch.setattr(
        "taama.review.queries.reviewing._fits", lambda viewer, wanted: asked.append(wanted) or Q()
    )
    sign_in("data_manager").get("/review/?device=a%00b&enumerator=%00&area=%00x")
    assert asked and all((one.device, one.enumerator, one.area) == ("ab", "", "x") for one in asked)


def test_a_picture_is_shown_and_what_only_claims_to_be_one_is_not(sent, sign_in):
    files = [("a.jpg", b"\xff\xd8\xff\xe0real"), ("b.jpg", b"<html><script>alert(1)</script>")]
    one = sent(1, photo="a.jpg", files=files)
    client = sign_in("data_manager")
    real, false = one.attachments.order_by("filename")
    shown = client.get(f"/review/{one.pk}/files/{real.pk}")
    assert shown["Content-Type"] == "image/jpeg" and "sandbox" in shown["Content-Security-Policy"]
    given = client.get(f"/review/{one.pk}/files/{false.pk}")
    assert (
        given["Content-Type"] == "application/octet-stream" and "attachment" in given["Content-Disposition"]
    )


def test_an_edited_submission_lists_each_of_its_files_once_and_they_open(sent, sign_in):
    one = sent(1, photo="a.jpg", files=[("a.jpg", b"\xff\xd8\xff\xe0real")])
    two = Submission.objects.create(
        instance_id="uuid:edit", form_version=one.form_version, origin=one.origin, raw=bytes(one.raw), sha256="2",
        received_at=one.received_at, replaces=one,
    )  # fmt: skip
    Submission.objects.filter(pk=one.pk).update(state="replaced")
    kept = one.attachments.get()
    Attachment.objects.create(submission=two, filename="a.jpg", sha256=kept.sha256, bytes=kept.bytes)
    client = sign_in("data_manager")
    for version in (one, two):
        page = body(client.get(f"/review/{version.pk}/"))
        (address,) = re.findall(rf'"(/review/{version.pk}/files/[^"]+)"', page)
        assert client.get(address).status_code == 200


def test_a_picture_that_has_not_come_is_told_beside_the_answer(sent, sign_in, monkeypatch):
    monkeypatch.setattr(sweeps, "_SWEEPS", NO_SWEEPS | {"named": NAMED})
    one = sent(1, photo="/sdcard/a.jpg")
    client = sign_in("data_manager")
    page = body(client.get(f"/review/{one.pk}/"))
    assert re.search(r"a\.jpg<span[^>]*>Photo pas encore arrivée", page)
    sent(1, photo="/sdcard/a.jpg", files=[("a.jpg", b"x")])
    assert "pas encore arrivé" not in body(client.get(f"/review/{one.pk}/"))


def test_a_picture_of_a_corrected_submission_that_comes_late_is_awaited_no_longer(sent, sign_in, monkeypatch):
    monkeypatch.setattr(sweeps, "_SWEEPS", NO_SWEEPS | {"named": NAMED})
    one = sent(1, photo="a.jpg")
    made = correct(by=OPERATOR, submission=one, path="people", rows=(), value="4", reason="recompté")
    run_until_idle()
    client = sign_in("data_manager")
    assert "Photo pas encore arrivée" in body(client.get(f"/review/{made.pk}/"))
    assert "pas encore arrivé" not in body(client.get(f"/review/{one.pk}/")), (
        "nobody waits for what was replaced"
    )
    sent(1, photo="a.jpg", files=[("a.jpg", b"x")])
    assert "pas encore arrivé" not in body(client.get(f"/review/{made.pk}/"))


def test_two_files_of_one_name_are_both_opened_and_told(sent, sign_in):
    sent(1, photo="a.jpg", files=[("a.jpg", b"\xff\xd8\xff\xe0one")])
    one = sent(1, photo="a.jpg", files=[("a.jpg", b"\xff\xd8\xff\xe0other")])
    client = sign_in("data_manager")
    page = body(client.get(f"/review/{one.pk}/"))
    addresses = re.findall(rf'"(/review/{one.pk}/files/[^"]+)"', page)
    assert "ne sont pas les mêmes" in page
    assert {b"".join(client.get(each).streaming_content)[4:] for each in addresses} == {b"one", b"other"}


def test_who_has_another_area_finds_nothing(sent, sign_in, mali):
    one = sent(1)
    client = sign_in("data_manager", area="ML07@2021-12-20")
    assert client.get(f"/review/{one.pk}/").status_code == 404
    assert str(one.pk) not in body(client.get("/review/"))


def test_a_partner_reads_nothing(sent, sign_in):
    one = sent(1)
    client = sign_in("partner")
    assert client.get("/review/").status_code == 403
    assert client.get(f"/review/{one.pk}/").status_code == 403


def test_who_only_reads_is_offered_no_decision(sent, sign_in):
    one = sent(1)
    page = body(sign_in("information_officer").get(f"/review/{one.pk}/"))
    assert 'name="state" value="approved"' not in page
    assert (
        sign_in("information_officer", name="b")
        .post(f"/review/{one.pk}/decide", {"state": "approved"})
        .status_code
        == 403
    )


def test_one_comment_stands_beside_all_that_were_chosen(sent, sign_in):
    one, other = sent(1), sent(2)
    told = {
        "state": "comment",
        "comment": "rappeler l'équipe",
        "key": [str(one.pk), str(other.pk)],
        "sure": "2",
    }
    client = sign_in("data_manager")
    client.post("/review/decide", told)
    for each in (one, other):
        assert "rappeler l&#x27;équipe" in body(client.get(f"/review/{each.pk}/"))
    assert not Review.objects.exclude(state="received").exists()


def test_what_was_done_is_told_once_each(sent, sign_in):
    sent(1)
    two = sent(2, deprecated="uuid:1")
    page = body(sign_in("data_manager").get(f"/review/{two.pk}/"))
    deeds = re.search(r'<ol class="deeds">.*?</ol>', page, re.S)[0]
    assert deeds.count("reçu") == 2 and deeds.count("marqué comme modifié") == 1


def test_no_page_of_review_asks_the_database_for_each_row(sent, sign_in, django_assert_max_num_queries):
    for n in range(12):
        sent(n)
    client = sign_in("data_manager")
    client.get("/review/")
    with django_assert_max_num_queries(30):
        client.get("/review/")


def test_many_are_decided_on_in_short_turns_and_the_page_tells_how_far_it_came(sent, sign_in, monkeypatch):
    first = [sent(n) for n in range(3)][0]
    monkeypatch.setattr(reviewing, "IN_ONE_TURN", 2)
    monkeypatch.setattr(actions, "IN_ONE_TURN", 2)
    decide = actions.decide

    def slowly(*, submissions, **given):
        if Review.objects.exists():  # a phone edits one of the rest meanwhile
            Submission.objects.filter(pk=first.pk).update(state=Submission.State.REPLACED)
        return decide(submissions=submissions, **given)

    monkeypatch.setattr(actions, "decide", slowly)
    told = {"state": "rejected", "comment": "vide", "all": "yes", "sure": "3"}
    answer = sign_in("data_manager").post("/review/decide?form=count", told)
    assert answer.status_code == 409 and "2 envois modifiés" in answer.content.decode()
    assert Review.objects.filter(state="rejected").count() == 2
    assert JournalEntry.objects.filter(action="review.decide", object_type="review.review").count() == 2
    assert Submission.objects.get(pk=first.pk).state == Submission.State.REPLACED


def test_a_decision_on_many_is_taken_back_to_what_each_was(sent, sign_in):
    states = ["approved", "issues", "received"]
    ones = [sent(n) for n in range(4)]
    for one, state in zip(ones, states, strict=False):
        actions.decide(by=OPERATOR, submissions=[one], state=state)
    client = sign_in("data_manager")
    told = {"state": "rejected", "comment": "mauvaise équipe", "all": "yes"}
    asked = body(client.post("/review/decide?form=count", told))
    assert "Reçu (2)" in asked and "Approuvé (1)" in asked
    page = client.post("/review/decide?form=count", told | {"sure": "4"}, follow=True)
    undo = page.context["undo"]
    assert "Annuler" in body(page) and Submission.objects.filter(state="kept_out").count() == 4
    actions.decide(by=OPERATOR, submissions=[ones[3]], state="issues")
    answer = body(client.post("/review/take-back?form=count", {"undo": undo}, follow=True))
    assert "3 envois ont retrouvé" in answer
    now = [Review.objects.get(submission=one).state for one in ones]
    assert now == [*states, "issues"] and not Submission.objects.filter(state="kept_out").exists()
    assert "0 envoi" in body(client.post("/review/take-back", {"undo": undo}, follow=True))
    assert client.post("/review/take-back", {"undo": "x"}).status_code == 404


def test_a_crafted_word_takes_nothing_back_and_shows_no_button(sent, sign_in, monkeypatch):
    for n in (1, 2):
        sent(n)
    client = sign_in("data_manager")
    told = {"state": "approved", "all": "yes", "sure": "2"}
    word = client.post("/review/decide", told, follow=True).context["undo"]
    everything = f"{UUID(int=0)}.{UUID(int=2**128 - 1)}"
    for crafted in (everything, word[:-1] + ("a" if word[-1] != "a" else "b")):
        assert "Annuler" not in body(client.get("/review/", {"undo": crafted}))
        assert client.post("/review/take-back", {"undo": crafted}).status_code == 404
    assert "rendre à 2 envois leur état d'avant" in body(client.get("/review/", {"undo": word}))
    monkeypatch.setattr(reviewing, "AT_MOST", 1)
    assert client.post("/review/take-back", {"undo": word}).status_code == 400
    monkeypatch.undo()
    with monkeypatch.context() as later:
        later.setattr("django.core.signing.time.time", lambda: time.time_ns() / 1e9 + 90_000)
        assert client.post("/review/take-back", {"undo": word}).status_code == 404
    assert Review.objects.filter(state="approved").count() == 2
    client.post("/review/take-back", {"undo": word})
    assert not Review.objects.filter(state="approved").exists()


def test_nobody_takes_back_what_another_decided(sent, sign_in):
    sent(1)
    told = {"state": "approved", "all": "yes", "sure": "1"}
    page = sign_in("data_manager").post("/review/decide", told, follow=True)
    other = sign_in("data_manager", name="b")
    assert "Annuler" not in body(other.get("/review/", {"undo": page.context["undo"]}))
    assert other.post("/review/take-back", {"undo": page.context["undo"]}).status_code == 404
    assert Review.objects.get().state == "approved"
    assert (
        sign_in("information_officer").post("/review/take-back", {"undo": page.context["undo"]}).status_code
        == 403
    )


def test_a_rejection_without_a_comment_keeps_the_page_with_what_was_chosen(sent, sign_in):
    one, client = sent(1), sign_in("data_manager")
    sent(2)
    answer = client.post(f"/review/{one.pk}/decide?findings=none", {"state": "rejected", "comment": " "})
    page = answer.content.decode()
    assert answer.status_code == 400 and "Il manque un commentaire." in page and "Le lieu" in page
    form = page.split('class="decide"')[1].split("</form>")[0]
    assert form.index('value="rejected"') < form.index('value="approved"'), (
        "the Enter key rejects, not approves"
    )
    assert form.count('value="rejected"') == 1 and "findings=none" in form
    assert "checked" not in form, "the choice to stay is kept"
    assert f'href="/review/{one.pk}/?findings=none' in page, (
        "links lead back to a page that can be read again"
    )
    assert client.post(f"/review/{one.pk}/decide", {"state": "closed"}).status_code == 400
    assert not Review.objects.filter(state="rejected").exists()


def test_what_the_form_does_not_know_is_a_doubt_and_stands_under_the_answers(sent, phone, sign_in):
    extra = (
        EXTRA.format(name="Koubi")
        + "<newq>hello</newq><place><newer>a</newer></place><kin><sex>f</sex></kin>"
    )
    phone.send(instance("uuid:9", extra=extra + "<start>x</start><blank/><kin><sex>m</sex></kin>"))
    run_until_idle()
    one, plain = Submission.objects.get(instance_id="uuid:9"), sent(1)
    assert not plain.doubts.filter(code="review.unknown_answers").exists()
    doubt = one.doubts.get(code="review.unknown_answers")
    assert doubt.values == {"count": 3, "paths": "newq, place/newer, kin/sex"}
    address = f"/review/{one.pk}/"
    page = body(sign_in("data_manager").get(address))
    assert "ne connaît pas</h3>" not in body(sign_in("data_manager", name="b").get(f"/review/{plain.pk}/"))
    other = body(sign_in("information_officer").get(address))
    assert "3 (newq, place/newer, kin/sex)" in page and "3 (newq, place/newer, kin/sex)" in other
    under = page.split("Réponses que le formulaire ne connaît pas")[1]
    assert under.index("hello") < under.index("place/newer") and under.count("kin/sex") == 2
    assert "hello" not in other and "<code>newq</code>" in other, "what has no class may be confidential"


def test_ten_elements_that_the_form_does_not_know_are_named_and_all_are_counted(sent, phone):
    phone.send(instance("uuid:9", extra="".join(f"<q{n}>v</q{n}>" for n in range(12))))
    run_until_idle()
    doubt = Submission.objects.get(instance_id="uuid:9").doubts.get(code="review.unknown_answers")
    assert doubt.values["count"] == 12 and doubt.values["paths"].endswith("q9 …")
