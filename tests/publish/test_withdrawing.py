"""A published snapshot is withdrawn: 410 with reason and replacement everywhere, kept answers too, and nothing is deleted."""

import html
import json
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from django.urls import reverse
from django.utils.translation import override

from taama.base import journal
from taama.base.errors import NotAllowed, TaamaError
from taama.base.models import JournalEntry, Membership, Organisation, Role, User
from taama.base.policy import ANONYMOUS, OPERATOR
from taama.base.viewers import viewer_of_user
from taama.figures.actions import PUBLISHERS, withdraw_snapshot
from taama.figures.models import PublishedFigure, Snapshot
from taama.project.commands.facts import facts
from taama.publish.commands import snapshot
from tests.snapshots import COUNTRY, figure

pytestmark = pytest.mark.django_db

REASON = "Ménaka y est comptée deux fois."
WRONG, RIGHT = 911_911, 378_363


@pytest.fixture
def two(publish):
    """S1 is wrong, S2 is right."""
    return [
        publish([figure("idp_present", COUNTRY, "2024-09-30", value)], title=f"Total {value}")
        for value in (WRONG, RIGHT)
    ]


@pytest.fixture
def account(db):
    office = Organisation.objects.create(code="dnds", name="DNDS", kind="directorate")

    def make(role):
        user = User.objects.create_user(role, password="un mot de passe long")
        Membership.objects.create(
            user=user, organisation=office, role=role, from_date=date.today() - timedelta(days=1)
        )
        return user

    return make


def addresses(snapshot):
    number, one = snapshot.number, snapshot.figures.get().pk
    return [
        f"/?snapshot={number}", f"/area/{COUNTRY}?snapshot={number}", f"/flow?snapshot={number}", f"/figure/{one}",
        reverse("report", args=[number, "fr"]), reverse("dataset", args=[number, "figures.csv"]),
        reverse("dataset", args=[number, "taama.zip"]), reverse("dataset", args=[number, "datapackage.json"]),
        f"/api/v1/figures?snapshot={number}", f"/api/v1/figures/{one}",
    ]  # fmt: skip


def test_everything_of_it_answers_410_with_the_reason_also_what_was_kept_before(client, two):
    wrong, right = two
    before = {address: client.get(address) for address in addresses(wrong)}
    assert {answer.status_code for answer in before.values()} == {200}
    withdraw_snapshot(by=OPERATOR, number=1, reason=REASON, replaced_by=2)
    for address, answer in before.items():
        gone = client.get(address, headers={"if-none-match": answer.get("ETag", "")})
        assert gone.status_code == 410, address
        said = str(gone.json()) if address.startswith("/api") else html.unescape(gone.content.decode())
        assert REASON in said and "S2" in said and "911" not in said, address
    assert {client.get(address).status_code for address in addresses(right)} == {200}


def test_other_snapshots_show_nothing_of_it(client, two):
    wrong, right = two
    whys = f"/figure/{right.figures.get().pk}"
    assert "911\u202f911" in client.get(whys).content.decode()
    withdraw_snapshot(by=OPERATOR, number=1, reason=REASON)
    assert "911\u202f911" not in client.get(whys).content.decode()
    revisions = client.get(f"/api/v1/figures/{right.figures.get().pk}").json()["revisions"]
    assert [one["snapshot"] for one in revisions] == ["S2"]


def test_the_newest_that_stands_is_read_and_its_number_is_never_given_again(client, two, publish):
    withdraw_snapshot(by=OPERATOR, number=2, reason=REASON)
    assert client.get("/").status_code == 200 and client.get("/api/v1/figures").json()["snapshot"] == "S1"
    assert publish([figure("idp_present", COUNTRY, "2024-09-30", 5)]).number == 3


def test_nothing_is_deleted_and_the_journal_names_who(two, account):
    by = viewer_of_user(account("validator"))
    withdraw_snapshot(by=by, number=1, reason=REASON)
    assert PublishedFigure.objects.get(snapshot=two[0]).value == WRONG
    entry = JournalEntry.objects.filter(action="figures.withdraw_snapshot").get()
    assert entry.actor == by.id


@pytest.mark.parametrize("role", sorted(set(Role.values) - set(PUBLISHERS)))
def test_who_may_not_publish_may_not_withdraw(client, two, account, role):
    user = account(role)
    with pytest.raises(NotAllowed):
        withdraw_snapshot(by=viewer_of_user(user), number=1, reason=REASON)
    client.force_login(user)
    assert client.post("/snapshots/1/withdraw", {"reason": REASON}).status_code == 403
    assert "/snapshots/1/withdraw" not in client.get("/snapshots").content.decode()
    assert Snapshot.objects.get(number=1).withdrawn_at is None


