"""A form before it is published, tried on a phone under an address of its own."""

import pytest

from tests.blackbox.behaviours import CENTRAL, behaviour
from tests.blackbox.office import answered
from tests.blackbox.wire import ask, filled, listed, needed, new_id, openrosa, send, xform

SUBMISSIONS = f"{CENTRAL}/api/submissions.js"
TEST = f"{CENTRAL}/api/forms/test.js"
PLACES = "name,label\nML05,Mopti\n"
OVER = "403 as for any key that opens nothing; Central says 404"


@pytest.fixture
def form_id():
    return f"draft{new_id()[5:13]}"


@pytest.fixture
def draft(office, form_id):
    return office.draft(xform(form_id, lists=["places.csv"]), {"places.csv": PLACES})


@behaviour("The address of a draft lists that draft alone", f"{TEST} L79")
def test_list(draft, form_id):
    assert set(listed(draft.base)) == {form_id}


@behaviour(
    "The draft, its manifest and its files are served under its address", f"{TEST} L103, L210, L277, L341"
)
def test_files(draft, form_id):
    entry = listed(draft.base)[form_id]
    assert ask(entry["downloadUrl"]).text == xform(form_id, lists=["places.csv"])
    assert entry["manifestUrl"].startswith(draft.base)
    assert ask(needed(entry["manifestUrl"])["places.csv"]["downloadUrl"]).text == PLACES


@behaviour("A draft without files has an empty manifest", f"{TEST} L194")
def test_empty_manifest(office, form_id):
    made = office.draft(xform(form_id))
    assert needed(f"{made.base}/manifest") == {}


@behaviour(
    "A key that is no draft's opens none", f"{TEST} L60, L177, L269, L328; {SUBMISSIONS} L1114", differs=OVER
)
def test_wrong_key(office, draft, form_id):
    key = draft.base.partition("/draft/" if office.name == "taama" else "/test/")[2].partition("/")[0]
    other = draft.base.replace(key, "a" * len(key))
    answers = [
        openrosa(f"{other}/formList"),
        openrosa(f"{other}/manifest"),
        send(other, filled(form_id, new_id())),
    ]
    assert {answer.status for answer in answers} == {answered(office, taama=403, central=404)}


@behaviour("What is sent to a draft is kept apart and is no submission", f"{SUBMISSIONS} L974, L1123")
def test_sent_to_it(office, draft, form_id):
    name = new_id()
    xml = filled(form_id, name)
    assert openrosa(f"{draft.base}/submission", "HEAD").status == 204
    assert send(draft.base, xml).status == 201
    assert office.tried(draft, name) == xml
    office.publish_draft(draft)
    assert office.kept(form_id, name) is None


@behaviour("A draft can be filled under any version", f"{SUBMISSIONS} L1435")
def test_any_version(office, draft, form_id):
    name = new_id()
    assert send(draft.base, filled(form_id, name, version="never")).status == 201
    assert office.tried(draft, name)


@behaviour("A draft is not in the list of phones before it is published", f"{CENTRAL}/api/forms/list.js L274")
def test_not_listed(office, base, draft, form_id):
    assert form_id not in listed(base)
    office.publish_draft(draft)
    assert form_id in listed(base)


@behaviour(
    "Once it is published its address is over",
    f"{TEST} L18, L31, L137, L245, L290; {SUBMISSIONS} L1086",
    differs=OVER,
)
def test_published(office, draft, form_id):
    office.publish_draft(draft)
    answers = [openrosa(f"{draft.base}/formList"), send(draft.base, filled(form_id, new_id()))]
    assert {answer.status for answer in answers} == {answered(office, taama=403, central=404)}


@behaviour(
    "Once it is deleted its address is over",
    f"{TEST} L47, L156, L257, L308; {SUBMISSIONS} L1100",
    differs=OVER,
)
def test_deleted(office, draft, form_id):
    office.delete_draft(draft)
    answers = [openrosa(f"{draft.base}/formList"), send(draft.base, filled(form_id, new_id()))]
    assert {answer.status for answer in answers} == {answered(office, taama=403, central=404)}
