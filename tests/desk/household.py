"""A form in two versions with all that is hard to export, and instances of it. Everything in it is invented."""

import hashlib
import io
import zipfile

from taama.base.models import new_id
from taama.base.policy import OPERATOR
from taama.base.work import run_until_idle
from taama.collect.actions.desk import Arrival
from taama.collect.actions.receive import receive
from taama.collect.methods.instance import read_instance
from taama.desk.actions.exporting import ask_export
from taama.desk.models import Export
from taama.desk.queries import exports as queries

HEAD = """
| survey |                        |            |                     |                 |
|        | type                   | name       | label::Français (fr) | label::English (en) |
|        | start                  | start      |                     |                 |
|        | text                   | chief      | Chef de ménage      | Household head  |
"""
FIRST = """|        | integer                | size       | Taille              | Size            |
|        | text                   | old_note   | Remarque            | Remark          |
"""
SECOND = """|        | integer                | household_size | Taille          | Size            |
"""
TAIL = """|        | decimal                | income     | Revenu              | Income          |
|        | date                   | arrival    | Arrivée             | Arrival         |
|        | select_one status      | status     | Statut              | Status          |
|        | select_multiple need   | needs      | Besoins             | Needs           |
|        | geopoint               | place      | Lieu                | Place           |
|        | geotrace               | path       | Trajet              | Path            |
|        | image                  | photo      | Photo               | Photo           |
|        | note                   | thanks     | Merci               | Thank you       |
|        | begin_group            | living     | Vie                 | Living          |
|        | begin_repeat           | member     | Membre              | Member          |
|        | text                   | name       | Nom                 | Name            |
|        | integer                | age        | Âge                 | Age             |
|        | begin_repeat           | illness    | Maladie             | Illness         |
|        | text                   | what       | Laquelle            | Which           |
|        | end_repeat             |            |                     |                 |
|        | end_repeat             |            |                     |                 |
|        | end_group              |            |                     |                 |
| choices |           |      |                     |                 |
|         | list_name | name | label::Français (fr) | label::English (en) |
|         | status    | idp  | Déplacé             | Displaced       |
|         | status    | ret  | Retourné            | Returned        |
|         | need      | food | Vivres              | Food            |
{extra}|         | need      | wash | Eau et hygiène      | Water           |
| settings |         |         |            |
|          | form_id | version | form_title |
|          | hh      | {version} | Ménages    |
"""
REMOVED = "|         | need      | nfi  | Non alimentaire     | Non-food        |\n"
FORM_1 = HEAD + FIRST + TAIL.format(version="1", extra=REMOVED)
FORM_2 = HEAD + SECOND + TAIL.format(version="2", extra="")


def instance(key, body, version="2", more=""):
    meta = f"<meta><instanceID>{key}</instanceID>{more}</meta>"
    return f'<data id="hh" version="{version}">{body}{meta}</data>'.encode()


ADAMA = instance(
    "uuid:adama",
    "<start>2026-03-01T10:00:00.500+01:00</start><chief>=HYPERLINK(1)</chief><size>7</size><old_note>été ☀ N'Tji</old_note>"
    "<income>12.5</income><arrival>2026-02-28</arrival><status>idp</status><needs>nfi wash</needs>"
    "<place>14.5 -4.2 260.0 5.0</place><path>14 -4 0 0;14.1 -4.1 0 0</path><photo>1.jpg</photo><thanks/>"
    "<living><member><name>Awa</name><age>30</age><illness><what>palu</what></illness><illness><what>+223</what></illness>"
    "</member><member><name>Bou</name><age>trois</age></member></living>",
    version="1",
)
BINTA = instance(
    "uuid:binta",
    '<chief>Binta "B", fille\nde Oumar</chief><household_size>4</household_size><status>host</status><needs>food</needs>'
    "<living><member><name>-5</name><age>3</age><illness><what/></illness></member></living><surprise kind='x'>boo</surprise>",
)
EMPTY = instance("uuid:empty", "<chief/><household_size/><living/>")


def send(*instances, by=OPERATOR):
    arrivals = [Arrival(by, raw, hashlib.sha256(raw).hexdigest(), read_instance(raw)) for raw in instances]
    return receive(by=by, arrivals=arrivals)


def export(form, format="csv", language="fr", by=OPERATOR, filters=None, work=True, **options):
    """Ask for a file and have it made. Returns (Export, path)."""
    asked = ask_export(
        by=by,
        key=new_id(),
        form=form,
        format=format,
        language=language,
        options=options,
        filters=filters or {},
    )
    if work:
        run_until_idle(["exports"])
    asked = Export.objects.get(pk=asked.pk)
    return asked, queries.export_file(by, asked)


def members(path):
    """Name → bytes of the files in a zip."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def rows(content):
    """A CSV file as dicts."""
    import csv

    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
