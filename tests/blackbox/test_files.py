"""Files that come with a filled form: in any order, over several requests, under any name."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.blackbox.behaviours import CENTRAL, behaviour
from tests.blackbox.office import answered
from tests.blackbox.wire import KIND, filled, joined, new_id, openrosa, part, send, xform, xml_part

SUBMISSIONS = f"{CENTRAL}/api/submissions.js"
FILM, PHOTO = ("film.mp4", b"a film"), ("photo.jpg", b"a picture")
BOTH = {"film": "film.mp4", "photo": "photo.jpg"}


@behaviour(
    "Files are kept byte for byte, before and after the filled form in the request",
    f"{SUBMISSIONS} L310, L544",
)
def test_around_the_form(office, base):
    name = new_id()
    assert send(base, filled("pictures", name, BOTH), [PHOTO], first=[FILM]).status == 201
    assert office.kept("pictures", name).files == dict([FILM, PHOTO])


@behaviour("Names in any script are kept", f"{SUBMISSIONS} L331")
@pytest.mark.parametrize("filename", ["fîlé2", "f😂le3صادق", "ߒߞߏ.jpg", "une photo à moi.jpg"])
def test_any_script(office, base, filename):
    name = new_id()
    xml = filled("pictures", name, {"film": filename})
    assert send(base, xml, [(filename, b"content")]).status == 201
    assert office.kept("pictures", name).files == {filename: b"content"}


@behaviour("A part is found by its own name where its file is named otherwise", f"{SUBMISSIONS} L331")
def test_name_of_the_part(office, base):
    name = new_id()
    xml = filled("pictures", name, {"film": "film.mp4"})
    assert send(base, xml, [("film.mp4", "blob", b"content")]).status == 201
    assert office.kept("pictures", name).files["film.mp4"] == b"content"


@behaviour("Two files with the same content are both there", f"{SUBMISSIONS} L369")
def test_same_content(office, base):
    name = new_id()
    files = [("film.mp4", b"the same"), ("photo.jpg", b"the same")]
    assert send(base, filled("pictures", name, BOTH), files).status == 201
    assert office.kept("pictures", name).files == dict(files)


@behaviour("Two answers that name one file need it once", f"{SUBMISSIONS} L390")
def test_named_twice(office, base):
    name = new_id()
    xml = filled("pictures", name, {"film": "film.mp4", "photo": "film.mp4"})
    assert send(base, xml, [FILM]).status == 201
    assert office.kept("pictures", name).files == dict([FILM])


@behaviour("A file that no answer names", f"{SUBMISSIONS} L431", differs="kept and marked, never thrown away")
def test_unknown_file(office, base):
    name = new_id()
    assert send(base, filled("pictures", name, BOTH), [("else.bin", b"else")]).status == 201
    assert office.kept("pictures", name).files == answered(office, taama={"else.bin": b"else"}, central={})


@behaviour("The log of the phone (audit.csv) is kept", f"{SUBMISSIONS} L454")
def test_audit(office, base):
    form_id, name = f"audit{new_id()[5:13]}", new_id()
    office.publish(xform(form_id, audit=True))
    xml = filled(form_id, name).replace(b"</orx:meta>", b"<orx:audit>audit.csv</orx:audit></orx:meta>")
    log = b'event,node,start,end\nform start,,1,\nquestion,/data/a "b,2,3,surplus\n'
    assert send(base, xml, [("audit.csv", log)]).status == 201
    assert office.kept(form_id, name).files == {"audit.csv": log}


@behaviour("A filled form is taken although its files are still to come", f"{SUBMISSIONS} L471, L487")
def test_files_to_come(office, base):
    name = new_id()
    assert send(base, filled("pictures", name, BOTH)).status == 201
    assert office.kept("pictures", name).files == {}


@behaviour("Further requests with the same form bring further files", f"{SUBMISSIONS} L517, L567")
def test_further_requests(office, base):
    name = new_id()
    xml = filled("pictures", name, BOTH)
    assert [send(base, xml, [file]).status for file in (FILM, PHOTO)] == [201, 201]
    assert office.kept("pictures", name).files == dict([FILM, PHOTO])
    assert office.count(name) == 1


@behaviour(
    "The mark *isIncomplete* is no answer, no file, and proves nothing",
    "Collect OkHttpConnection; Central lib/resources/submissions.js",
)
def test_incomplete_mark(office, base):
    name = new_id()
    xml = filled("pictures", name, BOTH)
    body = joined(xml_part(xml), part(FILM[1], FILM[0], FILM[0], "video/mp4"), part(b"yes", "*isIncomplete*"))
    assert openrosa(f"{base}/submission", "POST", body, Content_Type=KIND).status == 201
    assert send(base, xml, [PHOTO]).status == 201
    assert office.kept("pictures", name).files == dict([FILM, PHOTO])


@behaviour("A sending that begins again from its first request doubles nothing", "Collect OkHttpConnection")
def test_from_the_first_request(office, base):
    name = new_id()
    xml = filled("pictures", name, BOTH)
    assert [send(base, xml, [file]).status for file in (FILM, FILM, PHOTO)] == [201, 201, 201]
    assert office.kept("pictures", name).files == dict([FILM, PHOTO])
    assert office.count(name) == 1


@behaviour(
    "A form with 150 files in two requests, the first with 101 as a phone splits it, is whole",
    "Collect OkHttpConnection",
)
def test_more_than_a_hundred(office, base):
    questions = [(f"p{n}", "binary", "upload") for n in range(150)]
    form_id, name = f"many{new_id()[5:13]}", new_id()
    office.publish(xform(form_id, questions=questions))
    files = [(f"{n}.jpg", f"picture {n}".encode()) for n in range(150)]
    xml = filled(form_id, name, {f"p{n}": f"{n}.jpg" for n in range(150)})
    assert [send(base, xml, some).status for some in (files[:101], files[101:])] == [201, 201]
    assert office.kept(form_id, name).files == dict(files)


@behaviour("An empty file is a file", "ours")
def test_empty_file(office, base):
    name = new_id()
    assert send(base, filled("pictures", name, BOTH), [("film.mp4", b"")]).status == 201
    assert office.kept("pictures", name).files == {"film.mp4": b""}


@behaviour("A path in a name leads nowhere", "ours")
def test_path_in_a_name(office, base):
    name = new_id()
    assert send(base, filled("pictures", name, BOTH), [("../../../tmp/film.mp4", b"x")]).status == 201
    kept = office.kept("pictures", name).files
    assert not any("/" in filename for filename in kept)


@behaviour("A very long name, or one with invisible letters, is no obstacle", "Kobo openrosa tests")
@pytest.mark.parametrize("filename", ["é" * 600 + ".jpg", "a\u202egpj.\u200bjpg"])
def test_odd_names(office, base, filename):
    name = new_id()
    assert send(base, filled("pictures", name, BOTH), [(filename, b"x"), PHOTO]).status == 201
    assert office.kept("pictures", name).files["photo.jpg"] == PHOTO[1]


@behaviour("The same form sent twelve times at once with its files is one submission", "Kobo openrosa tests")
def test_at_once(office, base):
    name = new_id()
    xml = filled("pictures", name, BOTH)
    with ThreadPoolExecutor(12) as pool:
        answers = set(pool.map(lambda _: send(base, xml, [FILM, PHOTO]).status, range(12)))
    assert answers == {201} or (office.name != "taama" and 201 in answers)
    assert office.count(name) == 1
    assert office.kept("pictures", name).files == dict([FILM, PHOTO])
