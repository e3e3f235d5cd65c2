"""A role for an area sees and settles what lies in it, by page, query and action; one for the country sees all."""

import pytest

from taama.base.errors import NotAllowed, TaamaError
from taama.base.policy import OPERATOR, Standing, Viewer
from taama.base.work import run_until_idle
from taama.collect import queries
from taama.collect.actions.quarantine import discard_quarantined, release_quarantined
from taama.collect.actions.receive import receive_file
from taama.collect.actions.removal import erase_submission, withdraw_submission
from taama.collect.models import Device, Finding, Quarantined, Submission
from taama.phones import queries as accounts
from taama.phones.actions import change_device, create_device, revoke_device
from taama.places import queries as places
from taama.places.methods.lineage import Link
from taama.places.methods.reach import inside
from tests.collect.phone import Phone, instance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mali", "test_tools")]

GAO, MOPTI = "ML0703@2021-12-20", "ML0507@2021-12-20"


def a_manager(area="", role="data_manager"):
    return Viewer("signed_in", "u", (Standing("iom", role, area),))


def named(found):
    return sorted(found.values_list("instance_id", flat=True))


@pytest.fixture
def phones(client, organisation):
    """A phone of each cercle and one of the whole country."""
    made = {}
    for name, area in (("gao", GAO), ("mopti", MOPTI), ("all", "")):
        device = create_device(by=OPERATOR, username=name, organisation=organisation, area=area)
        made[name] = Phone(client, f"/key/{device.token}")
    return made


@pytest.fixture
def sent(phones, publish):
    """What came: `gao` and `mopti` from the phone without area, and what no tool could place from each phone."""
    publish(tool="toy")
    for name, area in (("gao", GAO), ("mopti", MOPTI)):
        phones["all"].send(instance(f"uuid:{name}", extra=f"<area>{area}</area>", people=5000))
        phones[name].send(instance(f"uuid:{name}-unplaced", people="no"))
        phones[name].send(instance(f"uuid:{name}-aside", form="nowhere"))
    phones["all"].send(instance("uuid:unplaced"))
    phones["all"].send(instance("uuid:aside", form="nowhere"))
    run_until_idle(["derive"])


def submission(name):
    return Submission.objects.get(instance_id=f"uuid:{name}")


def aside(name):
    return Quarantined.objects.get(instance_id=f"uuid:{name}-aside")


def test_the_worker_notes_of_which_area_a_submission_speaks(sent):
    assert (submission("gao").area, submission("mopti").area, submission("unplaced").area) == (GAO, MOPTI, "")


def test_what_an_error_holds_back_has_its_area_too(phones, publish):
    publish(tool="toy")
    phones["all"].send(instance("uuid:held", people="no", extra=f"<area>{GAO}</area>"))
    run_until_idle(["derive"])
    assert (submission("held").state, submission("held").area) == ("held", GAO)


@pytest.mark.parametrize(
    ("area", "mine"),
    [
        (GAO, ["uuid:gao", "uuid:gao-unplaced"]),
        ("ML07@2021-12-20", ["uuid:gao", "uuid:gao-unplaced"]),
        (MOPTI, ["uuid:mopti", "uuid:mopti-unplaced"]),
        ("ML0701@2021-12-20", []),
        ("ML07", []),
        ("", ["uuid:gao", "uuid:gao-unplaced", "uuid:mopti", "uuid:mopti-unplaced", "uuid:unplaced"]),
    ],
)
def test_lists_counts_and_findings_hold_what_lies_in_the_area(sent, area, mine):
    viewer = a_manager(area)
    assert named(queries.submissions(viewer)) == mine
    assert queries.forms(viewer).get().submission_count == len(mine)
    counted = set(queries.findings(viewer).values_list("submission__instance_id", flat=True))
    assert counted == set(mine) - {"uuid:unplaced"}
    for name in ("gao", "mopti", "unplaced"):
        found, seen = submission(name), f"uuid:{name}" in mine
        assert bool(queries.submission(viewer, found.pk)) == seen
        assert bool(queries.submission_named(viewer, found.instance_id)) == seen
        assert queries.findings(viewer, found).exists() == (seen and name != "unplaced")


@pytest.mark.parametrize(
    ("area", "mine"), [(GAO, ["gao"]), (MOPTI, ["mopti"]), ("", ["", "gao", "mopti"]), ("ML07", [])]
)
def test_what_was_put_aside_belongs_to_the_area_of_its_phone(sent, area, mine):
    viewer = a_manager(area)
    assert named(queries.quarantine(viewer)) == [
        f"uuid:{name}-aside" if name else "uuid:aside" for name in mine
    ]
    for name in ("gao", "mopti"):
        assert bool(queries.quarantined(viewer, aside(name).pk)) == (name in mine)


