"""What was told in confidence, from the form to the reader: only the data managers of its area ever see it."""

from pathlib import Path

import pytest

from taama.base.errors import NotAllowed, TaamaError
from taama.base.models import Membership, User
from taama.base.periods import local_today
from taama.base.policy import OPERATOR
from taama.base.viewers import viewer_of_user
from taama.base.work import run_until_idle
from taama.collect.models import Quarantined, Submission
from taama.desk.queries import exports as queries
from taama.desk.tasks import exporting
from taama.desk.tasks.filling import fill_arrived
from taama.desk.tasks.forgetting import forget_confidential
from taama.forms.actions.publishing import publish_form
from taama.review.actions.correcting import correct
from taama.review.models import Interview
from taama.review.tasks.looking import look_at_all, look_at_recent
from tests.desk.household import export

pytestmark = pytest.mark.django_db
FORM = """
| survey   |              |          |                        |                              |
|          | type         | name     | label                  | calculation                  |
|          | begin_repeat | hh       | Ménage                 |                              |
|          | text         | nom_cm   | Nom du chef de ménage  |                              |
|          | text         | tel      | Téléphone              |                              |
|          | integer      | size     | Combien de personnes ? |                              |
|          | end_repeat   |          |                        |                              |
|          | text         | focal    | Nom du point focal     |                              |
|          | calculate    | who      |                        | concat('M. ', ${focal})      |
|          | image        | portrait | Photo du bénéficiaire  |                              |
|          | image        | tap      | Photo du point d'eau   |                              |
|          | geopoint     | gps      | Position du ménage     |                              |
|          | text         | village  | Nom du village         |                              |
| settings |              |          |                        |                              |
|          | form_id      | version  | form_title             | instance_name                |
|          | hh           | 1        | Ménages                | concat(${focal}, ' ', today()) |
"""
SECRETS = ("Hamsatou", "66 77 88 99", "Moussokoro", "portrait.jpg", "16.27")
XML = (
    '<data id="hh" version="{version}"><hh><nom_cm>Hamsatou</nom_cm><tel>66 77 88 99</tel><size>7</size></hh>'
    "<focal>Moussokoro</focal><who>M. Moussokoro</who><portrait>portrait.jpg</portrait><tap>robinet.jpg</tap>"
    "<gps>16.27 -0.04 0 5</gps><village>Bourem</village><meta><instanceID>uuid:{key}</instanceID>"
    "<instanceName>Moussokoro 2026-11-23</instanceName></meta></data>"
)
FILES = [
    ("portrait.jpg", b"\xff\xd8\xff face"),
    ("robinet.jpg", b"\xff\xd8\xff tap"),
    ("audit.csv", b"event\n"),
]


@pytest.fixture
def sent(phone):
    """The form with the classes that are offered, and one household that a phone sent."""
    publish_form(by=OPERATOR, source=FORM.encode(), filename="hh.md", personal="offered")
    assert phone.send(XML.format(version="1", key="a").encode(), FILES).status_code == 201
    look_at_all()
    while fill_arrived():
        pass
    return Submission.objects.get()


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def addresses(key):
    return ["/review/", f"/review/{key}/", f"/review/{key}/?all=1", "/submissions/", f"/submissions/{key}/"]


def test_a_form_about_people_is_refused_until_somebody_decides():
    with pytest.raises(TaamaError, match="class_undecided") as refused:
        publish_form(by=OPERATOR, source=FORM.encode(), filename="hh.md")
    assert refused.value.values["questions"] == [
        "nom_cm (5)", "tel (6)", "focal (9)", "who (10)", "portrait (11)", "gps (13)",
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["information_officer", "administrator"])
def test_who_has_no_right_sees_none_of_it_on_any_page(sent, sign_in, role):
    client = sign_in(role)
    for address in addresses(sent.pk):
        html = page(client, address)
        assert not [secret for secret in SECRETS if secret in html], address
    html = page(client, f"/review/{sent.pk}/")
    assert "réponse confidentielle, masquée" in html and "Bourem" in html and "robinet.jpg" in html
    assert "audit.csv" not in html, "it may hold answers as they were before"
    kept = {each.filename: each.pk for each in sent.attachments.all()}
    assert client.get(f"/review/{sent.pk}/files/{kept['robinet.jpg']}").status_code == 200
    assert client.get(f"/review/{sent.pk}/files/{kept['portrait.jpg']}").status_code == 404
    assert client.get(f"/review/{sent.pk}/correct?spot=focal@").status_code == 403


