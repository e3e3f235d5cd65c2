"""Clocks wrong by years, on the phone and in the office: nothing is lost, doubled, locked out, held up or erased."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from taama.base import work
from taama.base.models import Lease
from taama.collect.methods.keeping import clock_is_settled
from taama.collect.models import Submission
from taama.collect.tasks import deriving, keeping
from taama.facts import engines
from taama.forms.models import Form
from taama.phones.methods import digest
from tests.blackbox.taama_office import TaamaOffice
from tests.blackbox.wire import filled, new_id, xform
from tests.collect import toy
from tests.collect.odk_collect import OdkCollect
from tests.collect.phone import FORM, instance
from tests.phones.test_openrosa import proof

DAY = 86_400
YEAR = 365 * DAY
SKEWED = Path(__file__).with_name("skewed")
DATABASES = [None, pytest.param("postgres_url", marks=pytest.mark.postgres)]
VERIFY = """
import django; django.setup()
from taama.base import journal
while journal.seal(): pass
print(vars(journal.verify()))
"""


@pytest.fixture(autouse=True)
def data_apart(settings, tmp_path):
    settings.TAAMA_DATA_DIR = tmp_path


def restart(office, seconds):
    """The office's computer starts again, with another time."""
    office.server.kill()
    office.server.environment |= {"PYTHONPATH": str(SKEWED), "SKEW_SECONDS": str(seconds)}
    office.server.start()


@pytest.mark.slow
@pytest.mark.parametrize("database", DATABASES)
def test_an_office_whose_clock_leaps_by_years_takes_everything(tmp_path, request, database):
    office = TaamaOffice(tmp_path / "office", database and request.getfixturevalue(database))
    office.publish(xform("number"))
    by_key, by_digest = (
        OdkCollect(tmp_path / "a"),
        OdkCollect(tmp_path / "b", office.phone.name, office.phone.secret),
    )
    by_key.scan(office.settings_code(office.phone))
    by_digest.scan(office.settings_code(office.phone))
    settings = (tmp_path / "b" / "settings.json").read_text().replace(office.phone.base, office.unkeyed)
    (tmp_path / "b" / "settings.json").write_text(settings)
    line, sent = [], {}
    for number, seconds in enumerate((0, -10 * YEAR, 40 * YEAR, 0)):
        restart(office, seconds)
        for phone, name in ((by_key, new_id()), (by_digest, new_id()), (by_key, new_id())):
            edits = line[-1] if line and phone is by_key else None
            xml = filled(
                "number", name, {"people": str(number), "end": f"{1970 + 40 * number}-01-01"}, edits=edits
            )
            phone.fill(name[5:], xml)
            phone.send_all()
            assert phone.waiting == [], phone.shown[-3:]
            sent[name] = xml
            line += [name] if phone is by_key else []
    assert all(office.kept("number", name).raw == xml for name, xml in sent.items())
    assert [office.kept("number", name).current for name in line] == [False] * (len(line) - 1) + [True]
    assert all(office.count(name) == 1 for name in sent)
    office.server.environment["SKEW_SECONDS"] = "0"
    assert "'broken_at': None" in office.server.python(VERIFY)
    office.stop()


@pytest.mark.django_db
def test_an_edit_that_is_older_by_the_clock_than_what_it_edits_takes_its_place(
    phone, publish, test_tools, monkeypatch
):
    publish("1", FORM.format(version="1").replace("integer", "text   "), tool="toy")
    phone.send(instance("uuid:1", people=3))
    while deriving.derive_pending():
        pass
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() - timedelta(days=3650))
    monkeypatch.setattr("taama.base.models.uuid_utils.compat.uuid7", older_ids())
    assert phone.send(instance("uuid:2", people=30, deprecated="uuid:1")).status_code == 201
    while deriving.derive_pending():
        pass
    assert engines.collect(engines.read(toy.COUNT))["people"].to_list() == [30]
    assert Submission.objects.get(instance_id="uuid:2").pk < Submission.objects.get(instance_id="uuid:1").pk


def older_ids():
    from tests.collect.skewed import sitecustomize

    sitecustomize.SKEW = -10 * YEAR
    return sitecustomize.uuid7


@pytest.mark.django_db
def test_a_challenge_from_the_future_is_renewed_and_opens_nothing_for_years(
    form, client, new_device, settings
):
    nonce = digest.nonce(settings.SECRET_KEY.encode(), timezone.now().timestamp() + 10 * YEAR)
    header = proof(new_device.secret, "GET", "/openrosa/formList", nonce)
    answer = client.get("/openrosa/formList", headers={"X-OpenRosa-Version": "1.0", "Authorization": header})
    assert answer.status_code == 401
    assert "stale=true" in answer["WWW-Authenticate"]


@pytest.mark.django_db
def test_a_lease_that_runs_for_years_is_a_clock_that_was_wrong(monkeypatch):
    work.take_lease("lake", holder="elsewhere/5f3a/1:77:1")
    Lease.objects.update(until=timezone.now() + timedelta(days=3650))
    assert work.take_lease("lake", holder="b"), "facts would wait for ten years"
    Lease.objects.update(holder=work.this_holder(), until=timezone.now() + timedelta(days=3650))
    assert not work.take_lease("lake", holder="c"), "a living process of this machine has it"


@pytest.mark.django_db
@pytest.mark.parametrize("leap", [45, 3650])
def test_a_clock_that_leapt_ahead_erases_nothing(phone, form, monkeypatch, leap):
    Form.objects.update(keep_days=30)
    real, ahead = timezone.now, []
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(days=sum(ahead)))
    work_for(20, ahead)
    phone.send(instance("uuid:a"))
    ahead.append(leap)
    phone.send(instance("uuid:b"))
    for _ in range(7):
        assert keeping.erase_expired() == 0
        assert bytes(Submission.objects.get(instance_id="uuid:a").raw), "it would be gone for good"
        work_for(1, ahead)
    assert keeping.erase_expired() > 0, "the office has worked with this clock for a week: it is right"
    assert Submission.objects.get(instance_id="uuid:a").raw is None


def work_for(days, ahead):
    """The worker runs on each of these days; nobody sends anything."""
    for _ in range(days):
        keeping.erase_expired()
        ahead.append(1)


@pytest.mark.django_db
def test_an_office_where_nobody_sends_any_more_still_erases(phone, form, monkeypatch):
    Form.objects.update(keep_days=200)
    phone.send(instance("uuid:a"))
    real, ahead = timezone.now, [190]
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(days=sum(ahead)))
    work_for(12, ahead)
    assert Submission.objects.get().raw is None


@given(leap=st.integers(8, 4000), before=st.integers(0, 60), after=st.integers(0, 6))
def test_no_leap_of_more_than_a_week_passes_for_the_right_time(leap, before, after):
    first = date(2026, 1, 1)
    last = first + timedelta(days=before + leap)
    days = [first + timedelta(days=n) for n in range(before + 1)]
    days += [last + timedelta(days=n) for n in range(after)]
    assert not clock_is_settled(days, last + timedelta(days=after))


@pytest.mark.django_db
def test_what_may_be_kept_for_a_year_is_erased_after_a_year(phone, form, settings):
    Form.objects.update(keep_days=365)
    week = [str(timezone.localdate() - timedelta(days=days)) for days in range(1, 9)]
    (settings.TAAMA_DATA_DIR / "days").write_text("\n".join(week))
    phone.send(instance("uuid:a"))
    Submission.objects.update(received_at=timezone.now() - timedelta(days=366))
    assert keeping.erase_expired() == 1
