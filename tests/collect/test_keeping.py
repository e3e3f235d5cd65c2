"""What waits of no known form goes after a time that the page tells; a known form's own rule is never cut short."""

from datetime import timedelta

import pytest
from django.utils import timezone

from taama.base.models import JournalDetail, JournalEntry
from taama.base.periods import local_today
from taama.base.policy import OPERATOR
from taama.base.work import run_until_idle
from taama.collect.actions.quarantine import release_quarantined
from taama.collect.methods.keeping import kept_until
from taama.collect.models import Attachment, Quarantined, Submission
from taama.forms.models import Form
from tests.collect.phone import instance

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_work(settings, tmp_path):
    """The days on which the worker ran: the last nine."""
    settings.TAAMA_DATA_DIR = tmp_path
    days = [str(timezone.localdate() - timedelta(days=before)) for before in range(1, 10)]
    (tmp_path / "days").write_text("\n".join(days))
    return tmp_path / "days"


@pytest.fixture
def waiting(phone, form, settings):
    """One of each kind, as old as they are asked to be: unknown form, no XML at all, old version of a known form."""
    settings.TAAMA_KEEP_ASIDE_DAYS = 100
    phone.send(instance("uuid:unknown", form="nowhere"), [("a.jpg", b"a face")])
    phone.send(b"<broken")
    phone.send(instance("uuid:version", version="9"))

    def waiting(days):
        Quarantined.objects.update(received_at=timezone.now() - timedelta(days=days))
        run_until_idle(["expire"])
        return dict(Quarantined.objects.order_by("code").values_list("code", "state"))

    return waiting


def test_nothing_goes_before_its_day(waiting):
    assert set(waiting(99).values()) == {"waiting"}


def test_what_belongs_to_no_known_form_goes_on_its_day_and_the_journal_says_so(waiting):
    assert waiting(101) == {
        "collect.form_unknown": "erased",
        "collect.version_unknown": "waiting",
        "collect.xml_unreadable": "erased",
    }
    gone = Quarantined.objects.get(instance_id="uuid:unknown")
    assert (gone.raw, gone.reason) == (None, "expired")
    entry = JournalEntry.objects.get(action="collect.erase_expired", object_id=str(gone.pk))
    assert entry.actor == "worker"
    assert not JournalDetail.objects.filter(entry__object_id=str(gone.pk)).exists()
    assert not Attachment.objects.filter(quarantined=gone).exists()


def test_nothing_goes_by_a_clock_that_leapt(waiting, at_work):
    at_work.write_text(str(timezone.localdate() - timedelta(days=40)))
    assert set(waiting(101).values()) == {"waiting"}


def test_a_known_forms_own_rule_holds_also_when_it_is_longer(waiting):
    Form.objects.update(keep_days=400)
    assert waiting(399)["collect.version_unknown"] == "waiting"
    assert waiting(401)["collect.version_unknown"] == "erased"


def test_an_edit_that_waits_has_its_own_days(phone, form, at_work):
    """What is taken in after it was put aside leaves no trace when it goes; a younger edit of it still waits."""
    Form.objects.update(keep_days=90)
    phone.send(instance("uuid:1", version="9"))
    first = release_quarantined(by=OPERATOR, quarantined=Quarantined.objects.get())
    phone.send(instance("uuid:2", version="9", deprecated="uuid:1"))
    for found in (Submission.objects, Quarantined.objects.filter(state="released")):
        found.update(received_at=timezone.now() - timedelta(days=91))
    run_until_idle(["expire"])
    first.refresh_from_db()
    assert first.state == "erased"
    states = dict(Quarantined.objects.values_list("instance_id", "state"))
    assert states == {"uuid:1": "erased", "uuid:2": "waiting"}


def test_a_form_that_is_published_in_time_saves_what_waits_for_it(waiting, publish):
    publish(
        source="""
| survey   |         |         |         |
|          | type    | name    | label |
|          | integer | people  | Combien |
| settings |         |         |
|          | form_id | version |
|          | nowhere | 1       |
"""
    )
    assert waiting(500)["collect.form_unknown"] == "waiting"


def test_an_office_may_keep_without_limit(waiting, settings):
    settings.TAAMA_KEEP_ASIDE_DAYS = 0
    assert set(waiting(5000).values()) == {"waiting"}


def test_pages_say_until_when(waiting, sign_in):
    waiting(10)
    client, day = sign_in("data_manager"), (local_today() + timedelta(days=90)).strftime("%d/%m/%Y")
    listed = client.get("/submissions/aside/").content.decode()
    assert listed.count(f">{day}</td>") == 2 and listed.count(">jour d'une décision</td>") == 1
    item = Quarantined.objects.get(instance_id="uuid:unknown")
    shown = client.get(f"/submissions/aside/{item.pk}/").content.decode()
    assert "Conservé jusqu'au" in shown and f"{day}, puis effacé" in shown
    client.post(f"/submissions/aside/{item.pk}/discard", {"reason": "essai"})
    soon = (local_today() + timedelta(days=30)).strftime("%d/%m/%Y")
    assert f"{soon}, puis effacé" in client.get(f"/submissions/aside/{item.pk}/").content.decode()


@pytest.mark.parametrize("days", [1, 400])
@pytest.mark.parametrize("form_days", [None, 1, 400])
def test_the_page_and_the_sweep_agree(days, form_days):
    """The day shown is the day on which the sweep takes it: neither sooner nor later."""
    came = timezone.now()
    known = kept_until(came, None, form_days, True, days)
    assert known == (None if form_days is None else came + timedelta(days=form_days))
    assert kept_until(came, None, None, False, days) == came + timedelta(days=days)
    assert kept_until(came, came, form_days, True, days) == came + timedelta(days=30)