def test_pages_show_hers_and_know_nothing_of_the_others(sent, sign_in):
    Finding.objects.update(code="collect.unreadable")  # the toy's own have no text
    client = sign_in("data_manager", GAO)
    shown = client.get("/submissions/").content.decode()
    assert shown.count("/submissions/0") == 2 and "Comptage (2)" in shown
    put_aside = client.get("/submissions/aside/").content.decode()
    assert str(aside("gao").pk) in put_aside and str(aside("mopti").pk) not in put_aside
    assert client.get(f"/submissions/{submission('gao').pk}/").status_code == 200
    for address in (
        f"/submissions/{submission('mopti').pk}/",
        f"/submissions/{submission('unplaced').pk}/",
        f"/submissions/aside/{aside('mopti').pk}/",
        f"/submissions/aside/{aside('mopti').pk}/xml",
        f"/phones/{Device.objects.get(username='mopti').pk}/code.svg",
    ):
        assert client.get(address).status_code == 404, address
    phones = client.get("/phones/").content.decode()
    assert ">gao<" in phones and ">mopti<" not in phones and ">all<" not in phones


def test_pages_settle_hers_and_refuse_the_others(sent, sign_in):
    client = sign_in("data_manager", GAO)
    for address in (
        f"/submissions/{submission('mopti').pk}/withdraw",
        f"/submissions/aside/{aside('mopti').pk}/discard",
        f"/submissions/aside/{aside('mopti').pk}/release",
        f"/phones/{Device.objects.get(username='mopti').pk}/revoke",
    ):
        assert client.post(address, {"reason": "x"}).status_code == 404, address
    assert client.post(f"/submissions/{submission('gao').pk}/withdraw", {"reason": "x"}).status_code == 302
    assert (submission("gao").state, submission("mopti").state) == ("withdrawn", "derived")
    client.post(f"/submissions/aside/{aside('gao').pk}/discard", {"reason": "x"})
    assert (aside("gao").state, aside("mopti").state) == ("discarded", "waiting")


def test_actions_check_the_area_also_where_no_page_stands_before_them(sent):
    gao, admin = a_manager(GAO), a_manager(GAO, "administrator")
    for refused in (
        lambda: withdraw_submission(by=gao, submission=submission("mopti"), reason="x"),
        lambda: withdraw_submission(by=gao, submission=submission("unplaced"), reason="x"),
        lambda: erase_submission(by=admin, submission=submission("mopti"), reason="x"),
        lambda: discard_quarantined(by=gao, quarantined=aside("mopti"), reason="x"),
        lambda: release_quarantined(by=gao, quarantined=aside("mopti")),
        lambda: revoke_device(by=gao, device=Device.objects.get(username="mopti")),
        lambda: accounts.device_token(gao, Device.objects.get(username="all")),
        lambda: receive_file(by=gao, raw=b"1", filename="a.counts", tool="files"),
    ):
        with pytest.raises(NotAllowed) as caught:
            refused()
        assert caught.value.code == "places.outside_area"
    erase_submission(by=admin, submission=submission("gao"), reason="x")
    assert (submission("gao").state, submission("mopti").state) == ("erased", "derived")


def test_accepting_what_would_replace_a_submission_of_elsewhere_is_refused(sent, phones):
    phones["gao"].send(instance("uuid:mopti", people=9))
    contradicting = Quarantined.objects.get(instance_id="uuid:mopti")
    with pytest.raises(NotAllowed):
        release_quarantined(by=a_manager(GAO), quarantined=contradicting)
    assert submission("mopti").state == "derived"
    release_quarantined(by=a_manager(), quarantined=contradicting)
    assert submission("mopti").state == "replaced"


def test_erasing_stops_where_the_line_leads_out_of_the_area(sent, phones):
    phones["all"].send(instance("uuid:moved", deprecated="uuid:gao", extra=f"<area>{MOPTI}</area>"))
    run_until_idle(["derive"])
    with pytest.raises(NotAllowed):
        erase_submission(by=a_manager(GAO, "administrator"), submission=submission("gao"), reason="x")
    assert submission("gao").raw and submission("moved").raw


def test_each_role_reaches_as_far_as_its_own_area(sent, client, sign_in):
    both = Viewer(
        "signed_in", "u", (Standing("iom", "data_manager", GAO), Standing("iom", "information_officer"))
    )
    assert queries.submissions(both).count() == 5
    assert named(queries.quarantine(both)) == ["uuid:gao-aside"]
    withdraw_submission(by=both, submission=submission("gao"), reason="x")
    with pytest.raises(NotAllowed):
        withdraw_submission(by=both, submission=submission("mopti"), reason="x")


