"""Edits: a filled form that comes in the place of an earlier one."""

import pytest

from tests.blackbox.behaviours import CENTRAL, behaviour
from tests.blackbox.office import answered
from tests.blackbox.test_receiving import ASIDE, put_aside
from tests.blackbox.wire import filled, new_id, send

SUBMISSIONS = f"{CENTRAL}/api/submissions.js"
BOTH = {"film": "film.mp4", "photo": "photo.jpg"}


@pytest.fixture
def first(base):
    """The name of a submission that was taken."""
    name = new_id()
    assert send(base, filled("number", name, {"people": "1"})).status == 201
    return name


@behaviour("An edit of what is not known", f"{SUBMISSIONS} L757; Kobo openrosa tests", differs=ASIDE)
def test_of_the_unknown(office, base):
    xml = filled("number", new_id(), edits=new_id())
    put_aside(office, send(base, xml), xml, otherwise=404)


@behaviour("An edit of what was edited already", f"{SUBMISSIONS} L768; Kobo openrosa tests", differs=ASIDE)
def test_of_what_is_not_current(office, base, first):
    second, third = new_id(), filled("number", new_id(), edits=first)
    assert send(base, filled("number", second, edits=first)).status == 201
    put_aside(office, send(base, third), third, otherwise=409)
    assert office.kept("number", second).current


@behaviour("An edit under the name of an older version is refused with 409", f"{SUBMISSIONS} L786")
def test_under_a_known_name(office, base, first):
    second = new_id()
    assert send(base, filled("number", second, edits=first)).status == 201
    assert send(base, filled("number", first, edits=second)).status == 409
    assert office.kept("number", second).current


@behaviour("An edit of a submission of another form", f"{SUBMISSIONS} L757", differs=ASIDE)
def test_of_another_form(office, base, first):
    xml = filled("pictures", new_id(), edits=first)
    put_aside(office, send(base, xml), xml, otherwise=404)


@behaviour(
    "An edit is taken and stands in the place of what it edits; every version is kept", f"{SUBMISSIONS} L815"
)
def test_taken(office, base, first):
    second = new_id()
    xml = filled("number", second, {"people": "2"}, edits=first)
    assert send(base, xml).status == 201
    assert (office.kept("number", second).raw, office.kept("number", second).current) == (xml, True)
    assert not office.kept("number", first).current
    assert b"<people>1</people>" in office.kept("number", first).raw


@behaviour("The same edit again is no second edit", f"{SUBMISSIONS} L933")
def test_again(office, base, first):
    xml = filled("number", new_id(), edits=first)
    assert [send(base, xml).status for _ in range(3)] == [201] * 3


@behaviour("An edit of an edit takes its place in turn", f"{SUBMISSIONS} L815")
def test_a_chain(office, base, first):
    names = [first, new_id(), new_id(), new_id()]
    for former, name in zip(names, names[1:], strict=False):
        assert send(base, filled("number", name, edits=former)).status == 201
    assert [office.kept("number", name).current for name in names] == [False, False, False, True]


@behaviour(
    "An edit of an answer to a form that was closed since",
    f"{SUBMISSIONS} L831, L850 (there set aside)",
    differs="closing stops new answers, not corrections",
)
def test_closed_since(office, base, own_form):
    name, second = new_id(), new_id()
    assert send(base, filled(own_form, name)).status == 201
    office.close(own_form)
    answer = send(base, filled(own_form, second, {"people": "2"}, edits=name))
    assert answer.status == answered(office, taama=201, central=409)
    assert office.kept(own_form, name).current == (office.name != "taama")


@behaviour("Files that the edit still names and does not bring are those of before", f"{SUBMISSIONS} L883")
def test_files_of_before(office, base):
    name, second = new_id(), new_id()
    assert send(base, filled("pictures", name, BOTH), [("photo.jpg", b"photo")]).status == 201
    edit = filled("pictures", second, BOTH, edits=name)
    assert send(base, edit, [("film.mp4", b"film")]).status == 201
    assert office.kept("pictures", second).files == {"photo.jpg": b"photo", "film.mp4": b"film"}


@behaviour("A file that the edit brings takes the place of that of before", f"{SUBMISSIONS} L906")
def test_replaced_file(office, base):
    name, second = new_id(), new_id()
    assert send(base, filled("pictures", name, BOTH), [("photo.jpg", b"blurred")]).status == 201
    assert send(base, filled("pictures", second, BOTH, edits=name), [("photo.jpg", b"sharp")]).status == 201
    assert office.kept("pictures", second).files == {"photo.jpg": b"sharp"}


@behaviour(
    "The files of an edit may come in several requests, also in the place of those of before",
    f"{SUBMISSIONS} L933",
)
def test_in_several_requests(office, base):
    name, second = new_id(), new_id()
    assert send(base, filled("pictures", name, BOTH), [("photo.jpg", b"blurred")]).status == 201
    edit = filled("pictures", second, BOTH, edits=name)
    assert send(base, edit, [("film.mp4", b"film")]).status == 201
    assert send(base, edit, [("photo.jpg", b"sharp")]).status == 201
    assert office.kept("pictures", second).files == {"photo.jpg": b"sharp", "film.mp4": b"film"}


@behaviour(
    "A file that comes late for a version that was edited since",
    "ours",
    differs="taken: a phone whose link broke finishes what it began",
)
def test_late_file_of_an_older_version(office, base):
    name, second = new_id(), new_id()
    old = filled("pictures", name, BOTH)
    assert send(base, old, [("photo.jpg", b"photo")]).status == 201
    assert send(base, filled("pictures", second, BOTH, edits=name)).status == 201
    answer = send(base, old, [("film.mp4", b"film")])
    assert answer.status == answered(office, taama=201, central=409)
    assert ("film.mp4" in office.kept("pictures", name).files) == (office.name == "taama")


@behaviour(
    "The original that comes after its edit counts once: the edit takes its place by itself",
    "ours",
    differs="there the edit is refused and stays on the phone",
)
def test_the_original_comes_late(office, base):
    first, second = new_id(), new_id()
    answer = send(base, filled("number", second, edits=first))
    assert answer.status == answered(office, taama=201, central=404)
    assert send(base, filled("number", first)).status == 201
    kept = office.kept("number", second)
    assert bool(kept and kept.current) == (office.name == "taama")
    assert office.kept("number", first).current == (office.name != "taama")
