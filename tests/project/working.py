"""Steps of the tests of operations; see `tests.project.steps`."""

import shutil
import time
from datetime import timedelta

FORM = """
| survey   |          |         |          |
|          | type     | name    | label    |
|          | text     | note    | Note     |
|          | image    | photo   | Photo du site |
| settings |          |         |          |
|          | form_id  | version | form_title |
|          | visit    | 1       | Visite   |
"""


def small_office(mark):
    """A form that nobody reads, a phone and an account. Returns what is needed to use them."""
    from django.core.management import call_command

    from taama.base.actions import create_account, give_membership, register_organisation
    from taama.base.policy import OPERATOR
    from taama.base.work import run_until_idle
    from taama.forms.actions.publishing import publish_form
    from taama.phones.actions import create_device

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    publish_form(by=OPERATOR, source=FORM.encode(), filename="visit.md")
    owner = register_organisation(by=OPERATOR, code="dnds", name="DNDS", kind="directorate")
    made = create_device(by=OPERATOR, username=f"{mark}-gao", organisation=owner, label=f"{mark}-phone")
    username, password = f"{mark}-user", f"{mark}-Pass-word-1"
    user = create_account(by=OPERATOR, username=username, password=password, name=f"{mark} Name")
    give_membership(by=OPERATOR, user=user, organisation=owner, role="data_manager")
    run_until_idle()
    return {"token": made.token, "username": username, "password": password}


def phone():
    """A phone's token, and an assessment that it might send."""
    from tests.project import steps

    xml = steps._rewritten(steps._assessments()[0].raw).decode()
    return {
        "token": steps._phone().base.removeprefix("/key/"), "assessment": xml,
        "instance": xml.partition("<instanceID>")[2].partition("<")[0],
    }  # fmt: skip


def read_all_again():
    """As if nothing had ever been read: no lake, everything waits. Returns how many."""
    from django.conf import settings

    from taama.collect.models import Submission

    shutil.rmtree(settings.TAAMA_LAKE)
    read = Submission.objects.filter(state__in=["derived", "held"])
    return read.update(state="pending", attempted=False, derived_at=None)


def work(batch, seconds):
    """A worker as `taama run` has one, with small batches and short leases, until it is killed."""
    from taama.base import work as working
    from taama.collect.tasks import deriving

    deriving.BATCH, working.LEASE_SECONDS = int(batch), float(seconds)
    working.Worker().run()


def work_until_idle():
    from taama.base import work as working

    return working.run_until_idle()


def hold_lease(seconds, where):
    """Hold the lake's lease until killed; `elsewhere`: as a process of another machine does."""
    from taama.base import work as working

    if where == "elsewhere":
        working._machine = lambda: "elsewhere/5f3a/1"
    with working.lease("lake", seconds=float(seconds)) as held:
        assert held
        time.sleep(600)


def try_lease(seconds):
    from taama.base import work as working

    taken = []
    with working.lease("lake", seconds=float(seconds)) as held:
        taken.append(held)
    return taken[0]


def expire(mark):
    """Two submissions with a file each, one older than its form may keep: what the worker's sweep leaves of them."""
    from django.conf import settings
    from django.utils import timezone

    from taama.base import files
    from taama.base.tasks import empty_log
    from taama.collect.models import Attachment, Submission
    from taama.collect.tasks.keeping import erase_expired
    from taama.forms.models import Form
    from tests.project.steps import _phone

    files.GRACE_SECONDS = 0
    files.forget.__defaults__ = (0,)
    Form.objects.filter(form_id="visit").update(keep_days=30)
    at_work = [timezone.localdate() - timedelta(days=ago) for ago in (10, 5)]  # for longer than a week
    (settings.TAAMA_DATA_DIR / "days").write_text("\n".join(map(str, at_work)), "utf-8")
    sender, names = _phone(), {}
    for name in ("old", "new"):
        xml = f'<data id="visit" version="1"><note>{mark} {name}</note><photo>{name}.jpg</photo>'
        xml += f"<meta><instanceID>uuid:{name}</instanceID></meta></data>"
        assert sender.send(xml.encode(), [(f"{name}.jpg", name.encode())]).status_code == 201
        names[name] = Attachment.objects.get(filename=f"{name}.jpg").sha256
    Submission.objects.filter(instance_id="uuid:old").update(received_at=timezone.now() - timedelta(days=31))
    erase_expired()
    empty_log()
    states = dict(
        Submission.objects.filter(instance_id__in=["uuid:old", "uuid:new"]).values_list(
            "instance_id", "state"
        )
    )
    everything = b"".join(p.read_bytes() for p in settings.TAAMA_DATA_DIR.glob("taama.sqlite3*"))
    return {
        "erased": [n for n in names if states[f"uuid:{n}"] == "erased"],
        "kept": [n for n in names if states[f"uuid:{n}"] != "erased"],
        "bytes_left": f"{mark} old".encode() in everything,
        "file_left": files.path_of(names["old"]).exists() or not files.path_of(names["new"]).exists(),
        "again": erase_expired(),
    }  # fmt: skip


def tamper():
    """Change one sealed entry, as somebody with the database in hands could."""
    from taama.base.models import JournalEntry

    JournalEntry.objects.filter(sequence=2).update(actor="somebody else")
    return True
