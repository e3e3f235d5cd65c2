"""A form given to some phones: the others neither see nor fetch it, and nothing that they filled in is lost."""

import pytest
from click.testing import CliRunner

from taama.base.errors import MethodError, TaamaError
from taama.base.models import Organisation, Team
from taama.base.policy import OPERATOR
from taama.collect.models import Device, Submission
from taama.forms import commands
from taama.forms.actions.assigning import assign_form, unassign_form
from taama.forms.actions.publishing import publish_form
from taama.forms.models import Assignment
from taama.phones.actions import change_device
from taama.places.actions.country import load_country
from tests.collect.phone import instance
from tests.forms.seen import LISTED, VILLAGES, listed, page

pytestmark = pytest.mark.django_db
GAO_REGION, GAO, MOPTI = "ML07@2021-12-20", "ML0703@2021-12-20", "ML0507@2021-12-20"


@pytest.fixture
def mali(db):
    return load_country(by=OPERATOR, folder="mali")


@pytest.fixture
def other(db):
    return Organisation.objects.create(code="dnds", name="DNDS", kind="directorate")


def test_without_assignment_all_phones_get_a_form_and_with_one_only_those_named(
    new_phone, published, organisation, other
):
    mine, theirs, form = new_phone("mine"), new_phone("theirs", other), published()
    assert listed(mine) == listed(theirs) == ["count"]
    assign_form(by=OPERATOR, form=form, organisation=organisation)
    assert (listed(mine), listed(theirs)) == (["count"], [])
    unassign_form(by=OPERATOR, assignments=Assignment.objects.all())
    assert listed(theirs) == ["count"]


@pytest.mark.parametrize(
    ("assigned", "used", "gets"),
    [
        (GAO_REGION, GAO, True),
        (GAO_REGION, MOPTI, False),
        (GAO, GAO_REGION, True),
        (GAO, "", True),
        (MOPTI, GAO, False),
    ],
)
def test_a_phone_gets_what_is_meant_for_where_it_is_used(mali, new_phone, published, assigned, used, gets):
    phone, form = new_phone(area=used), published()
    assign_form(by=OPERATOR, form=form, area=assigned)
    assert bool(listed(phone)) is gets


def test_organisation_and_area_together_mean_the_one_in_the_other(
    mali, new_phone, published, organisation, other
):
    phones = {
        (owner.code, area): new_phone(f"{owner.code}-{area[:6]}", owner, area)
        for owner in (organisation, other)
        for area in (GAO, MOPTI)
    }
    assign_form(by=OPERATOR, form=published(), organisation=organisation, area=GAO)
    assert [key for key, phone in phones.items() if listed(phone)] == [("iom", GAO)]


def test_a_team_gets_its_form_and_a_phone_that_changes_teams_follows(new_phone, published, organisation, other):
    phones = {name: new_phone(name, team=team) for name, team in [("g1", "Gao 1"), ("g2", "Gao 2"), ("alone", "")]}
    theirs = new_phone("theirs", other, team="Gao 2")
    team = Team.objects.get(organisation=organisation, name="Gao 2")
    assign_form(by=OPERATOR, form=published(), team=team)
    assert [name for name, phone in phones.items() if listed(phone)] == ["g2"] and not listed(theirs)
    first = Device.objects.get(username="g1")
    change_device(by=OPERATOR, device=first, label="", area="", team="gao 2")
    assert first.team == team and listed(phones["g1"]) == ["count"]
    change_device(by=OPERATOR, device=first, label="", area="", team="")
    assert not listed(phones["g1"]) and Team.objects.count() == 3
    with pytest.raises(TaamaError, match="forms.team_of_other"):
        assign_form(by=OPERATOR, form=Assignment.objects.get().form, organisation=other, team=team)


def test_a_phone_that_is_not_meant_fetches_nothing_even_by_its_address(new_phone, organisation, other):
    version = publish_form(
        by=OPERATOR, source=LISTED.format(1).encode(), filename="f.md", media={"villages.csv": VILLAGES}
    )
    mine, theirs = new_phone("mine"), new_phone("theirs", other)
    paths = [f"/forms/{version.pk}{end}" for end in (".xml", "/manifest", "/media/villages.csv")]
    assign_form(by=OPERATOR, form=version.form, organisation=organisation)
    assert [mine.get(path).status_code for path in paths] == [200, 200, 200]
    assert [theirs.get(path).status_code for path in paths] == [404, 404, 404]


def test_what_a_phone_filled_in_before_is_still_taken(new_phone, published, organisation, other):
    form, theirs = published(), new_phone("theirs", other)
    assign_form(by=OPERATOR, form=form, organisation=organisation)
    assert theirs.send(instance("uuid:a")).status_code == 201
    assert Submission.objects.get().instance_id == "uuid:a"


def test_a_manager_gives_and_takes_on_a_page_that_says_what_it_means(
    mali, sign_in, new_phone, published, organisation, other
):
    client, form, theirs = sign_in(), published(), new_phone("theirs", other)
    address = f"/forms/{form.pk}/phones"
    assert "Tous les téléphones reçoivent ce formulaire" in page(client, address)
    client.post(address, {"organisation": str(organisation.pk), "area": GAO})
    shown = page(client, address)
    assert "OIM" in shown and "Gao" in shown and "rien n'est perdu" in shown
    assert listed(theirs) == []
    assert "OIM, Gao" in page(client, f"/forms/{form.pk}/")
    client.post(f"{address}/{Assignment.objects.get().pk}/remove")
    assert listed(theirs) == ["count"]
    assert client.post(address, {"area": "ML99@nowhere"}).status_code == 404
    assert client.post(address, {}).status_code == 400 and not Assignment.objects.exists()


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"villages.csv": "name,label\né,É\n".encode("latin-1")}, "forms.csv_not_utf8"),
        ({"villages.csv": VILLAGES, "conv.py": b"print()"}, "forms.media_not_wanted"),
    ],
)
def test_a_form_is_not_published_with_files_that_phones_cannot_use(db, files, code):
    with pytest.raises(MethodError, match=code):
        publish_form(by=OPERATOR, source=LISTED.format(1).encode(), filename="f.md", media=files)


def test_the_command_line_gives_takes_and_tells(published, organisation):
    published()
    run = CliRunner().invoke
    group = commands.form
    assert "--organisation" in run(group, ["assign", "count", "--team", "Gao-2"]).output
    assert "Tous les téléphones" in run(group, ["assign", "count"]).output
    assert run(group, ["assign", "count", "--organisation", "iom"]).output == "iom\t–\t–\n"
    assert (
        run(group, ["assign", "count", "--organisation", "nobody"]).exception.code
        == "forms.organisation_unknown"
    )
    assert "Tous les téléphones" in run(group, ["assign", "count", "--remove"]).output
    run(group, ["archive", "count"])
    assert "count" not in run(group, ["list"]).output
