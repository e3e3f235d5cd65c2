"""Nothing that others wrote runs on the address of the office, wherever a browser is led."""

import pytest

from taama.collect.models import Device
from taama.forms.actions.shelf import Shelf
from taama.forms.models import FormDraft, FormVersion
from tests.collect.phone import VERSION

pytestmark = pytest.mark.django_db
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HANDED_OUT = ("a.svg", "a.html", "a.xhtml", "a.js", "a")
USED = ("a.jpg", "a.png", "a.csv", "a.mp3", "a.mp4", "a.xml")


def checked(answer):
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    return answer


@pytest.fixture(params=["/openrosa", "/key/", "/draft/"])
def base(request, form, phone, monkeypatch):
    """(prefix, address of the form, address of its files) of a phone; under /openrosa it has proved who it is."""
    version = FormVersion.objects.get()
    Shelf(form_version=version).keep(dict.fromkeys((*HANDED_OUT, *USED), SVG))
    if request.param == "/draft/":
        draft = FormDraft.objects.create(
            filename="f.md", source=b"", state=FormDraft.State.READY, form_id="count", title="T",
            xform=bytes(version.xform), token="t" * 32, changed_at=version.published_at,
        )  # fmt: skip
        Shelf(draft=draft).keep(dict.fromkeys((*HANDED_OUT, *USED), SVG))
        return f"/draft/{draft.token}", "/form.xml", "/media/"
    if request.param == "/openrosa":
        monkeypatch.setattr("taama.phones.views.openrosa._proved", lambda _: (Device.objects.get(), False))
    start = "/openrosa" if request.param == "/openrosa" else phone.base
    return start, f"/forms/{version.pk}.xml", f"/forms/{version.pk}/media/"


def test_every_answer_to_a_phone_is_alone_whoever_opens_it(base, client):
    start, form, media = base
    for address in ("/formList", form, form.replace(".xml", "/manifest"), "/manifest", "/nowhere"):
        checked(client.get(start + address, headers=VERSION))
    checked(client.head(start + "/submission", headers=VERSION))
    checked(client.post(start + "/submission", b"", content_type="text/plain", headers=VERSION))
    known = client.get(start + form)["ETag"]
    again = checked(client.get(start + form, headers={"If-None-Match": known}))
    assert again.status_code == 304


def test_files_that_a_browser_could_run_are_only_handed_out(base, client):
    start, _, media = base
    for name in HANDED_OUT:
        answer = checked(client.get(f"{start}{media}{name}"))
        assert (answer.status_code, answer["Content-Disposition"]) == (200, "attachment"), name
    for name in USED:
        answer = checked(client.get(f"{start}{media}{name}"))
        assert answer.status_code == 200 and not answer.has_header("Content-Disposition"), name
        assert answer.content == SVG
