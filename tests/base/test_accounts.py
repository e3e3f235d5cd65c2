"""Sign-in: nobody enters alone, nobody guesses, and every entry leaves its trace."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal import auth
from click.testing import CliRunner
from django.contrib.auth import authenticate, get_user
from django.core.cache import cache
from django.core.management import call_command
from django.db import IntegrityError
from django.urls import reverse

from taama.base import actions
from taama.base.commands import account
from taama.base.errors import TaamaError
from taama.base.models import JournalEntry, Organisation
from taama.base.periods import local_today
from taama.base.policy import OPERATOR
from taama.base.viewers import viewer_of_user

PASSWORD = "dune-fleuve-marché-42"


@pytest.fixture
def awa(db):
    call_command("createcachetable", verbosity=0)
    cache.clear()
    return actions.create_account(by=OPERATOR, username="awa", password=PASSWORD, simulated=True)


def sign_in(client, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": "awa", "password": password})


def test_who_knows_the_password_enters_and_it_is_noted(client, awa):
    assert sign_in(client).status_code == 302
    assert JournalEntry.objects.filter(action="base.signed_in", object_id=str(awa.pk)).exists()


def test_guessing_is_stopped_even_for_the_right_password(client, awa):
    for _ in range(6):
        sign_in(client, "wrong")
    sign_in(client)
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up_alone(client, db):
    call_command("createcachetable", verbosity=0)
    answer = client.post(
        reverse("account_signup"), {"username": "me", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert not Organisation.objects.exists()
    assert "_auth_user_id" not in client.session
    assert answer.status_code in (200, 403)


def test_passwords_are_kept_with_argon2(awa):
    assert awa.password.startswith("argon2$")


def membership(user, **dates):
    organisation, _ = Organisation.objects.get_or_create(
        code="dnds", defaults={"name": "D", "kind": "directorate"}
    )
    return actions.give_membership(
        by=OPERATOR,
        user=user,
        organisation=organisation,
        role="data_manager",
        area="ML05@2021-12-20",
        **dates,
    )


def test_a_membership_counts_only_on_its_days(awa):
    today = local_today()
    membership(awa, from_date=today - timedelta(days=9), to_date=today - timedelta(days=1))
    membership(awa, from_date=today + timedelta(days=1))
    assert viewer_of_user(awa).standings == ()
    membership(awa, from_date=today)
    assert viewer_of_user(awa).areas("data_manager") == {"ML05@2021-12-20"}


def test_a_closed_account_is_nobody_at_once(client, awa):
    membership(awa)
    sign_in(client)
    actions.close_account(by=OPERATOR, user=awa)
    assert viewer_of_user(awa).standings == ()
    assert get_user(client).is_anonymous, "an open session ends too"
    client.logout()
    sign_in(client)
    assert "_auth_user_id" not in client.session


def test_a_membership_cannot_end_before_it_begins(awa):
    today = local_today()
    with pytest.raises(IntegrityError):
        membership(awa, from_date=today, to_date=today - timedelta(days=1))


def test_answers_carry_the_strict_policies(client, db):
    answer = client.get("/health")
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_an_office_makes_its_organisations_and_accounts_on_the_command_line(db):
    from click.testing import CliRunner

    from taama.base.commands import account, organisation

    run = CliRunner().invoke
    assert run(organisation, ["add", "dnds", "Développement social", "--kind", "directorate"]).exit_code == 0
    made = run(account, ["add", "awa", "--organisation", "dnds", "--role", "data_manager"])
    user = authenticate(username="awa", password=made.output.strip())
    assert [s.role for s in viewer_of_user(user).standings] == ["data_manager"]
    assert "Gestionnaire de données (dnds)" in run(account, ["list"]).output
    run(account, ["close", "awa"])
    assert authenticate(username="awa", password=made.output.strip()) is None


def test_a_name_that_is_taken_is_refused_with_a_reason(awa):
    with pytest.raises(TaamaError) as refused:
        actions.create_account(by=OPERATOR, username="awa", password=PASSWORD)
    assert refused.value.code == "base.account_exists"


def test_a_second_factor_is_set_up_on_a_page_that_may_show_its_drawing(client, awa):
    sign_in(client)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate/")
    assert page.status_code == 200 and b"data:image" in page.content
    assert "img-src 'self' data:" in page["Content-Security-Policy"]
    assert "data:" not in client.get("/account/2fa/")["Content-Security-Policy"]
    secret = re.search(r'value="([A-Z2-7]{32})"', page.content.decode())[1]
    answer = client.post("/account/2fa/totp/activate/", {"code": code_now(secret)})
    assert answer.status_code == 302
    client.logout()
    assert sign_in(client).url.startswith("/account/2fa/authenticate")
    assert "_auth_user_id" not in client.session


def code_now(secret):
    """What an authenticator app shows now."""
    return auth.format_hotp_value(auth.hotp_value(secret, next(iter(auth.yield_hotp_counters_from_time()))))


@pytest.mark.parametrize(
    "path", ["signup/", "password/reset/", "password/reset/key/1-x/", "email/", "confirm-email/"]
)
def test_what_would_need_mail_says_who_helps_instead(client, db, path):
    answer = client.get(f"/account/{path}", headers={"Accept-Language": "fr"})
    text = answer.content.decode()
    assert answer.status_code == 200 and "administrateur de votre organisation" in text
    assert "<form" not in text


def test_pages_of_sign_in_offer_nothing_that_is_not_there(client, awa):
    text = client.get(reverse("account_login"), headers={"Accept-Language": "fr"}).content.decode()
    assert "/account/signup/" not in text and 'name="remember"' not in text
    wrong = client.post(
        reverse("account_login"), {"login": "awa", "password": "x"}, headers={"Accept-Language": "fr"}
    )
    assert "nom d&#x27;utilisateur ou le mot de passe est incorrect" in wrong.content.decode()
    sign_in(client)
    assert client.session.get_expire_at_browser_close()


def test_a_password_too_near_the_name_is_refused_in_french(client, awa):
    sign_in(client)
    given = {"oldpassword": PASSWORD, "password1": "awa", "password2": "awa"}
    text = client.post(
        reverse("account_change_password"), given, headers={"Accept-Language": "fr"}
    ).content.decode()
    assert "nom d&#x27;utilisateur" in text and "username" not in text.partition("<main")[2].replace(
        'name="username"', ""
    )


def test_who_lost_password_and_phone_gets_in_again_by_the_administrator(client, awa):
    sign_in(client)
    auth.TOTP.activate(awa, auth.generate_totp_secret())
    told = CliRunner().invoke(account, ["password", "awa", "--drop-factor"])
    assert told.exit_code == 0
    assert client.get(reverse("mfa_index")).status_code == 302, "the old session goes on"
    client.logout()
    assert sign_in(client, told.output.strip()).url == "/"
    assert JournalEntry.objects.filter(action="base.drop_second_factor", object_id=str(awa.pk)).exists()
