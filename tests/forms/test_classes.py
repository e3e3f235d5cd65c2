"""The class of each question: told by the sheet, the command or the page, and asked for where a question seems personal."""

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from taama.base.errors import TaamaError
from taama.base.models import User
from taama.base.policy import OPERATOR
from taama.base.viewers import viewer_of_user
from taama.forms.actions.publishing import publish_form
from taama.forms.commands import form
from taama.forms.methods.classing import answers_at, personal_questions, without
from taama.forms.methods.converting import compile_form
from taama.forms.methods.outline import read_outline
from taama.forms.models import FormVersion
from tests.forms.seen import page

HEAD = "| survey |\n| | type | name | label | sensibilité | calculation | save_to |\n"
TAIL = "| settings |\n| | form_id | version | form_title |\n| | menages | {} | Ménages |\n"
TEL = "| | text | tel | Téléphone | {} | | |\n"
HOUSEHOLD = "| | begin_group | cm | Chef de ménage | S3 | | |\n| | text | nom | Nom | | | |\n| | end_group | | | | | |\n"
WHO = "| | text | qui | Nom du répondant | | | |\n"
GBV = "| | select_one oui | vbg | Victime de VBG ? | {} | | |\n| choices |\n| | list_name | name | label |\n| | oui | oui | Oui |\n"
ENTITIES = "| entities |\n| | list_name | label |\n| | menages | ${nom} |\n"


def sheet(*rows, version=1):
    return (HEAD + "".join(rows) + TAIL.format(version)).encode()


def classes(*rows, **options):
    return publish_form(by=OPERATOR, source=sheet(*rows), filename="f.md", **options).classes


def refused(code, *rows, **options):
    with pytest.raises(TaamaError, match=code) as error:
        classes(*rows, **options)
    return error.value.values


def run(tmp_path, source, *options):
    path = tmp_path / "f.md"
    path.write_bytes(source)
    return CliRunner().invoke(form, ["publish", str(path), *options])


def test_the_sheet_tells_and_a_group_tells_for_what_lies_in_it(db):
    assert classes(HOUSEHOLD, TEL.format("S3")) == {"cm/nom": 3, "tel": 3}
    version = FormVersion.objects.get()
    assert b"sensib" not in bytes(version.xform), "phones need not know"


def test_what_nobody_decided_is_named_with_its_row(db):
    assert refused("class_undecided", HOUSEHOLD, TEL.format(""))["questions"] == ["tel (6)"]
    assert classes(TEL.format("non")) == {}


def test_a_word_that_is_no_class_is_a_fault_of_its_row(db):
    with pytest.raises(TaamaError, match="class_unknown") as error:
        classes(TEL.format("secret"))
    assert error.value.where.row == 3


def test_what_could_cost_a_life_is_refused_and_can_be_lowered_by_a_person_only(db):
    assert refused("class_undecided", GBV.format(""))
    assert refused("question_critical", GBV.format(""), personal="offered")["questions"] == ["vbg (3)"]
    assert classes(GBV.format("S3")) == {"vbg": 3}


def test_a_list_that_phones_carry_takes_no_confidential_answer(db):
    rows = ("| | text | nom | Nom du chef de ménage | S3 | | {} |\n", ENTITIES)
    assert refused("list_confidential", rows[0].format(""), rows[1])["questions"] == ["nom (3)"]
    other = ENTITIES.replace("${nom}", "${village}") + ""
    village = "| | text | village | Village | | | |\n"
    assert refused("list_confidential", rows[0].format("nom"), village, other)


def test_a_list_takes_nothing_that_another_version_protects_either(db):
    nom = "| | text | nom | Nom du chef de ménage | {} | | {} |\n"
    village = ENTITIES.replace("${nom}", "${village}")
    rows = ("| | text | village | Village | | | |\n", nom.format("S3", ""))
    classes(*rows)
    saved = sheet(rows[0], nom.format("non", "nom"), village, version=2)
    with pytest.raises(TaamaError, match="list_confidential"):
        publish_form(by=OPERATOR, source=saved, filename="f.md")
    again = sheet(rows[0], nom.format("non", ""), village, version=2)
    assert publish_form(by=OPERATOR, source=again, filename="f.md").classes == {}


def test_what_is_worked_out_of_a_confidential_answer_is_asked_for_too(db):
    who = "| | calculate | salut | | | concat('Bonjour ', ${tel}) | |\n"
    known = "| | calculate | joignable | | | if(${tel} != '', 1, 0) | |\n"
    assert refused("class_undecided", TEL.format("S3"), who, known)["questions"] == ["salut (4)"]
    assert classes(TEL.format("non"), who, known) == {}


