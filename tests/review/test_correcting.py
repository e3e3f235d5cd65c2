"""Corrections: the bytes that were sent never change, the reason stays, and no later edit undoes one unseen."""

import pytest

from taama.base import registry as sweeps
from taama.base.errors import NotAllowed, TaamaError
from taama.base.policy import OPERATOR
from taama.base.viewers import viewer_of_user
from taama.base.work import run_until_idle
from taama.collect.actions.quarantine import release_quarantined
from taama.collect.models import Quarantined, Submission
from taama.facts import engines
from taama.review.actions.correcting import RulesBroken, correct, settle
from taama.review.models import Correction
from taama.review.queries import reviewing
from tests.collect.phone import instance
from tests.collect.toy import COUNT
from tests.review.test_review import LOOK
from tests.review.test_review_pages import EXTRA, FORM, body

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("test_tools")]


@pytest.fixture
def sent(publish, phone, monkeypatch):
    monkeypatch.setitem(sweeps._SWEEPS, "look", LOOK)
    publish(source=FORM, tool="toy", personal="no")
    phone.send(instance("uuid:1", people=30, extra=EXTRA.format(name="Koubi")))
    run_until_idle()
    return lambda name="uuid:1": Submission.objects.get(instance_id=name)


def people():
    return sorted(engines.collect(engines.read(COUNT))["people"].to_list())


def fix(submission, path="people", value="3", rows=(), reason="un zéro de trop"):
    made = correct(by=OPERATOR, submission=submission, path=path, rows=rows, value=value, reason=reason)
    run_until_idle()
    return Submission.objects.get(pk=made.pk)


def test_the_corrected_value_counts_and_the_bytes_sent_stay(sent):
    raw = bytes(sent().raw)
    made = fix(sent())
    assert people() == [3]
    assert bytes(sent().raw) == raw and sent().state == "replaced"
    told = Correction.objects.get()
    assert (told.before, told.after, told.reason, told.submission) == ("30", "3", "un zéro de trop", made)
    assert made.review.state == "edited"


def test_an_answer_in_a_row_is_corrected_in_that_row(sent):
    made = fix(sent(), path="kin/age", rows=(2,), value="8")
    assert b"<age>31</age>" in bytes(made.raw) and b"<age>8</age>" in bytes(made.raw)


def test_corrections_follow_one_another(sent):
    second = fix(fix(sent()), path="place/name", value="Koubi Est")
    assert [one.instance_id for one in reviewing.line(OPERATOR, second)][0] == "uuid:1"
    assert b"<people>3</people>" in bytes(second.raw) and people() == [3]


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("people", "30", "nothing_changed"),
        ("people", "trente", "value_wrong"),
        ("place/known", "peut-être", "value_wrong"),
        ("meta/instanceID", "uuid:x", "no_such_answer"),
        ("photo", "x.jpg", "no_such_answer"),
    ],
)
def test_what_is_no_answer_is_refused(sent, path, value, code):
    with pytest.raises(TaamaError, match=code):
        fix(sent(), path=path, value=value)
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("name", ["uuid:1", ""])
def test_what_has_no_name_of_its_own_in_its_bytes_is_corrected_too(sent, phone, sign_in, name):
    """Released beside what it contradicts, or sent by an old app without any name."""
    raw = instance("uuid:1", people=31, extra=EXTRA.format(name="Koubi"))
    phone.send(raw if name else raw.replace(b"<instanceID>uuid:1</instanceID>", b""))
    for aside in Quarantined.objects.all():
        release_quarantined(by=OPERATOR, quarantined=aside)
    run_until_idle()
    odd = Submission.objects.exclude(instance_id="uuid:1").get()
    page = body(sign_in("data_manager").get(f"/review/{odd.pk}/"))
    assert "instanceID" not in page and "uuid:1" not in page
    made = fix(odd, value="32")
    assert made.replaces == odd and 32 in people()


