"""The outline of a form: what paper, review and exports are made from must be what the phone shows."""

from pathlib import Path

import pytest
from pyxform.xls2xform import convert

import taama
from taama.base.errors import MethodError
from taama.forms.methods.outline import GROUP, QUESTION, REPEAT, language_code, read_outline, text_in

FORM = """
| survey |
| | type | name | label::Français (fr) | label::English (en) | hint::Français (fr) | hint::English (en) | required | relevant | constraint | constraint_message::Français (fr) | constraint_message::English (en) | calculation | readonly | default | repeat_count | appearance | trigger |
| | start | started | | | | | | | | | | | | | | | |
| | deviceid | device | | | | | | | | | | | | | | | |
| | begin_group | place | Le lieu | The place | | | | | | | | | | | | field-list | |
| | select_one yes_no | seen | Vu ? | Seen? | Sur place | On the spot | yes | | | | | | | oui | | | |
| | select_one_from_file lieux.csv | site | Site | Site | | | | ${seen}='oui' | | | | | | | | minimal | |
| | end_group | | | | | | | | | | | | | | | | |
| | integer | count | Combien à ${site} ? | How many at ${site}? | | | | | . >= 0 | Pas négatif | Not negative | | | | | | |
| | begin_repeat | household | Ménage | Household | | | | | | | | | | | ${count} | | |
| | text | head | Nom | Name | | | | | | | | | | | | | |
| | select_multiple needs | needs | Besoins | Needs | | | | | | | | | | | | | |
| | image | photo | Photo | Photo | | | | | | | | | | | | | |
| | end_repeat | | | | | | | | | | | | | | | | |
| | calculate | total | | | | | | | | | | ${count} * 2 | | | | | |
| | note | thanks | Merci | Thanks | | | | | | | | | | | | | |
| | geopoint | position | Position | Position | | | | | | | | | | | | | |
| | rank needs | order | Priorité | Priority | | | | | | | | | | | | | |
| choices |
| | list_name | name | label::Français (fr) | label::English (en) |
| | yes_no | oui | Oui | Yes |
| | yes_no | non | Non | No |
| | needs | eau | Eau | Water |
| | needs | abri | Abri | Shelter |
| settings |
| | form_id | version | form_title | default_language |
| | visite | 7 | Visite de site | Français (fr) |
"""


@pytest.fixture(scope="module")
def outline():
    return read_outline(convert(xlsform=FORM, file_type=".md", validate=False).xform.encode())


def found(outline, path):
    return next(node for node in outline.root.walk() if node.path == path)


def test_a_form_names_itself_and_its_languages(outline):
    assert (outline.form_id, outline.version, outline.title) == ("visite", "7", "Visite de site")
    assert outline.languages == ("Français (fr)", "English (en)")


def test_every_answer_stands_in_the_forms_order_with_its_type(outline):
    answers = [(q.path, q.type) for q in outline.questions() if not q.path.startswith("meta/")]
    assert answers == [
        ("started", "start"), ("device", "deviceid"), ("place/seen", "select_one"), ("place/site", "select_one"),
        ("count", "integer"), ("household/head", "text"), ("household/needs", "select_multiple"),
        ("household/photo", "image"), ("total", "calculate"), ("thanks", "note"), ("position", "geopoint"),
        ("order", "rank"),
    ]  # fmt: skip


def test_groups_and_repeats_are_told_apart(outline):
    kinds = {node.path: node.kind for node in outline.root.walk()}
    assert (kinds["place"], kinds["household"], kinds["count"]) == (GROUP, REPEAT, QUESTION)
    assert found(outline, "household").label("fr") == "Ménage"
    assert found(outline, "household").repeat_count


def test_both_languages_of_labels_hints_choices_and_messages(outline):
    seen = found(outline, "place/seen")
    assert (seen.label("fr"), seen.label("en")) == ("Vu ?", "Seen?")
    assert text_in(seen.hints, ["fr"]) == "Sur place"
    assert [(c.name, text_in(c.labels, ["fr"]), text_in(c.labels, ["en"])) for c in seen.choices] == [
        ("oui", "Oui", "Yes"),
        ("non", "Non", "No"),
    ]
    assert text_in(found(outline, "count").constraint_messages, ["en"]) == "Not negative"


