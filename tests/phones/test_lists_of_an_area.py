"""A phone with an area gets its part of the lists, under the hash of just those bytes; one without gets everything."""

import csv
import hashlib
import io

import pytest
from lxml import etree

from taama.base.policy import OPERATOR
from taama.mobility.queries import context
from taama.phones.actions import create_device
from taama.phones.methods.reach import rows_inside
from taama.places import queries as places
from taama.places.models import Locality, Point
from tests.collect.phone import VERSION, Phone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mali", "test_tools")]

MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
GAO, MOPTI = "ML0703@2021-12-20", "ML0507@2021-12-20"
FORM = """
| survey   |                                     |          |         |
|          | type                                | name     | label   |
|          | select_one_from_file localities.csv | locality | Lieu    |
|          | select_one_from_file points.csv     | point    | Point   |
|          | select_one_from_file areas.csv      | area     | Zone    |
|          | select_one_from_file herds.csv      | herd     | Parcours |
| settings |                                     |          |         |
|          | form_id                             | version  | form_title |
|          | lists                               | 1        | Listes  |
"""
HERDS = 'name,label,area\nh,"Été, hiver",12\n'.encode()


@pytest.fixture
def lists(publish, monkeypatch):
    """A form with the lists of places as our forms have them, and a list of somebody's own."""
    for code, area in (("L-GAO", GAO), ("L-MOPTI", MOPTI)):
        area = places.area(OPERATOR, area)
        Locality.objects.create(code=code, name=f"Lieu {code}", area=area, source="test", simulated=True)
    monkeypatch.setattr(context, "_last_known", lambda viewer: {"L-GAO": (120, "2026-01-01")})
    media = context.form_media(OPERATOR) | {"herds.csv": HERDS}
    return publish(source=FORM, media=media), media


@pytest.fixture
def fetch(client, organisation, lists):
    """Function(area of a phone) → file name → (hash of the manifest, bytes served, status on asking again)."""

    def fetch(area):
        device = create_device(
            by=OPERATOR, username=f"p-{area}".replace("@", "-"), organisation=organisation, area=area
        )
        phone = Phone(client, f"/key/{device.token}")
        manifest = etree.fromstring(phone.get(f"/forms/{lists[0].pk}/manifest").content)
        found = {}
        for file in manifest:
            name, md5, address = (
                file.find(MANIFEST + tag).text for tag in ("filename", "hash", "downloadUrl")
            )
            path = address.removeprefix("http://testserver")
            served = client.get(path, headers=VERSION)
            again = client.get(path, headers=VERSION | {"If-None-Match": served["ETag"]})
            found[name] = (md5, served.content, again.status_code)
        return found

    return fetch


def names(content):
    return [row["name"] for row in csv.DictReader(io.StringIO(content.decode()))]


@pytest.mark.parametrize("area", ["", GAO, "ML07@2021-12-20", "ML0701@2021-12-20"])
def test_the_hash_of_the_manifest_is_that_of_the_bytes_served(fetch, area):
    for md5, served, again in fetch(area).values():
        assert md5 == f"md5:{hashlib.md5(served).hexdigest()}"
        assert again == 304


@pytest.mark.parametrize(
    ("area", "localities"),
    [
        ("", ["L-GAO", "L-MOPTI"]), (GAO, ["L-GAO"]), ("ML07@2021-12-20", ["L-GAO"]), ("ML0701@2021-12-20", []),
        ("ML07@2015-04-08", ["L-GAO"]),
    ],
)  # fmt: skip
def test_a_phone_gets_the_localities_of_its_area(fetch, area, localities):
    assert names(fetch(area)["localities.csv"][1]) == localities


def test_points_are_those_of_the_area_while_origins_and_foreign_lists_stay_whole(fetch, lists):
    near, whole = fetch("ML07@2021-12-20"), fetch("")
    there = {p.code for p in Point.objects.all() if p.area.key.startswith("ML07")}
    assert there and set(names(near["points.csv"][1])) == there
    assert near["areas.csv"] == whole["areas.csv"]
    assert near["herds.csv"][1] == HERDS
    assert {name: served for name, (_, served, _) in whole.items()} == lists[1]


def test_another_area_is_another_hash_and_the_same_area_the_same(fetch, client, organisation, lists):
    gao, region = fetch(GAO), fetch("ML0701@2021-12-20")
    assert gao["localities.csv"][0] != region["localities.csv"][0]
    assert b"120" in gao["localities.csv"][1] and b"120" not in region["localities.csv"][1]


@pytest.mark.parametrize(
    "content", [b"", b"name,label\na,b\n", b"\xff\xfe", b'name,area_key\n"a', b"\x00PNG", b"area\nML0703\n"]
)
def test_what_is_no_list_with_areas_is_left_as_it_is(content):
    assert rows_inside(content, {GAO}) == content
