"""Files that an instance names and that have not come: whatever the order and number of requests."""

import itertools

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from taama.base.policy import OPERATOR
from taama.collect import queries
from taama.collect.actions.reading import note_files
from taama.collect.actions.removal import erase_submission, withdraw_submission
from taama.collect.commands import submission as commands
from taama.collect.methods.named import files_named
from taama.collect.models import NamedFile, Submission
from taama.collect.tasks.naming import note_named_files
from tests.collect.phone import instance, multipart
from tests.collect.sealing_phone import sealed

pytestmark = pytest.mark.django_db
FORM = """
| survey   |              |         |          |
|          | type         | name    | label    |
|          | integer      | people  | Combien ?|
|          | image        | photo   | Photo    |
|          | begin_repeat | houses  | Maisons  |
|          | file         | plan    | Plan     |
|          | end_repeat   |         |          |
|          | text         | note    | Note     |
|          | audit        | audit   |          |
| settings |              |         |          |
|          | form_id      | version |          |
|          | pictures     | 1       |          |
"""


def filled(name, photo="p.jpg", plans=(), note="n.jpg", audit="audit.csv", deprecated=""):
    houses = "".join(f"<houses><plan>{plan}</plan></houses>" for plan in plans)
    edits = f"<deprecatedID>{deprecated}</deprecatedID>" if deprecated else ""
    return (
        f'<data id="pictures" version="1"><people>1</people><photo>{photo}</photo>{houses}<note>{note}</note>'
        f"<meta><audit>{audit}</audit><instanceID>{name}</instanceID>{edits}</meta></data>"
    ).encode()


@pytest.fixture(autouse=True)
def pictures(publish):
    return publish(source=FORM, personal="offered").form


def the(name):
    return Submission.objects.get(instance_id=name)


def missing(name):
    while note_named_files():
        pass
    return queries.missing_files(OPERATOR, the(name))


def listed():
    found = queries.submissions(OPERATOR, missing_files=True)
    return sorted(found.values_list("instance_id", flat=True))


@pytest.mark.parametrize("order", list(itertools.permutations(["p.jpg", "a b.pdf", "audit.csv"])))
def test_of_several_requests_what_has_not_come_is_missing(phone, order):
    xml = filled("uuid:1", plans=["a b.pdf", ""])
    left = set(order)
    for file in order:
        fields = (
            [("*isIncomplete*", "yes")] if file == order[0] else []
        )  # it proves nothing: clients forget it
        assert phone.send(xml, [(file, b"x")], fields).status_code == 201
        left.discard(file)
        assert missing("uuid:1") == sorted(left)
        assert listed() == (["uuid:1"] if left else [])


def test_without_any_file_all_that_files_answer_is_missing_and_a_text_is_no_file(phone):
    phone.send(filled("uuid:1", plans=["a.pdf", "b.pdf", "a.pdf"]))
    assert missing("uuid:1") == ["a.pdf", "audit.csv", "b.pdf", "p.jpg"]


def test_what_was_not_answered_and_what_came_twice_is_not_missing(phone):
    xml = filled("uuid:1", photo="", audit="")
    phone.send(xml)
    assert missing("uuid:1") == [] == listed()
    xml = filled("uuid:2", audit="")
    phone.send(xml, [("p.jpg", b"one")])
    phone.send(xml, [("p.jpg", b"other bytes")])
    assert missing("uuid:2") == []


def test_names_in_another_form_of_unicode_and_with_a_path_are_found(phone):
    phone.send(filled("uuid:1", photo="/sdcard/e\u0301cole.jpg", audit=""), [("\u00e9cole.jpg", b"x")])
    assert missing("uuid:1") == []


def test_an_edit_asks_for_what_it_names_and_gets_what_came_late_for_its_original(phone):
    first = filled("uuid:1", audit="", plans=["old.pdf"])
    phone.send(first)
    phone.send(filled("uuid:2", audit="", plans=["new.pdf"], deprecated="uuid:1"))
    assert missing("uuid:2") == ["new.pdf", "p.jpg"]
    assert listed() == ["uuid:2"], "nobody waits for the files of what was replaced"
    phone.send(first, [("p.jpg", b"late"), ("old.pdf", b"late")])
    assert missing("uuid:2") == ["new.pdf"]


def test_what_is_out_of_use_misses_nothing_and_what_is_erased_leaves_no_name(phone):
    phone.send(filled("uuid:1")), phone.send(filled("uuid:2"))
    assert missing("uuid:1") and listed() == ["uuid:1", "uuid:2"]
    withdraw_submission(by=OPERATOR, submission=the("uuid:1"), reason="test")
    erase_submission(by=OPERATOR, submission=the("uuid:2"), reason="test")
    assert listed() == []
    assert not NamedFile.objects.filter(submission=the("uuid:2"))


def test_an_encrypted_form_misses_what_its_envelope_names(phone):
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048).public_key()
    manifest, files = sealed(
        key, "pictures", "1", "uuid:s", filled("uuid:s"), [("p.jpg", b"x"), ("q.jpg", b"y")]
    )
    phone.post(multipart(manifest, files[:1]))
    assert missing("uuid:s") == ["q.jpg.enc", "submission.xml.enc"]
    phone.post(multipart(manifest, files[1:]))
    assert missing("uuid:s") == []


def test_pages_and_command_say_what_is_missing(phone, sign_in):
    phone.send(filled("uuid:1"), [("audit.csv", b"event,node")])
    phone.send(filled("uuid:2", audit=""), [("p.jpg", b"x")])
    missing("uuid:1")
    page = sign_in("data_manager").get("/submissions/?files=missing").content.decode()
    assert page.count("</tr>") == 2 and str(the("uuid:1").pk) in page
    assert "fichiers manquants</span>" in page
    assert "p.jpg" in phone.client.get(f"/submissions/{the('uuid:1').pk}/").content.decode()
    told = CliRunner().invoke(commands, ["list", "--missing-files"], catch_exceptions=False).output
    assert "uuid:1" in told and "p.jpg" in told and "uuid:2" not in told
    assert (
        "uuid:2"
        in CliRunner().invoke(commands, ["list", "--form", "pictures"], catch_exceptions=False).output
    )


def test_a_manager_of_another_area_sees_none_of_it(phone, sign_in, mali):
    phone.send(filled("uuid:1"))
    missing("uuid:1")
    elsewhere = sign_in("data_manager", area="ML07@2021-12-20").get("/submissions/?files=missing")
    assert str(the("uuid:1").pk) not in elsewhere.content.decode()


@given(names=st.lists(st.text("abé /.", min_size=1, max_size=8), max_size=6))
def test_each_name_in_a_repeat_is_found_once(names):
    xml = "<data>" + "".join(f"<r><f>{name}</f></r>" for name in names) + "</data>"
    found = files_named(xml.encode(), frozenset({"r/f"}))
    assert len(found) <= len([name for name in names if name.strip()])
    assert all("/" not in name and name for name in found)


def test_the_page_of_a_plain_form_says_nothing_of_files(phone, form, sign_in):
    phone.send(instance("uuid:1", photo=""))
    missing("uuid:1")
    page = sign_in("data_manager").get(f"/submissions/{the('uuid:1').pk}/").content.decode()
    assert "Fichiers manquants" not in page


def test_what_is_erased_while_it_is_looked_at_leaves_no_names(phone):
    phone.send(filled("uuid:1"))
    one = the("uuid:1")
    erase_submission(by=OPERATOR, submission=one, reason="asked for")
    note_files(by=OPERATOR, named={one.pk: {"p.jpg"}})
    assert not NamedFile.objects.exists() and the("uuid:1").files_noted