COPIES = """
| survey |
| | type         | name    | label     | sensibilité | trigger | calculation                     | default |
| | text         | tel     | Téléphone | S3          |         |                                 |         |
| | text         | qui     | Qui       | non         |         |                                 |         |
| | begin_repeat | cm      | Chefs     |             |         |                                 |         |
| | text         | nom     | Nom       | S3          |         |                                 |         |
| | integer      | n       | Combien   |             |         |                                 |         |
| | end_repeat   |         |           |             |         |                                 |         |
| | text         | copie   | Rappel    |             |         |                                 | ${tel}  |
| | calculate    | suivi   |           |             | ${qui}  | concat('+223 ', ${tel})         |         |
| | calculate    | tout    |           |             |         | string(${cm})                   |         |
| | calculate    | combien |           |             |         | count(${cm})                    |         |
| | calculate    | rang    |           |             |         | indexed-repeat(${n}, ${cm}, 1)  |         |
| | calculate    | premier |           |             |         | sum(${cm}[position() = 1]/n)    |         |
"""


def test_what_a_phone_copies_once_or_by_the_group_is_asked_for_too(db):
    source = (COPIES + TAIL.format(1)).encode()
    outline = read_outline(compile_form(source, "f.md").xform)
    found = personal_questions(outline, {"tel": "S3", "cm/nom": "S3"})
    carried = {one.path: one.offered for one in found if one.reason == "carried"}
    assert carried == {"copie": "S3", "suivi": "S3", "tout": "S3"}


def test_the_command_line_decides_by_name_or_for_all(db, tmp_path):
    done = run(tmp_path, sheet(HOUSEHOLD, TEL.format("")), "--class", "S1", "--class", "tel=S3")
    assert done.exit_code == 0, done.exception
    version = FormVersion.objects.get()
    assert version.classes == {"cm/nom": 3, "tel": 3} and version.form.sensitivity_class == 1
    assert run(tmp_path, sheet(TEL.format(""), version=2)).exception.code == "forms.class_undecided"
    assert (
        run(tmp_path, sheet(TEL.format(""), version=2), "--class", "mobile=S3").exception.code
        == "forms.question_unknown"
    )
    assert (
        run(tmp_path, sheet(TEL.format(""), version=2), "--class", "tel=S7").exception.code
        == "xlsforms.class_unknown"
    )
    assert run(tmp_path, sheet(TEL.format(""), version=2), "--personal", "no").exit_code == 0


def test_only_who_may_see_the_answers_makes_them_less_protected(sign_in):
    def again(role, area="", **options):
        sign_in(role, area)
        by = viewer_of_user(User.objects.get(username=f"{role}{area}"))
        return publish_form(by=by, source=sheet(TEL.format(""), WHO), filename="f.md", **options).classes

    assert classes(TEL.format(""), WHO, classes={"tel": "S3", "qui": "no"}) == {"tel": 3}
    assert again("information_officer", personal="no") == {"tel": 3}
    assert again("administrator", classes={"tel": "S1", "qui": "S3"}) == {"tel": 3, "qui": 3}
    assert again("data_manager", classes={"tel": "no", "qui": "S3"}) == {"qui": 3}


def test_a_class_that_there_is_not_is_a_clear_answer(sign_in, bring):
    answer = sign_in().post(f"{bring(sheet(TEL.format('')))}publish", {"class:tel": "S9"})
    assert answer.status_code == 400 and "S9" in answer.content.decode()


def test_the_pages_warn_offer_and_take_the_decision(sign_in, bring):
    client = sign_in()
    draft = bring(sheet(TEL.format("")))
    assert "téléphone ou adresse électronique d'une personne" in page(client, draft)
    assert "réponses inventées" in page(client, f"{draft}trial/")
    asked = page(client, f"{draft}publish")
    assert 'name="class:tel"' in asked and '<option value="S3" selected>' in asked
    assert client.post(f"{draft}publish").status_code == 400, "nobody decides by leaving out"
    assert client.post(f"{draft}publish", {"class:tel": "S3", "sensitivity": "S2"}).status_code == 302
    version = FormVersion.objects.get()
    assert version.classes == {"tel": 3}
    assert "Questions confidentielles (S3)" in page(client, f"/forms/{version.form_id}/")
    later = page(client, f"{bring(sheet(TEL.format(''), version=2))}publish")
    assert "effacez ces fiches" in later and "effacez ces fiches" not in asked


@pytest.mark.parametrize("tool", ["location_assessment", "flow_registry"])
def test_our_own_forms_ask_for_nobody(tool, settings):
    source = (settings.PACKAGE / "mobility" / "tools" / tool / "form.md").read_bytes()
    assert personal_questions(read_outline(compile_form(source, "form.md").xform), {}) == []


@given(st.lists(st.tuples(st.sampled_from(["nom", "n"]), st.text("abc é", min_size=1)), max_size=6))
def test_nothing_of_a_hidden_answer_stays_and_nothing_else_goes(answers):
    body = "".join(f"<hh><{name}>{text}</{name}></hh>" for name, text in answers)
    raw = f"<data>{body}</data>".encode()
    left = without(raw, {"hh/nom"}, "")
    assert answers_at(left, {"hh/nom"}) == set()
    assert answers_at(left, {"hh/n"}) == answers_at(raw, {"hh/n"})
    assert without(b"<data><nom>Awa", {"nom"}, "") == b"", "what can't be read is not shown"