STRICT = FORM.replace(
    "| | type | name | label::Français (fr) | label::English (en) |",
    "| | type | name | label::Français (fr) | label::English (en) | required | constraint | relevant | constraint_message::Français (fr) |",
).replace(
    "| | integer | people | Combien de personnes à ${name} ? | How many people in ${name}? |",
    "| | integer | people | Combien de personnes à ${name} ? | How many people in ${name}? | yes | . < 1000 | ${known} = 'yes' | Pas plus de mille. |",
)


@pytest.fixture
def strict(publish, phone, monkeypatch):
    monkeypatch.setitem(sweeps._SWEEPS, "look", LOOK)
    publish(source=STRICT, personal="no")
    phone.send(instance("uuid:1", people=30, extra=EXTRA.format(name="Koubi")))
    run_until_idle()
    return Submission.objects.get()


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("people", "5000", "logic.constraint_broken"),
        ("people", "", "logic.required_missing"),
        ("place/known", "no", "logic.not_asked"),
    ],
)
def test_what_the_form_does_not_allow_is_taken_knowingly_only_and_noted(strict, path, value, code):
    with pytest.raises(RulesBroken) as told:
        fix(strict, path=path, value=value)
    assert [one.code for one in told.value.breaches] == [code]
    assert Submission.objects.count() == 1 and not Correction.objects.exists()
    made = correct(by=OPERATOR, submission=strict, path=path, rows=(), value=value, reason="vu", despite=True)
    noted = Correction.objects.get(submission=made)
    assert [one["code"] for one in noted.despite] == [code] and noted.reason == "vu"


def test_what_was_broken_before_elsewhere_asks_for_no_confirmation(strict):
    worse = correct(
        by=OPERATOR, submission=strict, path="people", rows=(), value="5000", reason="vu", despite=True
    )
    assert not fix(worse, path="place/name", value="Koubi Est").corrections.get().despite
    with pytest.raises(RulesBroken):
        fix(Submission.objects.get(replaced_by=None), path="people", value="6000")


def test_the_page_shows_what_the_form_says_and_asks(strict, sign_in):
    client, address = sign_in("data_manager"), f"/review/{strict.pk}/correct?spot=people@"
    asked = body(client.post(address, {"value": "5000", "reason": "recompté"}))
    assert "Pas plus de mille." in asked and "Corriger quand même" in asked
    assert 'value="5000"' in asked and 'value="recompté"' in asked and ">30<" in asked
    other = client.post(address, {"value": "6000", "reason": "recompté", "despite": "5000"})
    assert "Corriger quand même" in body(other), "what was confirmed is one value"
    client.post(address, {"value": "5000", "reason": "recompté", "despite": "5000"})
    made = Submission.objects.get(replaces=strict)
    assert "Corrigé quand même, malgré une règle du formulaire." in body(client.get(f"/review/{made.pk}/"))


def test_of_a_version_that_was_replaced_only_its_own_corrections_are_shown(strict, sign_in):
    second = fix(strict, value="31", reason="la première fois")
    third = fix(second, value="32", reason="la seconde fois")
    client = sign_in("data_manager")
    pages = [body(client.get(f"/review/{one.pk}/")) for one in (strict, second, third)]
    shown = [("la première fois" in page, "la seconde fois" in page) for page in pages]
    assert shown == [(False, False), (True, False), (True, True)]
    assert all(f"/review/{third.pk}/" in page for page in pages) and "/correct?" not in pages[0]


def test_a_correction_needs_a_reason_and_the_right(sent, sign_in):
    with pytest.raises(TaamaError, match="reason_missing"):
        fix(sent(), reason=" ")
    from taama.base.models import User

    sign_in("information_officer")
    reader = viewer_of_user(User.objects.get(username="information_officer"))
    with pytest.raises(NotAllowed):
        correct(by=reader, submission=sent(), path="people", rows=(), value="3", reason="x")


def test_what_was_corrected_already_is_not_corrected_from_an_old_page(sent):
    fix(sent())
    with pytest.raises(TaamaError, match="no_longer_current"):
        fix(sent(), value="4")


