"""Forms that fill and read lists, and what phones send for them. All people are simulated."""

import uuid

UUID = "12345678-1234-4123-8234-123456789abc"
OTHER = "12345678-1234-4123-8234-123456789ddd"

TREE = """
| survey |      |      |       |         |
|        | type | name | label | save_to |
|        | start | start |     |         |
|        | end  | end  |       |         |
|        | select_one_from_file trees.csv | tree | Arbre | |
|        | text | species | Espèce | species |
|        | integer | circ | Tour | circumference_cm |
| settings | | | | |
|        | form_id | version | | |
|        | tree | 1 | | |
| entities | | | | |
|        | list_name | entity_id | create_if | update_if | label |
|        | trees | coalesce(${tree}, uuid()) | ${tree} = '' | ${tree} != '' | ${species} |
"""
CENSUS = """
| survey |      |      |       |         |
|        | type | name | label | save_to |
|        | text | hh   | Ménage | households#hh_id |
|        | begin_repeat | member | Membre | |
|        | text | full | Nom   | people#full_name |
|        | begin_group | g | Suite | |
|        | integer | age | Âge | people#age |
|        | end_group | | | |
|        | end_repeat | | | |
| settings | | | | |
|        | form_id | version | | |
|        | census | 1 | | |
| entities | | | | |
|        | list_name | label | | |
|        | households | ${hh} | | |
|        | people | ${full} | | |
"""


AID = """
| survey |      |      |       |         |
|        | type | name | label | save_to |
|        | select_one_from_file households.csv | which | Ménage | |
|        | begin_group | site | Site | |
|        | text | place | Lieu | sites#place |
|        | begin_group | served | Servi | |
|        | integer | size | Taille | households#size |
|        | end_group | | | |
|        | end_group | | | |
|        | begin_repeat | visit | Visite | |
|        | text | day | Jour | |
|        | begin_repeat | parcel | Colis | |
|        | text | kit | Kit | parcels#kit |
|        | end_repeat | | | |
|        | end_repeat | | | |
| settings | | | | |
|        | form_id | version | | |
|        | aid  | 1    |       |         |
| entities | | | | |
|        | list_name | entity_id | create_if | update_if | label |
|        | sites | | | | ${place} |
|        | households | ${which} | | ${which} != '' | |
|        | parcels | | | | ${kit} |
"""


def aid(household, site, parcels):
    """A site is made, a household changed, and of two visits three parcels are made: three lists in one submission."""
    made = [
        f"""<parcel><kit>K{n}</kit><meta><entity dataset="parcels" create="1" id="{one}"><label>K{n}</label>
        </entity></meta></parcel>"""
        for n, one in enumerate(parcels)
    ]
    return f"""<?xml version='1.0'?><data id="aid" version="1"><which>{household}</which><site><place>Soye</place>
    <served><size>7</size><meta><entity dataset="households" update="1" baseVersion="1" trunkVersion="1"
    branchId="{OTHER}" id="{household}"><label/></entity></meta></served>
    <meta><entity dataset="sites" create="1" id="{site}"><label>Soye</label></entity></meta></site>
    <visit><day>1</day>{made[0]}{made[1]}</visit><visit><day>2</day>{made[2]}</visit>
    <meta><instanceID>uuid:{uuid.uuid4()}</instanceID></meta></data>""".encode()


def census(instance_id="uuid:census-1", household=None, members=None):
    """A household with two members, the second without age."""
    household = household or str(uuid.uuid4())
    first, second = members or (str(uuid.uuid4()), str(uuid.uuid4()))
    return f"""<?xml version='1.0'?><data id="census" version="1"><hh>H-7</hh>
    <member><full>Awa</full><g><age>34</age></g><meta><entity dataset="people" create="1" id="{first}"><label>Awa</label></entity></meta></member>
    <member><full>Oumar</full><meta><entity dataset="people" create="1" id="{second}"><label>Oumar</label></entity></meta></member>
    <meta><entity dataset="households" create="1" id="{household}"><label>H-7</label></entity>
    <instanceID>{instance_id}</instanceID></meta></data>""".encode()


def xform(entity, version="2024.1.0", form="people", number="1", extra=""):
    """An XForm about people, with this entity element in its meta block."""
    spec = f'entities:entities-version="{version}"' if version else ""
    return f"""<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:entities="http://www.opendatakit.org/xforms/entities"><h:head><h:title>{form}</h:title><model {spec}>
<instance><data id="{form}" version="{number}"><name/><age/><status/><zone/><meta>{entity}<instanceID/></meta></data></instance>
{extra}<bind nodeset="/data/name" entities:saveto="first_name"/><bind nodeset="/data/age" entities:saveto="age"/>
<bind nodeset="/data/status" entities:saveto="status"/><bind nodeset="/data/zone" entities:saveto="zone"/>
</model></h:head><h:body/></h:html>""".encode()


ALL = '<entity dataset="people" id="" create="" update="" baseVersion="" trunkVersion="" branchId=""><label/></entity>'
PEOPLE = xform(ALL, extra='<instance id="people" src="jr://file-csv/people.csv"/>')


def person(
    instance_id=None, entity=UUID, create="", update="", base="", trunk="", branch="", label="", answers=None,
    form="people", version="1", deprecated="",
):  # fmt: skip
    """What a phone sends about one person."""
    said = "".join(f"<{name}>{value}</{name}>" for name, value in (answers or {}).items())
    former = f"<deprecatedID>{deprecated}</deprecatedID>" if deprecated else ""
    return f"""<?xml version='1.0'?><data id="{form}" version="{version}">{said}<meta>
    <instanceID>{instance_id or f"uuid:{uuid.uuid4()}"}</instanceID>{former}<entity dataset="people" id="{entity}"
    create="{create}" update="{update}" baseVersion="{base}" trunkVersion="{trunk}" branchId="{branch}"><label>{label}</label></entity>
    </meta></data>""".encode()
