"""Pages and commands of lists: who sees what, conflicts side by side, imports with every faulty line."""

import uuid

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile

from taama.base.models import User
from taama.base.policy import OPERATOR, Standing, Viewer
from taama.entities.actions.lists import change_list, create_list
from taama.entities.commands import entities as command
from taama.entities.models import Entity, EntityChange, EntityImport, EntityList, ImportedFile
from taama.entities.queries import lists as queries
from taama.entities.tasks import reading
from taama.phones.actions import create_device
from taama.places.actions.adding import add_places
from tests.collect.phone import Phone
from tests.entities.conftest import at_desk, make, now, place_all, send, work
from tests.entities.forms import OTHER, UUID

pytestmark = pytest.mark.django_db

GAO, MOPTI = "ML0703@2021-12-20", "ML0507@2021-12-20"
CSV = b"name,label,age\n" + f"{UUID},Awa,3\n{OTHER},Oumar,4\n".encode()


@pytest.fixture
def manager(sign_in):
    return sign_in("data_manager")


def page(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, answer.content
    return answer.content.decode()


def test_nobody_without_a_role_sees_a_list(client, megan):
    assert client.get("/lists/").status_code == 302


def test_a_partner_sees_no_list(sign_in, megan):
    assert sign_in("partner").get("/lists/").status_code == 403


def test_all_lists_with_what_waits(manager, phone, megan):
    send(phone, entity=OTHER, update="1", base="1", answers={"age": "1"})
    content = page(manager, "/lists/")
    assert "/lists/people/" in content and "/lists/people/waiting" in content


def test_one_list_is_searched_without_accents_and_in_any_order(manager, phone, people):
    make(phone, UUID, "Fatoumata Keïta", {"status": "Médina"})
    make(phone, OTHER, "Oumar Cissé", {"status": "Médina"})
    assert "Fatoumata" in page(manager, "/lists/people/?search=KEITA+medina")
    assert "Oumar" not in page(manager, "/lists/people/?search=keita")


def test_pages_of_a_long_list_and_only_what_is_disputed(manager, phone, people):
    for number in range(55):
        make(phone, str(uuid.UUID(int=number, version=4)), f"P{number:03d}")
    assert "P054" in page(manager, "/lists/people/") and "P000" not in page(manager, "/lists/people/")
    assert "P000" in page(manager, "/lists/people/?page=2")
    assert "P0" not in page(manager, "/lists/people/?only=conflict")


def test_an_entry_says_who_said_what_and_shows_what_contradicts(manager, phone, megan):
    send(phone, update="1", base="1", answers={"age": "23"})
    send(phone, update="1", base="1", answers={"age": "24", "status": "in"})
    content = page(manager, f"/lists/people/{UUID}/")
    assert "Modifications contradictoires" in content and "contredit la version" in content
    assert '<option value="23"' in content and '<option value="24" selected' in content
    assert content.count("/submissions/") >= 3


def test_a_conflict_is_settled_with_the_value_chosen(manager, phone, megan):
    send(phone, update="1", base="1", answers={"age": "23"})
    send(phone, update="1", base="1", answers={"age": "24"})
    manager.post(f"/lists/people/{UUID}/settle", {"seen": "3", "value-age": "23"})
    assert (now().values["age"], now().conflict, now().version) == ("23", "", 4)


def test_a_correction_says_who_made_it(manager, megan):
    User.objects.update(name="Aïssata Koné")
    manager.post(f"/lists/people/{UUID}/correct", {"seen": "1", "value-age": "9"})
    assert ", Aïssata Koné" in page(manager, f"/lists/people/{UUID}/")


def test_who_keeps_an_area_sees_no_names_of_files(mali, manager, sign_in, people):
    kept = {"title": "", "area_property": "zone", "filtered": False, "needs_approval": False}
    change_list(by=OPERATOR, entity_list=EntityList.objects.get(), **kept)
    upload(manager, b"name,label,zone\n" + f"{UUID},Awa,{GAO}\n".encode())
    work()
    assert "gens.csv" in page(manager, f"/lists/people/{UUID}/")
    local = sign_in("data_manager", area="ML07@2021-12-20", name="local")
    content = page(local, f"/lists/people/{UUID}/")
    assert "Tableau importé le" in content and "gens.csv" not in content
    assert "/lists/people/waiting" in content and "/lists/people/import" not in content
    assert local.get("/lists/people/import").status_code == 403
    assert "<button>" not in page(local, "/lists/people/rules").partition("<main")[2].partition("</main")[0]


def test_a_conflict_shows_what_differs_and_no_codes(manager, phone, megan):
    send(phone, update="1", base="1", answers={"age": "23", "name": "Megan"})
    send(phone, update="1", base="1", answers={"age": "24", "name": "Megan"})
    content = page(manager, f"/lists/people/{UUID}/")
    disputed = content.partition('id="conflict"')[2].partition("</table>")[0]
    assert '<th scope="row">age</th>' in disputed and "Megan" not in disputed
    assert 'href="#conflict"' in content


def test_settled_as_it_stands_makes_no_version(manager, phone, megan):
    send(phone, update="1", base="1", answers={"age": "23"})
    send(phone, update="1", base="1", answers={"age": "24"})
    manager.post(f"/lists/people/{UUID}/settle", {"seen": "3", "value-age": "24"})
    assert (now().conflict, now().version) == ("", 3)


def test_what_changed_meanwhile_is_not_written_over(manager, phone, megan):
    at_desk(age="30")
    answer = manager.post(f"/lists/people/{UUID}/correct", {"seen": "1", "value-age": "31"})
    assert answer.status_code == 409 and now().values["age"] == "30"


def test_corrected_deleted_and_restored_on_its_page(manager, megan):
    manager.post(f"/lists/people/{UUID}/correct", {"seen": "1", "value-label": "Awa", "value-age": "22"})
    assert (now().label, now().version) == ("Awa", 2)
    manager.post(f"/lists/people/{UUID}/turn", {"do": "delete"})
    assert now().deleted_at and "Awa" in page(manager, "/lists/people/?only=deleted")
    manager.post(f"/lists/people/{UUID}/turn", {"do": "restore"})
    assert not now().deleted_at


def test_only_an_administrator_erases(manager, sign_in, megan):
    assert manager.post(f"/lists/people/{UUID}/turn", {"do": "erase", "reason": "asked"}).status_code == 403
    sign_in("administrator").post(f"/lists/people/{UUID}/turn", {"do": "erase", "reason": "asked"})
    assert now().values == {} and now().deleted_at


def test_an_information_officer_reads_and_changes_nothing(sign_in, megan):
    reader = sign_in("information_officer")
    content = page(reader, f"/lists/people/{UUID}/")
    assert "<button>Enregistrer</button>" not in content
    assert reader.post(f"/lists/people/{UUID}/correct", {"seen": "1", "value-age": "9"}).status_code == 403
    assert reader.get("/lists/people/import").status_code in (200, 403)


def test_a_role_limited_to_an_area_sees_and_changes_what_lies_in_it(
    mali, sign_in, client, organisation, people
):
    device = create_device(by=OPERATOR, username="all", organisation=organisation)
    everywhere = Phone(client, f"/key/{device.token}")
    make(everywhere, UUID, "In Gao", {"zone": GAO})
    make(everywhere, OTHER, "In Mopti", {"zone": MOPTI})
    kept = {"title": "", "filtered": False, "needs_approval": False}
    change_list(by=OPERATOR, entity_list=EntityList.objects.get(), area_property="zone", **kept)

    place_all()
    local = sign_in("data_manager", area="ML07@2021-12-20")
    content = page(local, "/lists/people/")
    assert "In Gao" in content and "In Mopti" not in content
    page(local, f"/lists/people/{UUID}/")
    page(local, f"/lists/people/{OTHER}/", 404)
    assert local.post(f"/lists/people/{UUID}/turn", {"do": "delete"}).status_code == 302
    assert local.post("/lists/people/rules", {"title": "x"}).status_code == 403


def test_a_new_entry_is_accepted_or_refused_on_the_page(manager, phone, people):
    kept = {"title": "", "area_property": "", "filtered": False, "needs_approval": True}
    change_list(by=OPERATOR, entity_list=EntityList.objects.get(), **kept)
    send(phone, create="1", label="A")
    send(phone, entity=OTHER, create="1", label="B")
    assert "attend votre approbation" in page(manager, "/lists/people/waiting")
    first, second = EntityChange.objects.order_by("made_at")
    manager.post(f"/lists/people/waiting/{first.pk}", {"do": "accept"})
    manager.post(f"/lists/people/waiting/{second.pk}", {"do": "refuse"})
    assert [one.label for one in Entity.objects.all()] == ["A"]


def test_the_rules_of_a_list_are_set_on_its_page(manager, people):
    given = {"title": "Personnes", "area_property": "zone", "filtered": "on", "needs_approval": "on"}
    manager.post("/lists/people/rules", given)
    found = EntityList.objects.get()
    assert (found.title, found.area_property, found.filtered, found.needs_approval) == (
        "Personnes",
        "zone",
        True,
        True,
    )
    assert "Personnes" in page(manager, "/lists/people/rules")


def test_the_page_says_how_far_placing_is_and_which_entries_lie_nowhere_and_why(
    mali, manager, phone, people, monkeypatch
):
    monkeypatch.setattr("taama.entities.actions.lists.PLACED_AT_ONCE", 2)
    for number, zone in enumerate((GAO, "Nulle-Part", "")):
        make(phone, str(uuid.UUID(int=number, version=4)), f"P{number}", {"zone": zone})
    manager.post("/lists/people/rules", {"area_property": "zone", "filtered": "on"})
    reading.place()
    assert "2 fiches sur 3 placées" in page(manager, "/lists/people/rules")
    place_all()
    assert "placées" not in page(manager, "/lists/people/rules")
    assert "2 sans zone" in page(manager, "/lists/")
    content = page(manager, "/lists/people/?only=unplaced")
    assert "Nulle-Part\xa0» (zone)" in content and "aucune unité administrative" in content
    assert "«\xa0zone\xa0» est vide" in content
    assert "P0" not in content
    assert "Nulle-Part\xa0» (zone)" in page(manager, f"/lists/people/{uuid.UUID(int=1, version=4)}/")
    manager.post("/lists/people/place")
    for area, told in ((GAO, (0, 1)), ("", (0, 3))):
        viewer = Viewer("signed_in", "u", (Standing("iom", "data_manager", area),))
        assert queries.placing(viewer, EntityList.objects.get(name="people")) == told, "those within reach"


def test_a_place_that_is_added_later_is_found_when_the_entries_are_placed_again(mali, manager, phone, people):
    make(phone, answers={"zone": "S-NEW"})
    manager.post("/lists/people/rules", {"area_property": "zone", "filtered": "on"})
    place_all()
    assert now().area == ""
    raw = f"code,name,area,lat,lon\nS-NEW,Camp,{GAO},16.2,-0.05\n".encode()
    add_places(by=OPERATOR, raw=raw, kind="locality")
    assert manager.post("/lists/people/place").status_code == 302
    place_all()
    assert now().area == GAO and now().version == 1


def test_a_list_is_made_on_the_page(manager):
    answer = manager.post("/lists/add", {"name": "sites", "title": "Sites", "properties": "code, idp"})
    assert answer.status_code == 302
    assert [p.name for p in EntityList.objects.get().properties.all()] == ["code", "idp"]
    assert manager.post("/lists/add", {"name": "a b"}).status_code == 400


def upload(client, content, key=""):
    file = SimpleUploadedFile("gens.csv", content, "text/csv")
    return client.post("/lists/people/import", {"file": file, "key": key})


def test_a_table_is_brought_in_and_again_changes_nothing(manager, people):
    assert upload(manager, CSV).status_code == 302
    work()
    assert sorted(one.label for one in Entity.objects.all()) == ["Awa", "Oumar"]
    assert upload(manager, CSV).status_code == 302
    work()
    assert [one.changed for one in EntityImport.objects.order_by("id")] == [2, 0]
    assert not ImportedFile.objects.exists()
    upload(manager, CSV.replace(b",3", b",33"))
    work()
    assert (now().version, now().values["age"]) == (2, "33") and now(OTHER).version == 1
    assert "gens.csv" in page(manager, f"/lists/people/{UUID}/")


def test_every_fault_of_a_table_is_shown_with_its_line_and_nothing_is_taken(manager, people):
    answer = upload(manager, CSV + b"x,Moussa,1\n" + f"{UUID},,2\n".encode())
    content = answer.content.decode()
    assert answer.status_code == 400 and not EntityImport.objects.exists()
    assert '<th scope="row" class="n">4</th>' in content and '<th scope="row" class="n">5</th>' in content


def test_a_killed_import_goes_on_where_it_was(people, monkeypatch):
    from taama.entities.actions import importing
    from taama.entities.tasks import reading

    monkeypatch.setattr(importing, "LINES", 1)
    importing.import_entries(by=OPERATOR, entity_list=EntityList.objects.get(), raw=CSV, filename="a.csv")
    reading.take_imports()
    reading._lines.cache_clear()  # another process
    assert Entity.objects.count() == 1
    work()
    assert Entity.objects.count() == 2 and EntityChange.objects.count() == 2


def run(*arguments):
    result = CliRunner().invoke(command, arguments)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def test_a_list_is_brought_in_and_taken_out_by_commands(db, tmp_path):
    table = tmp_path / "sites.csv"
    table.write_bytes("code;label;idp\nS-1;Socoura;12\nS-2;Médina;7\n".encode())
    assert "2" in run("import", "sites", str(table), "--key", "code", "--create", "--simulated")
    assert run("list").split("\t")[:2] == ["sites", "2"]
    out = tmp_path / "out.csv"
    run("export", "sites", str(out))
    assert out.read_text("utf-8").splitlines()[0] == "name,label,__version,code,idp"
    assert "0" in run("import", "sites", str(out)), "what was taken out can be brought in again"
    assert Entity.objects.filter(version=1, simulated=True).count() == 2


def test_a_faulty_table_tells_its_lines_on_the_command_line(db, tmp_path):
    create_list(by=OPERATOR, name="sites")
    table = tmp_path / "sites.csv"
    table.write_bytes(b"name,label\nx,A\ny,B\n")
    with pytest.raises(Exception, match="file_faulty") as raised:
        run("import", "sites", str(table))
    assert [fault.line for fault in raised.value.values["faults"]] == [2, 3]
