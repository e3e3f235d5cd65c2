"""Pages of exports: asked for, waited for, fetched in pieces; nothing of it for anybody else."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from taama.base.models import JournalEntry, Membership
from taama.base.policy import OPERATOR
from taama.base.work import run_until_idle
from taama.collect.actions.removal import withdraw_submission
from taama.collect.models import Submission
from taama.desk.models import Export, Renaming
from taama.desk.queries import exports as queries
from taama.desk.views import exports as views
from tests.desk.household import ADAMA, members, rows, send

CHOSEN = {
    "key": "0199f000-0000-7000-8000-000000000001",
    "format": "csv",
    "language": "fr",
    "multiples": "list",
    "groups": "1",
}


@pytest.fixture
def manager(sign_in, monkeypatch):
    monkeypatch.setattr(views, "PATIENCE_SECONDS", 0)
    return sign_in("data_manager")


def ask(client, **more):
    return client.post("/exports/forms/hh", CHOSEN | more)


def test_a_file_is_asked_for_waited_for_and_fetched(manager, households):
    assert "Ménages" in manager.get("/exports/").content.decode()
    page = ask(manager, labels="1", states=["unread"])
    assert page.url == f"/exports/{CHOSEN['key']}/"
    waiting = manager.get(page.url).content.decode()
    assert 'http-equiv="refresh"' in waiting
    run_until_idle(["exports"])
    ready = manager.get(page.url).content.decode()
    assert "Télécharger" in ready
    assert "refresh" not in ready
    answer = manager.get(f"{page.url}file")
    assert answer["Content-Type"] == "application/zip"
    asked = Export.objects.get()
    assert asked.options == {"labels": True, "multiples": "list", "groups": True}
    assert asked.filters == {"states": ["unread"]}
    assert len(b"".join(answer.streaming_content)) == asked.bytes


def test_sent_twice_it_is_asked_for_once(manager, households):
    ask(manager)
    ask(manager)
    assert Export.objects.count() == 1


def test_a_broken_download_goes_on_where_it_broke(manager, households):
    address = ask(manager).url + "file"
    run_until_idle(["exports"])
    whole = b"".join(manager.get(address).streaming_content)
    tag = manager.get(address)["ETag"]
    first = manager.get(address, headers={"Range": "bytes=0-99"})
    rest = manager.get(address, headers={"Range": "bytes=100-", "If-Range": tag})
    assert (first.status_code, rest.status_code) == (206, 206)
    pressed = manager.get(address, headers={"Accept-Encoding": "gzip"})
    assert pressed["ETag"] == tag and b"".join(pressed.streaming_content) == whole, "compressed again on its way"
    assert rest["Content-Range"] == f"bytes 100-{len(whole) - 1}/{len(whole)}"
    assert b"".join(first.streaming_content) + b"".join(rest.streaming_content) == whole
    last = manager.get(address, headers={"Range": "bytes=-7"})
    assert b"".join(last.streaming_content) == whole[-7:]
    assert manager.get(address, headers={"Range": "bytes=100-", "If-Range": '"other"'}).status_code == 200
    beyond = manager.get(address, headers={"Range": f"bytes={len(whole)}-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(whole)}")


@pytest.mark.parametrize("asked", ["9" * 5000 + "-", "-" + "9" * 5000, "٣-٤", "0-" + "9" * 5000])
def test_a_range_of_very_many_digits_is_none(manager, households, asked):
    address = ask(manager).url + "file"
    run_until_idle(["exports"])
    assert manager.get(address, headers={"Range": f"bytes={asked}"}).status_code == 200


def test_nobody_else_fetches_it(manager, households, client, sign_in):
    page = ask(manager).url
    run_until_idle(["exports"])
    sign_in("data_manager", name="other")
    assert [client.get(page).status_code, client.get(f"{page}file").status_code] == [404, 404]
    sign_in("partner")
    assert client.get("/exports/").status_code == 403
    client.logout()
    assert client.get(f"{page}file").status_code == 302


def test_a_role_in_an_area_takes_out_what_lies_in_it(mali, households, sign_in, monkeypatch):
    monkeypatch.setattr(views, "PATIENCE_SECONDS", 0)
    gao = mali_area("Gao")
    Submission.objects.filter(instance_id="uuid:adama").update(area=gao)
    client = sign_in("data_manager", area=gao)
    ask(client)
    run_until_idle(["exports"])
    assert Export.objects.get().rows == 1


def test_the_page_counts_what_the_file_will_hold_for_whom_it_is(mali, households, sign_in, monkeypatch):
    monkeypatch.setattr(views, "PATIENCE_SECONDS", 0)
    replaced = b"<instanceID>uuid:a2</instanceID><deprecatedID>uuid:adama</deprecatedID>"
    send(ADAMA.replace(b"<instanceID>uuid:adama</instanceID>", replaced))
    withdraw_submission(
        by=OPERATOR, submission=Submission.objects.get(instance_id="uuid:empty"), reason="test"
    )
    Submission.objects.filter(instance_id="uuid:a2").update(area=mali_area("Gao"))
    for at, area in enumerate(("", mali_area("Gao"), mali_area("Mopti"))):
        client = sign_in("data_manager", area=area, name=f"m{at}")
        counted = client.get("/exports/").context["forms"].get().submission_count
        ask(client, key=f"0199f000-0000-7000-8000-00000000000{at}")
        run_until_idle(["exports"])
        assert counted == Export.objects.order_by("-asked_at").first().rows == (2, 1, 0)[at]


def test_a_role_that_ended_before_the_file_was_made_gets_none(manager, households):
    ask(manager)
    Membership.objects.all().delete()
    run_until_idle(["exports"])
    assert Export.objects.get().state == "failed"


def test_each_download_is_in_the_journal(manager, households):
    page = ask(manager, states=["unread"]).url
    run_until_idle(["exports"])
    manager.head(f"{page}file")
    assert not JournalEntry.objects.filter(action="desk.fetch_export").exists()
    manager.get(f"{page}file")
    taken, asked = JournalEntry.objects.get(action="desk.fetch_export"), Export.objects.get()
    assert (taken.actor, taken.object_id) == (str(asked.asked_by_id), str(asked.pk))
    assert taken.detail.changes["fetches"] == [0, 1]
    assert (asked.form, asked.sensitivity_class, asked.filters) == (households, 2, {"states": ["unread"]})
    shown = manager.get(page).content.decode()
    assert "une fois, le" in shown and "Collecté seulement" in shown


def test_a_role_that_narrowed_since_gets_no_file_of_the_wider_right(mali, manager, households):
    gao = mali_area("Gao")
    Submission.objects.filter(instance_id="uuid:adama").update(area=gao)
    page = ask(manager).url
    run_until_idle(["exports"])
    held = Membership.objects.all()
    held.update(area=gao)
    refused = manager.get(f"{page}file")
    assert refused.status_code == 403
    assert "votre rôle ou sa zone a changé" in refused.content.decode()
    assert "Télécharger" not in manager.get(page).content.decode()
    assert not JournalEntry.objects.filter(action="desk.fetch_export").exists()
    again = ask(manager, key="0199f000-0000-7000-8000-000000000002").url
    run_until_idle(["exports"])
    assert manager.get(f"{again}file").status_code == 200
    held.update(area="")
    assert manager.get(f"{page}file").status_code == 200


def test_a_form_that_became_confidential_gives_no_file(manager, households, monkeypatch):
    page = ask(manager).url
    run_until_idle(["exports"])
    monkeypatch.setattr(queries, "LAKE_LIMIT", 1)
    assert manager.get(f"{page}file").status_code == 403


def test_the_last_of_all_days_is_a_day(manager, households):
    ask(manager, last_day="9999-12-31")
    run_until_idle(["exports"])
    assert Export.objects.get().rows == 3


def mali_area(name):
    from taama.base.policy import OPERATOR
    from taama.places import queries as places

    return places.areas(OPERATOR, version=places.country(OPERATOR).current, level=1).get(name=name).key


def test_names_are_proposed_and_kept(manager, households):
    page = manager.get("/exports/forms/hh/names").content.decode()
    assert "size = household_size" in page
    answer = manager.post("/exports/forms/hh/names", {"pairs": "size = household_size\n"})
    assert answer.status_code == 302
    assert Renaming.objects.get().pairs == {"size": "household_size"}
    assert manager.post("/exports/forms/hh/names", {"pairs": "size household_size"}).status_code == 400
    assert (
        "size = household_size"
        in manager.get("/exports/forms/hh/names").content.decode().partition("</textarea>")[0]
    )


def test_a_file_is_deleted_by_its_owner(manager, households):
    page = ask(manager).url
    run_until_idle(["exports"])
    manager.post(f"{page}delete")
    run_until_idle(["old_exports"])
    assert manager.get(f"{page}file").status_code == 404


def test_the_command_writes_the_file(households, tmp_path, monkeypatch):
    from taama.desk.commands import export_form

    done = CliRunner().invoke(export_form, ["hh", "-o", str(tmp_path / "hh.zip"), "--version", "1"])
    assert done.exit_code == 0, done.output
    assert [row["_key"] for row in rows(members(tmp_path / "hh.zip")["formulaire.csv"])] == ["uuid:adama"]


@pytest.mark.parametrize(
    ("format_", "name", "ending"), [("csv", "hh.csv", ".zip"), ("xlsx", "hh.zip", ".xlsx")]
)
def test_a_file_is_never_written_under_a_name_that_lies(households, tmp_path, format_, name, ending):
    from taama.desk.commands import export_form

    done = CliRunner().invoke(export_form, ["hh", "--format", format_, "-o", str(tmp_path / name)])
    assert done.exception.code == "desk.export_name" and done.exception.values["ending"] == ending[1:]
    assert not (tmp_path / name).exists()


def test_web_processes_load_no_dataframes():
    code = (
        "import sys, django; django.setup();"
        "from django.urls import get_resolver; get_resolver().url_patterns;"
        "sys.exit(any(name in sys.modules for name in ('polars', 'pyarrow', 'pandas', 'pyreadstat')))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