def test_a_data_manager_sees_it_in_her_area_and_not_as_an_officer_of_another(
    sent, sign_in, mali, organisation
):
    html = page(sign_in("data_manager", "ML07@2021-12-20"), "/review/")
    Submission.objects.update(area="ML0703@2021-12-20")
    client = sign_in("data_manager", "ML07@2021-12-20", "gao")
    html = page(client, f"/review/{sent.pk}/")
    assert all(secret in html for secret in SECRETS[:4])
    client = sign_in("data_manager", "ML05@2021-12-20", "mopti")
    Membership.objects.create(
        user=User.objects.get(username="mopti"), organisation=organisation, role="information_officer", area="",
        from_date=local_today(),
    )  # fmt: skip
    html = page(client, f"/review/{sent.pk}/")
    assert "Bourem" in html and not [secret for secret in SECRETS if secret in html]


@pytest.mark.parametrize("format", ["csv", "xlsx", "parquet", "gpkg"])
def test_no_file_and_no_table_holds_it_whoever_asks(sent, sign_in, format, tmp_path):
    sign_in("data_manager")
    by = viewer_of_user(User.objects.get(username="data_manager"))
    _, path = export(sent.form_version.form, format, by=by)
    everything = _unpacked(path) + b"".join(
        one.read_bytes() for one in (tmp_path / "tables").rglob("*.parquet")
    )
    assert b"Bourem" in everything
    assert not [secret for secret in (*SECRETS[:4], "nom_cm") if secret.encode() in everything]


def _unpacked(path):
    import zipfile

    if not zipfile.is_zipfile(path):
        return Path(path).read_bytes()
    with zipfile.ZipFile(path) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_no_measure_keeps_where_the_household_lives(sent):
    interview = Interview.objects.get()
    assert interview.lat is None and interview.lon is None


def test_what_was_put_aside_is_hidden_too(sent, phone, sign_in):
    phone.send(XML.format(version="9", key="b").encode())
    aside = Quarantined.objects.get()
    client = sign_in("administrator")
    html = page(client, f"/submissions/aside/{aside.pk}/")
    assert "Bourem" in html and not [secret for secret in SECRETS if secret in html]
    assert client.get(f"/submissions/aside/{aside.pk}/xml").status_code == 403
    assert "Hamsatou" in page(sign_in("data_manager"), f"/submissions/aside/{aside.pk}/")


def test_a_class_given_later_hides_what_came_before(phone, sign_in, tmp_path):
    """A version that protects an answer protects it in all versions."""
    publish_form(by=OPERATOR, source=FORM.encode(), filename="hh.md", personal="no")
    phone.send(XML.format(version="1", key="a").encode(), FILES)
    found = Submission.objects.get()
    fill_arrived()
    client = sign_in("information_officer")
    assert "Hamsatou" in page(client, f"/review/{found.pk}/")
    later = FORM.replace("| hh           | 1 ", "| hh           | 2 ")
    publish_form(
        by=OPERATOR, source=later.encode(), filename="hh.md", classes={"nom_cm": "S3"}, personal="no"
    )
    assert "Hamsatou" not in page(client, f"/review/{found.pk}/")
    assert _tables(tmp_path, b"Hamsatou") and _tables(tmp_path, b"Bourem")
    forget_confidential()
    assert not _tables(tmp_path, b"Hamsatou")
    export(found.form_version.form)
    assert _tables(tmp_path, b"Bourem") and not _tables(tmp_path, b"Hamsatou"), "made again, without it"


def _tables(folder, text):
    return [path for path in (folder / "tables").rglob("*.parquet") if text in path.read_bytes()]


