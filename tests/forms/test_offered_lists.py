"""Publishing a form with a tool: the lists that the tool provides come by themselves."""

import csv
import io

import pytest
from click.testing import CliRunner
from django.conf import settings
from lxml import etree

from taama.base.errors import TaamaError
from taama.base.models import Organisation
from taama.base.policy import OPERATOR, Standing, Viewer
from taama.forms.actions.publishing import publish_form
from taama.forms.commands import form
from taama.forms.models import Form, FormMedia
from taama.phones.actions import create_device
from taama.places.actions.adding import add_places
from taama.places.actions.country import load_country
from tests.collect.phone import Phone

FORM = settings.PACKAGE / "mobility" / "tools" / "location_assessment" / "form.md"
CALL = ["publish", str(FORM), "--tool", "location_assessment"]
VILLAGES = b"code,name,area,lat,lon\nL-1,Soye,ML0501,14.2,-3.9\nL-2,Kani,ML0502,14.1,-3.5\n"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"


@pytest.fixture
def mali(db, settings, tmp_path):
    settings.TAAMA_LAKE = str(tmp_path / "lake")
    return load_country(by=OPERATOR, folder="mali")


@pytest.fixture
def villages(mali):
    add_places(by=OPERATOR, raw=VILLAGES, kind="locality", filename="lieux.csv")


def files():
    return {media.filename: bytes(media.content).decode() for media in FormMedia.objects.all()}


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_the_command_publishes_the_tools_form_and_the_manifest_serves_its_lists(villages, client):
    done = CliRunner().invoke(form, CALL)
    assert done.exit_code == 0, done.exception
    owner = Organisation.objects.create(code="iom", name="OIM", kind="un")
    made = create_device(by=OPERATOR, username="gao-1", organisation=owner)
    phone = Phone(client, f"/key/{made.token}")
    version = Form.objects.get().versions.get()
    manifest = etree.fromstring(phone.get(f"/forms/{version.pk}/manifest").content)
    served = {}
    for file in manifest:
        name, address = (file.find(MANIFEST + tag).text for tag in ("filename", "downloadUrl"))
        path = address.removeprefix("http://testserver")
        served[name] = rows(client.get(path, headers={"X-OpenRosa-Version": "1.0"}).content.decode())
    assert set(served) == {"areas.csv", "localities.csv"}
    assert [(row["name"], row["cercle"]) for row in served["localities.csv"]] == [
        ("L-1", "ML0501@2021-12-20"), ("L-2", "ML0502@2021-12-20"),
    ]  # fmt: skip
    assert {row["level"] for row in served["areas.csv"]} >= {"1", "2"}


def test_an_empty_list_is_refused_with_the_command_that_fills_it(mali):
    error = CliRunner().invoke(form, CALL).exception
    assert (error.code, error.values["files"]) == ("forms.list_empty", ["localities.csv"])
    assert not Form.objects.exists()


def test_files_given_by_hand_win(mali):
    own = b"name,label,cercle,area_key\nX,Mine,ML0501@2021-12-20,ML0501@2021-12-20\n"
    publish_form(
        by=OPERATOR, source=FORM.read_bytes(), filename="form.md", tool="location_assessment",
        media={"localities.csv": own},
    )  # fmt: skip
    assert files()["localities.csv"] == own.decode()
    assert rows(files()["areas.csv"])


def test_publishing_again_brings_the_places_added_since_without_naming_the_tool_again(villages):
    CliRunner().invoke(form, CALL)
    add_places(by=OPERATOR, raw=VILLAGES.replace(b"L-2", b"L-3"), kind="locality", filename="lieux.csv")
    assert CliRunner().invoke(form, CALL[:2]).exit_code == 0
    assert [row["name"] for row in rows(files()["localities.csv"])] == ["L-1", "L-2", "L-3"]


def test_without_a_tool_nothing_is_filled(villages):
    with pytest.raises(TaamaError, match="forms.media_missing"):
        publish_form(by=OPERATOR, source=FORM.read_bytes(), filename="form.md")


@pytest.mark.parametrize("role", ["administrator", "data_manager", "information_officer"])
def test_everybody_who_publishes_gets_the_lists(villages, role):
    viewer = Viewer("signed_in", "u", (Standing("o", role),))
    publish_form(by=viewer, source=FORM.read_bytes(), filename="form.md", tool="location_assessment")
    assert set(files()) == {"areas.csv", "localities.csv"}


def test_a_draft_is_published_with_the_lists_of_the_tool_that_is_chosen(villages, sign_in, bring):
    client = sign_in()
    draft = bring(FORM.read_bytes())
    asked = client.get(f"{draft}publish").content.decode()
    assert "choisissez un outil" in asked and "disabled" not in asked
    answer = client.post(f"{draft}publish", {"tool": "location_assessment"})
    assert answer.status_code == 302 and set(files()) == {"areas.csv", "localities.csv"}


def test_the_next_version_gets_the_lists_anew_and_what_was_given_by_hand_stays(villages, sign_in, bring):
    """A draft begins with the files of the version before: lists of the tool must not grow old by that."""
    client = sign_in()
    own = b"name,label,level,parent,area_key\nX,Mine,1,,ML07@2021-12-20\n"
    publish_form(
        by=OPERATOR, source=FORM.read_bytes(), filename="form.md", tool="location_assessment",
        media={"areas.csv": own},
    )  # fmt: skip
    add_places(by=OPERATOR, raw=VILLAGES.replace(b"L-2", b"L-3"), kind="locality", filename="lieux.csv")
    draft = bring(FORM.read_bytes().replace(b"| 2026.1 |", b"| 2026.2 |"))
    assert "reprise de la version publi" in client.get(draft).content.decode()
    assert client.post(f"{draft}publish").status_code == 302
    now = {m.filename: bytes(m.content) for m in FormMedia.objects.filter(form_version__version="2026.2")}
    assert [row["name"] for row in rows(now["localities.csv"].decode())] == ["L-1", "L-2", "L-3"]
    assert now["areas.csv"] == own