def test_a_reader_without_an_account_may_not(client, two):
    with pytest.raises(NotAllowed):
        withdraw_snapshot(by=ANONYMOUS, number=1, reason=REASON)
    assert client.post("/snapshots/1/withdraw", {"reason": REASON}).status_code == 302
    assert client.get("/?snapshot=1").status_code == 200


def test_from_the_list_to_the_withdrawal_and_its_replacement_named_later(client, two, account):
    client.force_login(account("information_officer"))
    assert "/snapshots/1/withdraw" in client.get("/snapshots").content.decode()
    assert client.post("/snapshots/1/withdraw", {"reason": " "}).status_code == 422
    assert client.post("/snapshots/1/withdraw", {"reason": REASON})["Location"] == "/snapshots"
    listed = html.unescape(client.get("/snapshots").content.decode())
    assert REASON in listed and 'href="/?snapshot=1"' not in listed
    assert REASON in html.unescape(client.get("/data").content.decode())
    client.post("/snapshots/1/withdraw", {"reason": "autre", "replaced_by": "2"})
    kept = Snapshot.objects.get(number=1)
    assert (kept.withdrawn_reason, kept.replaced_by.number) == (REASON, 2)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"number": 9, "reason": REASON}, "figures.no_snapshot"),
        ({"number": 1, "reason": " "}, "figures.withdrawal_needs_a_reason"),
        ({"number": 1, "reason": REASON, "replaced_by": 1}, "figures.no_replacement"),
        ({"number": 1, "reason": REASON, "replaced_by": 9}, "figures.no_snapshot"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(two, asked, code):
    with pytest.raises(TaamaError) as refused:
        withdraw_snapshot(by=OPERATOR, **asked)
    assert refused.value.code == code and not Snapshot.objects.filter(withdrawn_at__isnull=False).exists()


def test_a_replacement_that_is_withdrawn_itself_passes_on_to_its_own(client, two, publish):
    publish([figure("idp_present", COUNTRY, "2024-09-30", 5)])
    withdraw_snapshot(by=OPERATOR, number=1, reason=REASON, replaced_by=2)
    withdraw_snapshot(by=OPERATOR, number=2, reason="Fausse aussi.", replaced_by=3)
    assert "S3" in client.get("/?snapshot=1").content.decode()


def test_programs_are_told_in_the_list_of_snapshots(client, two):
    withdraw_snapshot(by=OPERATOR, number=1, reason=REASON, replaced_by=2)
    right, wrong = client.get("/api/v1/snapshots").json()["results"]
    assert (wrong["withdrawn_reason"], wrong["replaced_by"], wrong["files"]) == (REASON, 2, {})
    assert wrong["withdrawn_at"] and right["withdrawn_at"] is None
    error = json.loads(client.get("/api/v1/figures?snapshot=1").content)["error"]
    assert error["code"] == "figures.withdrawn_replaced" and REASON in error["cause"]


def test_the_commands_withdraw_and_say_what_is_withdrawn(two):
    run = CliRunner().invoke
    assert run(snapshot, ["withdraw", "1"]).exception.code == "figures.withdrawal_needs_a_reason"
    with override("fr"):
        done = run(
            snapshot, ["withdraw", "1", "--reason", REASON, "--replaced-by", "2"], catch_exceptions=False
        )
        assert "S1 est retiré" in done.output
        assert (
            f"retiré le {date.today():%Y}" in (listed := run(facts, ["snapshots"]).output)
            and REASON in listed
        )


def test_the_command_keeps_the_replacement_that_it_is_not_told(two):
    withdraw_snapshot(by=OPERATOR, number=1, reason=REASON, replaced_by=2)
    done = CliRunner().invoke(snapshot, ["withdraw", "1"])
    assert (done.exit_code, Snapshot.objects.get(number=1).replaced_by.number) == (0, 2), done.output


def test_a_reason_that_is_too_long_is_told(two):
    with pytest.raises(TaamaError, match="figures.reason_too_long"):
        withdraw_snapshot(by=OPERATOR, number=1, reason="x" * 501)


def test_facts_as_of_a_position_are_held_against_withdrawn_snapshots_too(two):
    withdraw_snapshot(by=OPERATOR, number=1, reason=REASON)
    journal.seal()
    position = Snapshot.objects.get(number=1).position
    with override("fr"):
        done = CliRunner().invoke(facts, ["rebuild", "--as-of", str(position)])
        beyond = CliRunner().invoke(facts, ["rebuild", "--as-of", "999999999"])
    assert "S1 (retiré)" in done.output
    assert beyond.exception.code == "project.no_position"
    assert beyond.exception.values["last"] == journal.position()