def test_a_role_of_an_earlier_division_reaches_the_same_ground_in_the_later_one(sent):
    assert named(queries.submissions(a_manager("ML07@2015-04-08"))) == ["uuid:gao", "uuid:gao-unplaced"]


def test_a_phone_moves_within_her_area_only(phones, mali):
    gao, device = a_manager(GAO), Device.objects.get(username="gao")
    change_device(by=gao, device=device, label="Équipe", area=GAO, team="Gao 2")
    assert (device.label, device.team.name) == ("Équipe", "Gao 2")
    for area in (MOPTI, ""):
        with pytest.raises(NotAllowed):
            change_device(by=gao, device=device, label="", area=area, team="")
    with pytest.raises(NotAllowed):
        change_device(by=gao, device=Device.objects.get(username="all"), label="", area=GAO, team="")
    assert Device.objects.get(username="gao").team.name == "Gao 2"


def test_a_phone_of_a_former_division_stays_where_it_is_until_another_area_is_chosen(mali, organisation, sign_in):
    former = "ML0703@2015-04-08"
    made = create_device(by=OPERATOR, username="old", organisation=organisation, area=former).device
    client = sign_in("data_manager")
    address = f"/phones/{made.pk}/"
    shown = client.get(address).content.decode()
    assert f'<option value="{former}" selected>' in shown and shown.count(" selected>") == 1
    client.post(address, {"label": "Tecno", "area": former, "team": ""})
    made.refresh_from_db()
    assert (made.label, made.area) == ("Tecno", former)


def test_a_manager_of_an_area_reads_no_names_of_teams_elsewhere(phones, mali, sign_in):
    for name in ("gao", "mopti"):
        change_device(
            by=OPERATOR, device=Device.objects.get(username=name), label="", area={"gao": GAO, "mopti": MOPTI}[name],
            team=f"Équipe de {name}",
        )  # fmt: skip
    shown = sign_in("data_manager", GAO).get("/phones/").content.decode()
    assert "Équipe de gao" in shown and "Équipe de mopti" not in shown


def test_a_phone_is_made_for_her_area_and_not_beyond(organisation, sign_in):
    gao = a_manager(GAO)
    made = create_device(by=gao, username="one", organisation=organisation, area=GAO).device
    assert list(accounts.devices(gao)) == [made] and list(accounts.devices(a_manager(MOPTI))) == []
    for area in ("", MOPTI, "ML07@2021-12-20"):
        with pytest.raises(NotAllowed):
            create_device(by=gao, username="two", organisation=organisation, area=area)
    with pytest.raises(TaamaError) as caught:
        create_device(by=OPERATOR, username="two", organisation=organisation, area="ML99")
    assert caught.value.code == "places.area_unknown"


def test_the_page_offers_the_areas_that_a_phone_may_be_given(organisation, sign_in):
    shown = sign_in("data_manager", GAO).get("/phones/").content.decode()
    assert f'value="{GAO}"' in shown and MOPTI not in shown and 'value="">Tout le pays' not in shown
    client = sign_in("data_manager", name="national")
    shown = client.get("/phones/").content.decode()
    assert f'value="{MOPTI}"' in shown and 'value="">Tout le pays' in shown
    client.post("/phones/", {"name": "mopti-9", "organisation": organisation.pk, "area": MOPTI})
    assert Device.objects.get(username="mopti-9").area == MOPTI


def test_whole_regions_that_were_split_reach_their_parts_and_parts_do_not_reach_back():
    links = [Link("a@1", "b@2", "split"), Link("a@1", "c@2", "split"), Link("d@1", "c@2", "merge")]
    parents = {"a@1": None, "a1@1": "a@1", "b@2": None, "b1@2": "b@2", "c@2": None, "d@1": None}
    assert inside({"a@1"}, parents, links) == {"a@1", "a1@1", "b@2", "b1@2"}
    assert inside({"b@2"}, parents, links) == {"b@2", "b1@2"}
    assert inside({"b@2", "c@2"}, parents, links) == {"a@1", "a1@1", "b@2", "b1@2", "c@2", "d@1"}
    assert inside({"nowhere"}, parents, links) == frozenset()


def test_every_area_of_mali_lies_inside_its_region_and_no_two_regions_share_one():
    parents = dict(places.areas(OPERATOR).values_list("key", "parent__key"))
    links = places.links(OPERATOR)
    regions = [area.key for area in places.areas(OPERATOR, "2021-12-20", 1)]
    reached = [inside({key}, parents, links) for key in regions]
    assert sum(map(len, reached)) == len(frozenset().union(*reached))
    cercles = {area.key for area in places.areas(OPERATOR, "2021-12-20", 2)}
    assert cercles <= frozenset().union(*reached)