@pytest.fixture
def conflict(sent, phone):
    """The desk corrected the people; then the phone edits the name, knowing nothing of it."""
    made = fix(sent())
    edit = instance("uuid:2", people=30, deprecated="uuid:1", extra=EXTRA.format(name="Koubi Ouest"))
    phone.send(edit)
    run_until_idle()
    return made, Quarantined.objects.get()


def test_a_later_edit_does_not_undo_a_correction_unseen(conflict):
    made, aside = conflict
    assert people() == [3]
    assert reviewing.conflicts(OPERATOR, reviewing.line(OPERATOR, made)) == [aside]


def test_both_changes_are_kept(conflict):
    _made, aside = conflict
    taken = settle(by=OPERATOR, aside=aside, way="both", reason="les deux sont justes")
    run_until_idle()
    raw = bytes(Submission.objects.get(pk=taken.pk).raw)
    assert b"Koubi Ouest" in raw and b"<people>3</people>" in raw and people() == [3]


def test_the_edit_alone_undoes_the_correction_knowingly(conflict):
    settle(by=OPERATOR, aside=conflict[1], way="phone", reason="l'équipe a recompté")
    run_until_idle()
    assert people() == [30]


def test_the_present_version_is_kept(conflict):
    settle(by=OPERATOR, aside=conflict[1], way="present", reason="erreur du téléphone")
    run_until_idle()
    assert people() == [3]
    assert reviewing.conflicts(OPERATOR, reviewing.line(OPERATOR, conflict[0])) == []


def test_where_both_changed_an_answer_the_phone_is_not_overruled(sent, phone):
    fix(sent())
    phone.send(instance("uuid:2", people=33, deprecated="uuid:1", extra=EXTRA.format(name="Koubi")))
    settle(by=OPERATOR, aside=Quarantined.objects.get(), way="both", reason="recompté")
    run_until_idle()
    assert people() == [33]


def test_the_pages_show_before_after_who_and_why(conflict, sign_in):
    made, aside = conflict
    client = sign_in("data_manager")
    page = body(client.get(f"/review/{made.pk}/"))
    assert "un zéro de trop" in page and f"/conflict/{aside.pk}" in page
    three = body(client.get(f"/review/{made.pk}/conflict/{aside.pk}"))
    assert "Koubi Ouest" in three and "30" in three
    form = body(client.get(f"/review/{made.pk}/correct?spot=kin/age@2"))
    assert 'value="7"' in form
    answer = client.post(f"/review/{made.pk}/correct?spot=kin/age@2", {"value": "9", "reason": "rappelé"})
    assert (
        answer.status_code == 302 and Correction.objects.filter(path="kin/age", rows="2", after="9").exists()
    )


def test_several_answers_are_ticked_in_the_words_of_the_form(publish, phone, sign_in):
    asked = "| | image | photo | Photo | Photo |"
    choices = "| | need | eau | Eau potable | Water |\n| | need | abri | Abris | Shelter |\n| settings |"
    form = FORM.replace(asked, f"{asked}\n| | select_multiple need | needs | Besoins | Needs |")
    publish(source=form.replace("| settings |", choices), personal="no")
    phone.send(instance("uuid:1", extra="<needs>eau</needs>"))
    client, submission = sign_in("data_manager"), Submission.objects.get()
    page = body(client.get(f"/review/{submission.pk}/correct?spot=needs@"))
    assert 'value="eau" checked' in page and "Abris" in page and "Codes" not in page
    client.post(
        f"/review/{submission.pk}/correct?spot=needs@", {"value": ["eau", "abri"], "reason": "rappelé"}
    )
    assert Correction.objects.get().after == "eau abri"


@pytest.mark.parametrize(
    "spot", ["", "nothing@", "people@9", "kin/age@7", "kin/age@x", "../people@", "a@²", "a@" + "9" * 5000]
)
def test_a_wrong_place_in_the_address_breaks_nothing(sent, sign_in, spot):
    client = sign_in("data_manager")
    told = {"value": "1", "reason": "x"}
    assert client.get(f"/review/{sent().pk}/correct", {"spot": spot}).status_code in (200, 404)
    assert client.post(f"/review/{sent().pk}/correct?spot={spot}", told).status_code in (302, 400)
