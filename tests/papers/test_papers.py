"""A form on paper: what people need to fill it in without a phone, in both languages, and readable by machines."""

import io

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from taama.base.policy import OPERATOR
from taama.forms.actions.publishing import publish_form
from taama.forms.methods.converting import compile_form
from taama.forms.methods.outline import GROUP, QUESTION, Choice, Node, Outline, read_outline
from taama.papers.commands import form
from taama.papers.methods.paper import paper
from taama.papers.pdf.build import paper_pdf

FORM = """
| survey   |                    |         |                      |                     |                      |          |                |              |
|          | type               | name    | label::Français (fr) | label::English (en) | hint::Français (fr)  | required | relevant       | constraint   |
|          | start              | begun   |                      |                     |                      |          |                |              |
|          | begin_group        | place   | Le lieu              | The place           |                      |          |                |              |
|          | select_one oui_non | vu      | Vu ?                 | Seen?               |                      | yes      |                |              |
|          | integer            | people  | Combien à **Gao** ?  | How many in Gao?    | Sans les visiteurs   |          | ${vu} = 'oui'  | . >= 1       |
|          | end_group          |         |                      |                     |                      |          |                |              |
|          | begin_repeat       | member  | Membre               | Member              |                      |          |                |              |
|          | text               | first   | Prénom               | First name          |                      |          |                |              |
|          | select_multiple b  | needs   | Besoins de ${first}  | Needs of ${first}   |                      |          |                |              |
|          | end_repeat         |         |                      |                     |                      |          |                |              |
|          | calculate          | twice   |                      |                     |                      |          |                |              |
|          | image              | photo   | Photo                | Photo               |                      |          |                |              |
|          | note               | thanks  | Merci ✓ العربية      | Thank you           |                      |          |                |              |
| choices  |                    |         |                      |                     |
|          | list_name          | name    | label::Français (fr) | label::English (en) |
|          | oui_non            | oui     | Oui                  | Yes                 |
|          | oui_non            | non     | Non                  | No                  |
|          | b                  | eau     | Eau                  | Water               |
|          | b                  | riz     | Riz                  | Rice                |
| settings |                    |         |                      |                     |
|          | form_id            | version | form_title           |                     |
|          | count              | 7       | Comptage             |                     |
""".replace(
    "| calculate          | twice   |                      |                     |                      |          |                |              |",
    "| today              | day     |                      |                     |                      |          |                |              |",
)


@pytest.fixture(scope="module")
def xform():
    return compile_form(FORM.encode(), "f.md").xform


def questions(items):
    for item in items:
        if item["kind"] == "question":
            yield item
        yield from questions(item.get("items", ()))
        yield from item.get("columns", ())


def test_what_is_asked_is_numbered_in_order_and_what_the_phone_writes_is_left_out(xform):
    made = paper(read_outline(xform), "fr")
    shown = [(q["number"], q["label"].replace("\u202f", " "), q["answer"]) for q in questions(made["items"])]
    assert shown == [
        ("1", "Vu ?", "one"),
        ("2", "Combien à Gao ?", "short"),
        ("3", "Prénom", "line"),
        ("4", "Besoins de [Prénom]", "several"),
        ("5", "Photo", "line"),
    ]


def test_rules_stand_in_words_with_hints_and_what_must_be_answered(xform):
    vu, people = list(questions(paper(read_outline(xform), "fr")["items"]))[:2]
    assert vu["required"] and not people["required"]
    told = " ".join(people["rules"]).replace("\u202f", " ").replace("\xa0", " ")
    assert told == "Seulement si « Vu ? » est « Oui ». Réponse acceptée si : la réponse au moins 1."
    assert people["hint"] == "Sans les visiteurs"


def test_a_repeat_of_few_questions_is_a_table_with_codes(xform):
    repeat = paper(read_outline(xform), "en")["items"][1]
    assert repeat["kind"] == "repeat" and repeat["rows"] >= 5
    assert repeat["codes"] == [{"title": "Codes of question 4:", "choices": ["Water", "Rice"]}]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ["Comptage", "Vu", "Oui", "Prénom", "Merci", "Rempli par"]),
        ("en", ["Seen?", "Water", "Filled in by"]),
    ],
)
def test_the_pdf_is_tagged_in_its_language_on_a4_and_says_all(xform, language, words):
    pdf = PdfReader(io.BytesIO(paper_pdf(xform, language)))
    text = "\n".join(page.extract_text() for page in pdf.pages)
    assert all(word in text for word in words), text
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == language
    assert "pdfuaid:part" in pdf.xmp_metadata.stream.get_data().decode()
    assert [round(float(side)) for side in pdf.pages[0].mediabox[2:]] == [595, 842]
    assert paper_pdf(xform, language) == paper_pdf(xform, language), "the same form gives the same bytes"


def test_what_no_font_can_print_never_keeps_the_rest_from_being_printed(xform):
    assert paper(read_outline(xform), "fr")["items"][-1]["label"] == "Merci"


texts = st.text(max_size=30)
leaves = st.builds(
    lambda name, kind, label, hint, choices: Node(
        name,
        name,
        QUESTION,
        kind,
        {"fr": label},
        {"fr": hint},
        tuple(Choice(c, {"fr": c}) for c in choices),
        asked=True,
    ),
    st.sampled_from("abcdef"),
    st.sampled_from(
        ["text", "integer", "select_one", "select_multiple", "rank", "note", "image", "date", "acknowledge"]
    ),
    texts,
    texts,
    st.lists(texts, max_size=4),
)


@given(st.lists(leaves, min_size=1, max_size=4), texts)
@settings(max_examples=25, deadline=None)
def test_whatever_a_form_says_it_can_be_printed(found, title):
    outline = Outline("f", "1", title, ("fr",), "", Node("", "data", GROUP, children=tuple(found)))
    made = paper(outline, "fr")
    assert len(list(questions(made["items"]))) == sum(node.type != "note" for node in found)
    from taama.figures.typesetting import typeset
    from taama.papers.pdf.build import FIXED, TEMPLATE

    assert typeset(TEMPLATE, made, FIXED).startswith(b"%PDF")


@pytest.mark.django_db
def test_pages_and_the_command_line_give_it_out(sign_in, tmp_path):
    version = publish_form(by=OPERATOR, source=FORM.encode(), filename="f.md", personal="no")
    client = sign_in()
    answer = client.get(f"/forms/versions/{version.pk}/paper.fr.pdf")
    assert (
        answer["Content-Type"] == "application/pdf"
        and 'filename="count-7.fr.pdf"' in answer["Content-Disposition"]
    )
    assert client.get(f"/forms/versions/{version.pk}/paper.de.pdf").status_code == 404
    assert (
        f"/forms/versions/{version.pk}/paper.en.pdf"
        in client.get(f"/forms/{version.form_id}/").content.decode()
    )
    target = tmp_path / "paper.pdf"
    done = CliRunner().invoke(form, ["paper", "count", "-o", str(target)])
    assert done.exit_code == 0 and target.read_bytes().startswith(b"%PDF")
    client.logout()
    assert client.get(f"/forms/versions/{version.pk}/paper.fr.pdf").status_code == 302