def test_where_a_language_has_no_text_the_other_stands_and_not_the_compilers_dash():
    source = (
        FORM.replace("| How many at ${site}? |", "| |")
        .replace("| Not negative |", "| |")
        .replace("| Water |", "| |")
    )
    untold = read_outline(convert(xlsform=source, file_type=".md", validate=False).xform.encode())
    count = found(untold, "count")
    assert (count.label("en"), text_in(count.constraint_messages, ["en"])) == (
        "Combien à ${site} ?",
        "Pas négatif",
    )
    water = found(untold, "household/needs").choices[0]
    assert text_in(water.labels, ["en"]) == "Eau"


def test_an_answer_within_a_text_is_written_by_its_name(outline):
    assert found(outline, "count").label("fr") == "Combien à ${site} ?"


def test_what_the_form_asks_of_an_answer(outline):
    seen, site, count = (found(outline, path) for path in ("place/seen", "place/site", "count"))
    assert (seen.required, seen.default) == ("true()", "oui")
    assert "place/seen" in site.relevant
    assert (site.file, site.choices, site.appearance) == ("lieux.csv", (), "minimal")
    assert count.constraint == ". >= 0"
    assert found(outline, "total").calculate


def test_what_people_see_is_told_from_what_the_phone_writes(outline):
    unseen = {q.path for q in outline.questions() if not q.asked}
    assert unseen == {"started", "device", "total", "meta/instanceID"}


def test_a_form_without_languages_has_its_labels():
    form = "|survey|||\n||type|name|label|\n||select_one l|a|Combien ?|\n|choices|||\n||list_name|name|label|\n||l|x|Dix|\n"
    form += "|settings|||\n||form_id|version|\n||f|1|"
    only = read_outline(convert(xlsform=form, file_type=".md", validate=False).xform.encode())
    assert only.languages == ()
    assert (only.questions()[0].label("fr"), only.questions()[0].choices[0].name) == ("Combien ?", "x")
    assert text_in(only.questions()[0].choices[0].labels, ["fr"]) == "Dix"


def test_a_repeat_that_stands_twice_as_old_forms_write_it_is_one():
    """Older XForms carry a template and a first instance of each repeat."""
    xform = (
        '<h:html xmlns:h="http://www.w3.org/1999/xhtml" xmlns="http://www.w3.org/2002/xforms" '
        'xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>T</h:title><model><instance><data id="old">'
        '<child jr:template=""><name/></child><child><name/></child></data></instance>'
        '<bind nodeset="/data/child/name" type="string"/></model></h:head><h:body><group ref="/data/child">'
        '<label>Enfant</label><repeat nodeset="/data/child"><input ref="/data/child/name"><label>Nom</label></input>'
        "</repeat></group></h:body></h:html>"
    )
    outline = read_outline(xform.encode())
    assert [(node.path, node.kind, node.label("fr")) for node in outline.root.walk()] == [
        ("", GROUP, ""), ("child", REPEAT, "Enfant"), ("child/name", QUESTION, "Nom"),
    ]  # fmt: skip


@pytest.mark.parametrize("tool", ["location_assessment", "flow_registry"])
def test_our_own_forms_have_every_text_in_both_languages(tool):
    source = Path(taama.__file__).parent / "mobility" / "tools" / tool / "form.md"
    outline = read_outline(
        convert(xlsform=source.read_text(), file_type=".md", validate=False).xform.encode()
    )
    for node in outline.root.walk():
        texts = [node.labels, node.hints, node.constraint_messages, *(c.labels for c in node.choices)]
        for text in filter(None, texts):
            assert {language_code(name) for name in text} == {"fr", "en"}, node.path


def test_what_is_no_form_is_refused():
    with pytest.raises(MethodError) as error:
        read_outline(b"<data id='f'/>")
    assert error.value.code == "forms.not_an_xform"