@pytest.fixture
def of_two_areas(sent, sign_in, mali, organisation):
    """A data manager of Mopti who is an administrator of Gao, where the household lives."""
    Submission.objects.update(area="ML0703@2021-12-20")
    client = sign_in("data_manager", "ML05@2021-12-20", "two")
    Membership.objects.create(
        user=User.objects.get(username="two"), organisation=organisation, role="administrator",
        area="ML07@2021-12-20", from_date=local_today(),
    )  # fmt: skip
    return client


def test_what_somebody_may_not_see_there_is_not_corrected_either(sent, of_two_areas):
    assert of_two_areas.get(f"/review/{sent.pk}/correct?spot=focal@").status_code == 403
    told = {"by": viewer_of_user(User.objects.get(username="two")), "submission": Submission.objects.get()}
    with pytest.raises(NotAllowed):
        correct(path="focal", rows=(), value="Aly", reason="autre", **told)
    assert correct(path="village", rows=(), value="Bamba", reason="autre", **told).pk


LATER = FORM.replace("| hh           | 1 ", "| hh           | 2 ").encode()


def test_what_a_later_version_protects_is_measured_in_no_version(phone, sign_in, mali):
    publish_form(by=OPERATOR, source=FORM.encode(), filename="hh.md", personal="no")
    phone.send(XML.format(version="1", key="a").encode(), FILES)
    look_at_all()
    first = Interview.objects.get()
    assert first.lat == 16.27
    client = sign_in("information_officer")
    assert "<svg" in page(client, f"/review/{first.submission_id}/")
    publish_form(by=OPERATOR, source=LATER, filename="hh.md", classes={"gps": "S3"}, personal="no")
    assert "<svg" not in page(client, f"/review/{first.submission_id}/"), "even before it is measured anew"
    phone.send(XML.format(version="1", key="b").encode(), FILES)
    while look_at_recent():
        pass
    assert list(Interview.objects.values_list("lat", "lon", "away_km")) == [(None, None, None)] * 2
    kept = set(Interview.objects.values_list("pk", flat=True))
    look_at_all()
    assert set(Interview.objects.values_list("pk", flat=True)) == kept, "once"


def test_files_made_before_an_answer_was_protected_go(phone, monkeypatch):
    publish_form(by=OPERATOR, source=FORM.encode(), filename="hh.md", personal="no")
    phone.send(XML.format(version="1", key="a").encode())
    form = Submission.objects.get().form_version.form
    made, path = export(form)
    assert b"Hamsatou" in _unpacked(path)
    waiting, _ = export(form, work=False)
    monkeypatch.setattr(exporting, "SLICE_SECONDS", -1)
    exporting.export_some()
    publish_form(by=OPERATOR, source=LATER, filename="hh.md", classes={"nom_cm": "S3"}, personal="no")
    run_until_idle(["confidential", "exports"])
    made.refresh_from_db()
    assert (made.state, made.code, path.exists()) == ("gone", "desk.export_protected", False)
    waiting.refresh_from_db()
    assert waiting.state == "done", "made again, without it"
    assert b"Hamsatou" not in _unpacked(queries.export_file(OPERATOR, waiting))
    run_until_idle(["confidential"])
    assert queries.export_file(OPERATOR, waiting), "once"


def test_what_found_no_column_is_protected_too(phone, tmp_path):
    """Answers to a question that only a later version asks, sent under the name of the first."""
    publish_form(by=OPERATOR, source=FORM.encode(), filename="hh.md", personal="no")
    more = "<ami>Fanta</ami><ami>Oumou</ami><autre>Niono</autre><meta>"
    phone.send(XML.format(version="1", key="a").replace("<meta>", more).encode())
    form = Submission.objects.get().form_version.form
    assert b"Oumou" in _unpacked(export(form)[1])
    ami = "| | text | ami | Nom de l'ami | |\n| settings |"
    later = LATER.decode().replace("| settings |", ami)
    publish_form(by=OPERATOR, source=later.encode(), filename="h.md", classes={"ami": "S3"}, personal="no")
    for _swept in (False, True):
        everything = _unpacked(export(form)[1])
        assert b"Niono" in everything and b"Fanta" not in everything and b"Oumou" not in everything
        forget_confidential()
        assert not _tables(tmp_path, b"Oumou")
