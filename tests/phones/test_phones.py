"""Accounts of phones: secrets shown once, codes that set a phone up, and the end of an account."""

import base64
import json
import re
import zlib

import pytest
from click.testing import CliRunner

from taama.base.errors import NotAllowed, TaamaError
from taama.base.models import JournalDetail
from taama.base.policy import ANONYMOUS, OPERATOR, Standing, Viewer
from taama.collect.models import Device
from taama.forms import commands as forms_commands
from taama.forms import queries as forms_queries
from taama.forms.methods.settings_code import settings_code
from taama.phones import commands, queries
from taama.phones.actions import create_device, revoke_device
from tests.collect.phone import VERSION

pytestmark = pytest.mark.django_db


def run(command, *arguments):
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_secret_is_nowhere_in_the_clear(new_device):
    stored = Device.objects.values().get()
    assert new_device.secret not in str(stored) and new_device.token not in str(stored)
    assert new_device.secret not in str(list(JournalDetail.objects.values()))


def test_two_phones_differ_in_everything(new_device, organisation):
    other = create_device(by=OPERATOR, username="gao-2", organisation=organisation)
    assert other.secret != new_device.secret and other.token != new_device.token
    assert queries.device_token(OPERATOR, other.device) == other.token


@pytest.mark.parametrize("name", ["", "a b", "é", 'x"', "a:b", "-a", "x" * 61])
def test_a_name_must_fit_into_headers(organisation, name):
    with pytest.raises(TaamaError):
        create_device(by=OPERATOR, username=name, organisation=organisation)


def test_a_name_is_given_once(new_device, organisation):
    with pytest.raises(TaamaError) as caught:
        create_device(by=OPERATOR, username="gao-1", organisation=organisation)
    assert caught.value.code == "phones.device_exists"


@pytest.mark.parametrize(
    "viewer", [ANONYMOUS, Viewer("device", "d"), Viewer("signed_in", "u", (Standing("o", "partner"),))]
)
def test_others_make_revoke_and_see_no_phones(new_device, organisation, viewer):
    with pytest.raises(NotAllowed):
        create_device(by=viewer, username="x", organisation=organisation)
    with pytest.raises(NotAllowed):
        revoke_device(by=viewer, device=new_device.device)
    with pytest.raises(NotAllowed):
        queries.device_token(viewer, new_device.device)


def test_the_settings_code_holds_an_address_and_no_password(new_device):
    decoded = json.loads(
        zlib.decompress(base64.b64decode(settings_code("http://10.0.0.2:8000/key/t", "Gao")))
    )
    assert decoded["general"]["server_url"] == "http://10.0.0.2:8000/key/t"
    assert decoded["general"]["form_update_mode"] == "match_exactly"
    assert decoded["general"]["autosend"] == "wifi_and_cellular"
    assert decoded["general"]["delete_send"] is True
    assert not {"password", "username"} & set(decoded["general"])


def test_the_command_line_makes_shows_and_revokes(organisation, form, client, tmp_path):
    told = run(commands.device, "add", "kayes-1", "--organisation", "iom", "--label", "Équipe 1")
    path = re.search(r"/key/\S+", told)[0]
    assert client.get(f"{path}/formList", headers=VERSION).status_code == 200
    assert "kayes-1" in run(commands.device, "list")
    for name in ("code.svg", "code.png"):
        run(
            commands.device,
            "qr",
            "kayes-1",
            "--server",
            "http://10.0.0.2:8000",
            "--output",
            str(tmp_path / name),
        )
        assert (tmp_path / name).stat().st_size > 200
    assert len(run(commands.device, "qr", "kayes-1", "--server", "http://10.0.0.2:8000")) > 500
    run(commands.device, "revoke", "kayes-1")
    with pytest.raises(TaamaError, match="phones.device_revoked"):
        run(commands.device, "qr", "kayes-1", "--server", "http://10.0.0.2:8000")
    assert client.get(f"{path}/formList", headers=VERSION).status_code == 403


def test_the_command_line_publishes_and_closes_forms(db, tmp_path):
    from tests.collect.phone import FORM

    (tmp_path / "count.md").write_text(FORM.format(version="7"))
    assert "7" in run(forms_commands.form, "publish", str(tmp_path / "count.md"), "--keep-days", "30")
    assert "count" in run(forms_commands.form, "list")
    run(forms_commands.form, "close", "count")
    assert forms_queries.form_named(OPERATOR, "count").state == "closed"
    run(forms_commands.form, "reopen", "count")
    assert forms_queries.form_named(OPERATOR, "count").keep_days == 30


def test_an_unknown_name_is_an_error_with_a_remedy(db):
    with pytest.raises(TaamaError) as caught:
        CliRunner().invoke(commands.device, ["revoke", "nobody"], catch_exceptions=False)
    assert caught.value.code == "phones.device_unknown"
